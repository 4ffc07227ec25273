import type { Record } from '../runtime/record/record.ts'
import { explainFinding } from './explain-finding.ts'
import { page } from './html/page.ts'
import type { PageIndex, PageRun, PageScenario } from './html/page-data.ts'
import { packRecord } from './packed/pack-record.ts'
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

const runOf = (record: Record, context: ReportContext): PageRun => {
  const { choices: _choices, ...packed } = packRecord(record)
  return {
    ...packed,
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
    return page(
      index,
      records.map((record) => runOf(record, plain)),
    )
  },
}
