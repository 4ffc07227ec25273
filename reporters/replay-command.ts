import type { Record } from '../runtime/record/record.ts'
import { positionOf } from './position.ts'

const quoted = (text: string): string => (/^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`)

/** One line to copy that runs this very scenario again with the same chance. */
export const replayCommand = (record: Record, sources: ReadonlyMap<string, string>): string => {
  const token = record.exploration?.failure?.token
  if (token !== undefined) return `kscn replay ${quoted(token)}`
  const { line } = positionOf(record.span, sources)
  const row = record.row === '' ? '' : ` --filter ${quoted(`${record.title} ${record.row}`)}`
  return `kscn run ${quoted(`${record.span.file}:${line}`)}${row} --seed ${quoted(record.seed)}`
}
