import { diffPathText } from '../../api/diff/diff-path.ts'
import { diffValues } from '../../api/diff/diff-values.ts'
import { canonicalJson } from '../../api/json/canonical-json.ts'
import { deepFreeze } from '../../api/json/deep-freeze.ts'
import type { Json, KubeObject } from '../../api/object.ts'
import type { Operation } from '../../dsl/plan/operation.ts'
import { resolveNoun } from '../expect/resolve-noun.ts'
import { snapshotOf } from '../expect/snapshot-of.ts'
import { subjectKey, type ObjectSubject } from '../expect/subject.ts'
import type { Comparison, Finding } from '../record/finding.ts'
import { blankFinding } from './blank-finding.ts'
import { errorFinding } from './findings.ts'
import type { Run } from './run.ts'
import { presentMoment } from './time-clauses.ts'
import type { ScriptContext } from './track.ts'

type SnapshotOperation = Extract<Operation, { kind: 'snapshot' }>

/** Where the snapshots of a scenario are kept: the runtime sees no files. */
export interface SnapshotStore {
  /** The objects under a name; undefined: nothing is kept yet. */
  read(name: string): readonly KubeObject[] | undefined
  /** Nothing new is kept: a snapshot that is missing fails. */
  readonly frozen: boolean
}

const titleOf = (one: KubeObject): string => {
  const { namespace, name } = one.metadata
  return `${one.kind.toLowerCase()}/${name}${namespace === undefined || namespace === 'default' ? '' : `@${namespace}`}`
}
const keyOf = (one: KubeObject): string =>
  [one.apiVersion, one.kind, one.metadata.namespace ?? '', one.metadata.name].join('\n')
const shown = (value: Json | undefined): string => (value === undefined ? 'absent' : canonicalJson(value))

const compare = (kept: readonly KubeObject[], taken: readonly KubeObject[], run: Run): readonly Comparison[] => {
  const old = new Map(kept.map((one) => [keyOf(one), one]))
  const fresh = new Map(taken.map((one) => [keyOf(one), one]))
  const scheme = run.cluster.scheme()
  return [...new Set([...old.keys(), ...fresh.keys()])].sort().flatMap((key): Comparison[] => {
    const [was, is] = [old.get(key), fresh.get(key)]
    const one = (is ?? was)!
    const subject = titleOf(one)
    if (was === undefined || is === undefined)
      return [
        {
          subject,
          expected: was === undefined ? 'absent' : 'there',
          actual: is === undefined ? 'absent' : 'there',
          rows: [],
        },
      ]
    const type = scheme.byKind(`${one.apiVersion}/${one.kind}`)?.type
    const changes = diffValues(
      was as unknown as Json,
      is as unknown as Json,
      type === undefined ? undefined : { ref: type },
    )
    if (changes.length === 0) return []
    const rows = changes.map(({ path, before, after }) => ({
      what: diffPathText(path),
      expected: shown(before),
      actual: shown(after),
    }))
    return [
      { subject, expected: 'as stored', actual: `${rows.length} difference${rows.length === 1 ? '' : 's'}`, rows },
    ]
  })
}

/** `snapshot "web" of …`: takes it, and compares it with what is kept under the name. */
export const takeSnapshot = (operation: SnapshotOperation, context: ScriptContext): void => {
  const { run } = context
  const { name, span, text } = operation
  const moment = presentMoment(context)
  const subjects = new Map<string, ObjectSubject>()
  for (const noun of operation.nouns) {
    const found = resolveNoun(noun, moment).filter((one) => one.kind === 'object')
    if (found.length === 0) {
      run.report(errorFinding(operation, 'E202', `nothing matches ${noun.text}`, run))
      return
    }
    for (const one of found) subjects.set(subjectKey(one), one)
  }
  const objects = deepFreeze(snapshotOf([...subjects.values()], run.world))
  const kept = run.snapshots?.read(name)
  const differences = kept === undefined ? [] : compare(kept, objects, run)
  const now = run.cluster.kernel.now
  const fail = (part: Partial<Finding> & { readonly message: string }): void =>
    run.report({ ...blankFinding({ span, sentence: text }, now), code: 'F107', severity: 'fail', ...part })
  run.taken.push({
    name,
    span,
    objects,
    outcome: kept === undefined ? 'new' : differences.length === 0 ? 'same' : 'changed',
  })
  if (kept === undefined && run.snapshots?.frozen === true)
    fail({ message: `no snapshot "${name}" is stored`, help: ['run it once without --ci, and commit the file'] })
  if (differences.length > 0)
    fail({
      message: `the snapshot "${name}" has changed`,
      comparisons: differences,
      subjects: [...subjects.keys()].slice(0, 5),
      help: ['if this is meant: kscn run --update'],
    })
  run.sentences.push({
    text, span, began: now, ended: now, deadline: undefined, held: differences.length === 0,
  }) // prettier-ignore
}
