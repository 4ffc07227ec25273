import { readFileSync } from 'node:fs'
import { readBlob, type ReadBlob } from '../reporters/read-blob.ts'
import type { ReportContext } from '../reporters/reporter.ts'
import { mergeShards } from '../runtime/explore/merge-shards.ts'
import type { Record } from '../runtime/record/record.ts'
import { exitCode, type ExitCode } from './exit-code.ts'
import { reporterOutputs } from './reporter-outputs.ts'
import { terminalOf } from './terminal.ts'
import { UsageError } from './usage-error.ts'

export interface MergeFlags {
  readonly reporter?: readonly string[]
  readonly strict?: boolean
  readonly deterministic?: boolean
  readonly color?: boolean
}

const read = (path: string): ReadBlob => {
  let text: string
  try {
    text = readFileSync(path, 'utf8')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT')
      throw new UsageError(`no file ${path}`, 'it wants what `kscn run --reporter blob:FILE` wrote')
    throw new UsageError(`${path} cannot be read: ${(error as Error).message}`)
  }
  const blob = readBlob(text)
  if ('problem' in blob) throw new UsageError(`${path} ${blob.problem}`)
  return blob
}

const identity = (record: Record): string =>
  `${record.span.file}\u0000${record.span.start}\u0000${record.row}\u0000${record.seed}`

/** Shards of one exploration are parts of one thing. */
const partOf = (record: Record): string => {
  const shard = record.exploration?.shard
  return `${identity(record)}${shard === undefined ? '' : `\u0000${shard.index}/${shard.count}`}`
}

const howExplored = ({ exploration }: Record): string =>
  `${exploration?.total ?? 0} runs${exploration?.strategy === undefined ? '' : ` with --strategy ${exploration.strategy}`}`

/** Parts of different wholes are no whole. */
const checkAlike = ([first, ...others]: readonly Record[]): void => {
  const other = others.find((one) => howExplored(one) !== howExplored(first!))
  if (other !== undefined)
    throw new UsageError(
      `"${other.title}" is one exploration of ${howExplored(first!)} and one of ${howExplored(other)}`,
      'give each shard the same --runs and --strategy',
    )
}

/** The shards of an exploration become one record, in the place of the first of them. */
const joined = (records: readonly Record[]): readonly Record[] => {
  const families = new Map<string, Record[]>()
  for (const record of records) {
    const shard = record.exploration?.shard
    const name =
      shard === undefined
        ? partOf(record)
        : [record.span.file, record.span.start, record.row, record.exploration!.seed, shard.count].join('\u0000')
    const family = families.get(name)
    if (family === undefined) families.set(name, [record])
    else family.push(record)
  }
  for (const family of families.values()) checkAlike(family)
  return [...families.values()].map((family) =>
    family[0]!.exploration?.shard === undefined ? family[0]! : mergeShards(family),
  )
}

/** One report of several runs, in the order of the files; exits as the runs would have, taken together. */
export const mergeReports = (paths: readonly string[], flags: MergeFlags, version: string): ExitCode => {
  const terminal = terminalOf(process.stdout, flags.color)
  const blobs = paths.map((path) => ({ path, blob: read(path) }))
  const sources = new Map<string, string>()
  const from = new Map<string, string>()
  for (const { path, blob } of blobs) {
    for (const [file, text] of Object.entries(blob.head.sources)) {
      if ((sources.get(file) ?? text) !== text)
        throw new UsageError(
          `${path} ran another ${file} than the reports before it`,
          'merge reports of one version of the scenarios',
        )
      sources.set(file, text)
    }
    for (const record of blob.records) {
      const before = from.get(partOf(record))
      if (before !== undefined)
        throw new UsageError(
          `"${record.title}"${record.row === '' ? '' : ` ${record.row}`} of ${record.span.file} stands in ${before} and in ${path}`,
          'name each report once, and each scenario in one of them',
        )
      from.set(partOf(record), path)
    }
  }
  const records = joined(blobs.flatMap(({ blob }) => blob.records))
  const times = blobs.map(({ blob }) => blob.head.elapsedMs)
  const known = times.every((one) => one !== null)
  const elapsed = known ? times.reduce((sum: number, one) => sum + (one ?? 0), 0) : undefined
  const interrupted = blobs.some(({ blob }) => blob.head.interrupted)
  const contextFor = (toFile: boolean, cut: boolean): ReportContext => ({
    sources,
    color: !toFile && terminal.color,
    width: toFile ? 100 : terminal.width,
    version,
    elapsed: flags.deterministic === true ? undefined : elapsed,
    interrupted: cut,
  })
  const outputs = reporterOutputs(flags.reporter ?? ['pretty'], contextFor)
  for (const output of outputs) {
    for (const record of records) output.record(record)
    output.end(records, interrupted)
  }
  if (interrupted) return exitCode.interrupted
  const bad = (record: Record): boolean =>
    record.verdict === 'FAIL' || (record.verdict === 'VACUOUS' && flags.strict === true)
  if (records.some(bad)) return exitCode.failed
  return records.some((record) => record.verdict === 'ERROR' || record.verdict === 'UNSUPPORTED')
    ? exitCode.wrong
    : exitCode.held
}
