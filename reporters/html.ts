import type { Resource } from '../api/protocol/resource.ts'
import type { Record } from '../runtime/record/record.ts'
import { explainFinding } from './explain-finding.ts'
import { createPool, type Pool } from './html/create-pool.ts'
import { page } from './html/page.ts'
import type { PageIndex, PageRun, PageScenario } from './html/page-data.ts'
import { packRecord } from './packed/pack-record.ts'
import type { PackedObject } from './packed/packed-record.ts'
import { createPaint } from './paint.ts'
import { positionOf } from './position.ts'
import { replayCommand } from './replay-command.ts'
import type { ReportContext, Reporter } from './reporter.ts'
import { scenarioName } from './scenario-name.ts'
import { summarize } from './summary.ts'

const scenarioOf = (record: Record, context: ReportContext): PageScenario => ({
  name: scenarioName(record),
  file: record.span.file,
  line: positionOf(record.span, context.sources).line,
  tags: record.tags,
  verdict: record.verdict,
  note: record.note ?? null,
  duration: record.duration,
})

interface Pools {
  readonly resources: Pool<Resource>
  readonly objects: Pool<PackedObject>
}

const runOf = (record: Record, context: ReportContext, pools: Pools): PageRun => {
  const { choices: _choices, resources, start, ...packed } = packRecord(record)
  return {
    ...packed,
    resources: resources.map(pools.resources.place),
    start: start === null ? null : { revision: start.revision, objects: start.objects.map(pools.objects.place) },
    replay: replayCommand(record, context.sources),
    findings: record.findings.map((finding) => ({
      severity: finding.severity,
      code: finding.code,
      message: finding.message,
      at: finding.at,
      text: explainFinding(record, finding, { context, paint: createPaint(false) }),
      subjects: finding.subjects,
    })),
    sentences: record.sentences.map(({ text, span, began, ended, deadline, held }) => ({
      text,
      line: positionOf(span, context.sources).line,
      began,
      ended,
      deadline: deadline ?? null,
      held,
    })),
  }
}

/** One self-contained page with everything that happened, to be looked at instant by instant. */
export const html: Reporter = {
  name: 'html',
  description: 'one self-contained page with the cluster at every instant',
  record: () => '',
  end(records, context) {
    const plain = { ...context, color: false }
    const index: PageIndex = {
      schemaVersion: 1,
      kscn: context.version,
      interrupted: context.interrupted,
      elapsedMs: context.elapsed ?? null,
      summary: summarize(records),
      scenarios: records.map((record) => scenarioOf(record, plain)),
    }
    const pools: Pools = { resources: createPool(), objects: createPool() }
    const runs = records.map((record) => runOf(record, plain, pools))
    return page(index, { resources: pools.resources.values, objects: pools.objects.values }, runs)
  },
}
