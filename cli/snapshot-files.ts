import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { parseAllDocuments, stringify } from 'yaml'
import type { KubeObject } from '../api/object.ts'
import type { ScenarioPlan } from '../dsl/plan/plan.ts'
import type { Record } from '../runtime/record/record.ts'
import type { SnapshotStore } from '../runtime/runner/run-snapshot.ts'
import { UsageError } from './usage-error.ts'

export interface SnapshotFlags {
  /** Rewrites what has changed, and removes what nothing takes any more. */
  readonly update: boolean
  /** Nothing is written, and what is missing fails. */
  readonly ci: boolean
}

/** Snapshots beside the scenarios: `__snapshots__/<file>/<name>.yaml`. */
export interface SnapshotFiles {
  storeOf(scenario: ScenarioPlan): SnapshotStore
  /** Writes what a run took for the first time. */
  keep(record: Record): void
  /** What was written, and what is there for nothing; to be told to the user. `whole`: files of which every scenario ran. */
  end(whole: ReadonlySet<string>): readonly string[]
}

const folderOf = (file: string): string => join(dirname(file), '__snapshots__', basename(file, '.kscn'))
/** A table takes its snapshots once a row. */
const fileName = (name: string, row: string): string =>
  `${`${name}${row === '' ? '' : ` ${row.replaceAll('"', '')}`}`.replaceAll(/[^A-Za-z0-9._=\[\] -]+/g, '-')}.yaml`

const readObjects = (path: string): readonly KubeObject[] => {
  const documents = parseAllDocuments(readFileSync(path, 'utf8'))
  const list = 'empty' in documents ? [] : documents
  const broken = list.flatMap((one) => one.errors)[0]
  if (broken !== undefined)
    throw new UsageError(`the snapshot ${path} is no YAML: ${broken.message}`, 'kscn run --update writes it anew')
  return list.map((one) => one.toJS() as KubeObject)
}

const yamlOf = (objects: readonly KubeObject[]): string =>
  objects.map((one) => stringify(one, { sortMapEntries: true, lineWidth: 0 })).join('---\n')

export const createSnapshotFiles = (flags: SnapshotFlags): SnapshotFiles => {
  const written: string[] = []
  const used = new Set<string>()
  const pathOf = (file: string, name: string, row: string): string => join(folderOf(file), fileName(name, row))
  return {
    storeOf: ({ span, row }) => ({
      read(name) {
        const path = pathOf(span.file, name, row)
        return !flags.update && existsSync(path) ? readObjects(path) : undefined
      },
      frozen: flags.ci,
    }),
    keep({ span, row, snapshots }) {
      for (const one of snapshots ?? []) {
        const path = pathOf(span.file, one.name, row)
        used.add(path)
        if (one.outcome !== 'new' || flags.ci || span.file === '-') continue
        const text = yamlOf(one.objects)
        if (existsSync(path) && readFileSync(path, 'utf8') === text) continue
        mkdirSync(dirname(path), { recursive: true })
        writeFileSync(`${path}.partial`, text)
        renameSync(`${path}.partial`, path)
        written.push(path)
      }
    },
    end(whole) {
      const lines = written.map((path) => `snapshot written: ${path}`)
      for (const file of [...whole].sort()) {
        const folder = folderOf(file)
        if (!existsSync(folder)) continue
        for (const name of readdirSync(folder).sort()) {
          const path = join(folder, name)
          if (!name.endsWith('.yaml') || used.has(path)) continue
          if (flags.update && !flags.ci) rmSync(path)
          lines.push(`snapshot ${flags.update && !flags.ci ? 'removed' : 'obsolete'}: ${path}`)
        }
      }
      return lines
    },
  }
}
