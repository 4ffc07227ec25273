import type { BehaviorSpec } from '../dsl/plan/behavior-spec.ts'
import { decodeHistory, type History } from '../runtime/record/decode-history.ts'
import type { PendingWork } from '../runtime/record/record.ts'
import { UsageError } from './usage-error.ts'

/** One scenario of a JSON report, as far as it is read again. */
export interface RunOfFile {
  readonly title: string
  readonly row: string
  readonly verdict: string
  /** Of its timeline. */
  readonly hash: string
  /** Virtual microseconds from t=0 to the end. */
  readonly duration: number
  readonly sentences: readonly { readonly text: string; readonly held: boolean; readonly endedMicros: number }[]
  readonly behaviors: readonly (BehaviorSpec & { readonly position: string })[]
  readonly pending: readonly PendingWork[]
  /** Its timeline, read when somebody asks. */
  history(): History
}

type Fields = Readonly<Record<string, unknown>>
const isMap = (value: unknown): value is Fields => typeof value === 'object' && value !== null && !Array.isArray(value)
const listOf = (value: unknown): readonly never[] =>
  Array.isArray(value) ? (value as unknown as readonly never[]) : []
const textOf = (value: unknown): string => (typeof value === 'string' ? value : '')

const remedy = 'write it with: kscn run FILE --reporter json:run.json'

interface PendingDocument {
  readonly atMicros: number
  readonly actor: string
  readonly label: string
}

const runOf = (scenario: Fields, path: string): RunOfFile => ({
  title: textOf(scenario['title']),
  row: textOf(scenario['row']),
  verdict: textOf(scenario['verdict']),
  hash: textOf(scenario['hash']),
  duration: Number(scenario['durationMicros'] ?? 0),
  sentences: listOf(scenario['sentences']),
  behaviors: listOf(scenario['behaviors']),
  pending: (listOf(scenario['pending']) as readonly PendingDocument[]).map(({ atMicros, actor, label }) => ({
    at: atMicros,
    actor,
    label,
  })),
  history() {
    const decoded = decodeHistory(scenario['history'])
    if ('wrong' in decoded)
      throw new UsageError(
        `${path}: the record of "${textOf(scenario['title'])}" cannot be read: ${decoded.wrong}`,
        remedy,
      )
    return decoded.history
  },
})

const looksLikeRecord = (text: string): boolean => /^\s*\{\s*"schemaVersion"/.test(text)

/** The scenarios of a report that `--reporter json` wrote; undefined: the text is something else. */
export const readRun = (path: string, text: string): readonly RunOfFile[] | undefined => {
  if (!looksLikeRecord(text)) return undefined
  let document: unknown
  try {
    document = JSON.parse(text)
  } catch {
    throw new UsageError(`${path} is a record that breaks off or was changed: it is not JSON`, remedy)
  }
  if (!isMap(document) || document['schemaVersion'] !== 1)
    throw new UsageError(
      `${path} is a record of version ${JSON.stringify(isMap(document) ? document['schemaVersion'] : null)}, and this kscn reads version 1`,
      remedy,
    )
  const { scenarios } = document
  if (!Array.isArray(scenarios) || !scenarios.every(isMap))
    throw new UsageError(`${path} is a record without scenarios`, remedy)
  return (scenarios as readonly Fields[]).map((one) => runOf(one, path))
}

const nameOf = (run: RunOfFile): string => (run.row === '' ? run.title : `${run.title} ${run.row}`)

/** The one scenario that is meant: by a part of its name, or the only one that ran. */
export const chooseRun = (runs: readonly RunOfFile[], path: string, filter: string | undefined): RunOfFile => {
  const ran = runs.filter((one) => one.verdict !== 'SKIP')
  const found = filter === undefined ? ran : ran.filter((one) => nameOf(one).includes(filter))
  const [first] = found
  if (first !== undefined && found.length === 1) return first
  const names = (found.length === 0 ? ran : found).map((one) => `"${nameOf(one)}"`).slice(0, 8)
  if (ran.length === 0) throw new UsageError(`${path}: none of its scenarios ran`)
  const what =
    filter === undefined
      ? `holds ${ran.length} scenarios`
      : `holds ${found.length} scenarios with "${filter}" in their name`
  throw new UsageError(`${path} ${what}`, `--scenario TEXT names one of ${names.join(', ')}`)
}
