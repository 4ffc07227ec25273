import { structuralHash } from '../api/json/structural-hash.ts'
import type { ScenarioPlan } from '../dsl/plan/plan.ts'
import { positionOf } from '../reporters/position.ts'
import type { ReportContext } from '../reporters/reporter.ts'
import { traceObject } from '../reporters/trace.ts'
import { visibleText } from '../reporters/visible-text.ts'
import { whyPlacement } from '../reporters/why-placement.ts'
import { createCluster } from './create-cluster.ts'
import type { Record } from '../runtime/record/record.ts'
import { judgeRows } from '../runtime/runner/judge-rows.ts'
import { runInSlices } from '../runtime/runner/run-scenario.ts'
import { compileTargets } from './compile-targets.ts'
import { defaultWorkers, exploreProperty } from './explore.ts'
import { exitCode, type ExitCode } from './exit-code.ts'
import { explainedPods } from './explained-pods.ts'
import { findScenarios } from './find-scenarios.ts'
import { loadScripts } from './load-scripts.ts'
import { createProgress } from './progress.ts'
import { reportBug } from './report-bug.ts'
import { readShard } from './read-shard.ts'
import { readStrategy } from './read-strategy.ts'
import { runAlone } from './run-alone.ts'
import { regressionOf, saveRegression } from './save-regression.ts'
import { reporterOutputs } from './reporter-outputs.ts'
import { selectScenarios } from './select-scenarios.ts'
import { createSnapshotFiles } from './snapshot-files.ts'
import { terminalOf } from './terminal.ts'
import { watchInterrupt } from './watch-interrupt.ts'

export interface RunFlags {
  readonly filter?: string
  readonly tag?: readonly string[]
  readonly seed: string
  readonly reporter?: readonly string[]
  readonly trace?: string
  readonly why?: string
  /** Of properties. */
  readonly runs?: number
  readonly time?: number
  readonly workers?: number
  readonly shard?: string
  readonly strategy?: string
  readonly saveRegressions?: boolean
  readonly bail?: boolean
  readonly update?: boolean
  readonly strict?: boolean
  readonly ci: boolean
  readonly deterministic?: boolean
  readonly color?: boolean
}

const holds = (record: Record, strict: boolean): boolean =>
  record.verdict === 'PASS' || record.verdict === 'SKIP' || (record.verdict === 'VACUOUS' && !strict)

const isRowOf = (a: ScenarioPlan, b: ScenarioPlan): boolean =>
  a.span.file === b.span.file && a.span.start === b.span.start

const nameOf = (scenario: ScenarioPlan): string => `${scenario.title}${scenario.row === '' ? '' : ` ${scenario.row}`}`

/** Files of which every scenario ran to its end: a snapshot that none of them took is obsolete. */
const filesRunWhole = (scenarios: readonly ScenarioPlan[], records: readonly Record[]): ReadonlySet<string> => {
  const ended = new Map<string, number>()
  for (const { span, verdict } of records)
    if (verdict === 'PASS' || verdict === 'VACUOUS') ended.set(span.file, (ended.get(span.file) ?? 0) + 1)
  const files = new Set(scenarios.map((one) => one.span.file))
  return new Set(
    [...files].filter((file) => scenarios.filter((one) => one.span.file === file).length === ended.get(file)),
  )
}

/** Compiles, runs and reports. Everything that finished is reported, also after Ctrl-C. */
export const run = async (
  paths: readonly string[],
  flags: RunFlags,
  version: string,
  heard?: (record: Record) => void,
): Promise<ExitCode> => {
  const started = process.hrtime.bigint()
  const terminal = terminalOf(process.stdout, flags.color)
  const targets = findScenarios(paths)
  let sources: ReadonlyMap<string, string> = new Map()
  const contextFor = (toFile: boolean, interrupted: boolean): ReportContext => ({
    sources,
    color: !toFile && terminal.color,
    width: toFile ? 100 : terminal.width,
    version,
    elapsed: flags.deterministic === true ? undefined : Number(process.hrtime.bigint() - started) / 1e6,
    interrupted,
  })
  const outputs = reporterOutputs(flags.reporter ?? ['pretty'], contextFor)
  const compiled = compileTargets(targets, flags.color)
  if (compiled.plan === undefined) return exitCode.wrong
  sources = compiled.sources
  const chosen = selectScenarios(
    compiled.plan.scenarios,
    targets,
    { filter: flags.filter, tags: flags.tag ?? [], ci: flags.ci },
    sources,
  )

  const explain = flags.why === undefined ? undefined : explainedPods(flags.why)
  const scripts = await loadScripts(chosen.flatMap((one) => one.modules))
  const explaining: typeof createCluster = (spec, behaviors, options) =>
    createCluster(spec, behaviors, { ...options, scripts, ...(explain === undefined ? {} : { explain }) })

  const shard = readShard(flags.shard)
  const strategy = readStrategy(flags.strategy)
  const progress = createProgress(process.stderr, flags.ci || !process.stdout.isTTY)
  const interrupt = watchInterrupt()
  const records: Record[] = []
  const rows: Record[] = []
  const snapshots = createSnapshotFiles({ update: flags.update === true, ci: flags.ci })
  /** Reports the rows that are through; whether one of them does not hold. */
  const tell = (): boolean => {
    progress.clear()
    const judged = judgeRows(rows.splice(0))
    for (const record of judged) {
      records.push(record)
      heard?.(record)
      for (const output of outputs) output.record(record)
      if (flags.trace !== undefined) process.stdout.write(traceObject(record, flags.trace, { color: terminal.color }))
      if (flags.why !== undefined) process.stdout.write(whyPlacement(record, flags.why, terminal))
    }
    return judged.some((record) => !holds(record, flags.strict === true))
  }
  try {
    for (const [index, scenario] of chosen.entries()) {
      if (await interrupt.happened()) break
      const seed = scenario.seed ?? flags.seed
      const planHash = structuralHash(scenario).toString(16).padStart(8, '0')
      let record: Record | undefined
      progress.tell(`${index + 1} of ${chosen.length}  ${visibleText(nameOf(scenario))}`)
      try {
        if (scenario.property !== undefined && !scenario.tags.some((tag) => tag.name === 'skip')) {
          const begun = process.hrtime.bigint()
          const elapsed = (): number => Number(process.hrtime.bigint() - begun) / 1e9
          record = await exploreProperty(scenario, {
            seed: flags.seed,
            planHash,
            createCluster: explaining,
            external: scripts,
            version,
            line: positionOf(scenario.span, sources).line,
            runs: flags.runs,
            strategy,
            shard,
            workers: flags.workers ?? defaultWorkers(),
            more: () => flags.time === undefined || elapsed() < flags.time,
            moreShrinking: () => true,
            interrupted: () => interrupt.happened(),
          })
          if (record === undefined) break
          if (flags.saveRegressions === true) {
            const regression = regressionOf(scenario, record, {
              sources,
              run: (made) => runAlone(made, { createCluster: explaining, external: scripts }),
            })
            if (typeof regression === 'string') process.stderr.write(`not saved: ${regression}\n`)
            else if (regression !== undefined) {
              saveRegression(regression)
              process.stderr.write(`saved ${regression.path}\n`)
            }
          }
          progress.clear()
          records.push(record)
          heard?.(record)
          for (const output of outputs) output.record(record)
          if (flags.bail === true && !holds(record, true)) break
          continue
        }
        const slices = runInSlices(scenario, {
          seed,
          planHash,
          createCluster: explaining,
          snapshots: snapshots.storeOf(scenario),
          external: scripts,
        })
        for (let slice = slices.next(); ; slice = slices.next()) {
          if (slice.done === true) {
            record = slice.value
            break
          }
          progress.tell(`${index + 1} of ${chosen.length}  ${visibleText(nameOf(scenario))}`)
          // A long run hears Ctrl-C too; what it had until then is no result.
          if (await interrupt.happened()) break
        }
      } catch (error) {
        progress.clear()
        reportBug(error, { version, what: `scenario "${nameOf(scenario)}" with --seed ${seed} (plan ${planHash})` })
        return exitCode.bug
      }
      if (record === undefined) break
      snapshots.keep(record)
      rows.push(record)
      const next = chosen[index + 1]
      const bails = flags.bail === true && !holds(record, true)
      // The rows of a table are judged together: what one of them never spoke of may be spoken of in another.
      if (!bails && next !== undefined && isRowOf(next, scenario)) continue
      if (tell() && flags.bail === true) break
    }
    progress.clear()
    tell()
    const interrupted = await interrupt.happened()
    for (const output of outputs) output.end(records, interrupted)
    const whole = interrupted ? new Set<string>() : filesRunWhole(compiled.plan.scenarios, records)
    for (const line of snapshots.end(whole)) process.stderr.write(`${line}\n`)
    if (interrupted) return exitCode.interrupted
  } finally {
    interrupt.stop()
  }
  if (records.every((record) => holds(record, flags.strict === true))) return exitCode.held
  // A claim that was false counts before a script that could not do what it said.
  const broke = records.some((record) => record.verdict === 'FAIL' || record.verdict === 'VACUOUS')
  return broke ? exitCode.failed : exitCode.wrong
}
