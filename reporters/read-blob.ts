import type { Record } from '../runtime/record/record.ts'
import type { BlobHead } from './blob.ts'
import type { PackedRecord } from './packed/packed-record.ts'
import { unpackRecord } from './packed/unpack-record.ts'

export interface ReadBlob {
  readonly head: BlobHead
  readonly records: readonly Record[]
}

const parsed = (line: string): unknown => {
  try {
    return JSON.parse(line)
  } catch {
    return undefined
  }
}

const columns = ['time', 'kind', 'actor', 'action', 'subject', 'cause', 'data'] as const

const isRecord = (value: unknown): value is PackedRecord => {
  const record = value as Partial<PackedRecord> | null | undefined
  const { timeline } = record ?? {}
  return (
    typeof record?.title === 'string' &&
    typeof record.span?.file === 'string' &&
    Array.isArray(record.findings) &&
    Array.isArray(record.sentences) &&
    Array.isArray(record.resources) &&
    Array.isArray(record.choices?.labels) &&
    Array.isArray(record.choices.draws) &&
    timeline !== undefined &&
    [timeline.actors, timeline.actions, timeline.subjects].every(Array.isArray) &&
    columns.every((column) => Array.isArray(timeline[column]) && timeline[column].length === timeline.time.length)
  )
}

/** The records of a blob, or what is wrong with it, to be said after the name of the file. */
export const readBlob = (text: string): ReadBlob | { readonly problem: string } => {
  const [first, ...lines] = text.split('\n')
  const head = parsed(first!) as Partial<BlobHead> | undefined | null
  if (head?.format !== 'kscn-blob') return { problem: 'is no blob report: write one with --reporter blob:FILE' }
  if (head.schemaVersion !== 1)
    return {
      problem: `was written by kscn ${head.kscn ?? 'of an unknown version'} in version ${String(head.schemaVersion)} of the format, and this kscn reads version 1`,
    }
  const told = lines.filter((line) => line !== '')
  if (told.length !== head.records)
    return { problem: `is cut short: it announces ${head.records} records and holds ${told.length}` }
  const records: Record[] = []
  for (const [index, line] of told.entries()) {
    const packed = parsed(line)
    if (!isRecord(packed)) return { problem: `is damaged: line ${index + 2} is no record` }
    if (packed.schemaVersion !== 1)
      return {
        problem: `holds a record of version ${String(packed.schemaVersion)} on line ${index + 2}; this kscn reads version 1`,
      }
    try {
      records.push(unpackRecord(packed))
    } catch {
      return { problem: `is damaged: the record on line ${index + 2} cannot be put together` }
    }
  }
  return { head: head as BlobHead, records }
}
