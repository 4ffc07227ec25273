import { packRecord } from './packed/pack-record.ts'
import type { Reporter } from './reporter.ts'

/** What the first line of a blob says. Each further line is a record. */
export interface BlobHead {
  readonly format: 'kscn-blob'
  readonly schemaVersion: 1
  readonly kscn: string
  readonly records: number
  readonly interrupted: boolean
  readonly elapsedMs: number | null
  readonly sources: { readonly [path: string]: string }
}

/** Everything about the run, for `kscn merge-reports`: any other report can be made of it later. */
export const blob: Reporter = {
  name: 'blob',
  description: 'all that is known of the run, for kscn merge-reports',
  record: () => '',
  end(records, context) {
    const files = new Set(
      records.flatMap((record) => [record.span.file, ...record.findings.map((one) => one.span.file)]),
    )
    const head: BlobHead = {
      format: 'kscn-blob',
      schemaVersion: 1,
      kscn: context.version,
      records: records.length,
      interrupted: context.interrupted,
      elapsedMs: context.elapsed ?? null,
      sources: Object.fromEntries([...context.sources].filter(([path]) => files.has(path))),
    }
    return [head, ...records.map(packRecord)].map((one) => `${JSON.stringify(one)}\n`).join('')
  },
}
