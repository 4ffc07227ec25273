import { canonicalJson } from '../../api/json/canonical-json.ts'
import { diffPathText, type DiffStep } from '../../api/diff/diff-path.ts'
import { diffValues, type FieldChange } from '../../api/diff/diff-values.ts'
import { nounOf } from '../../api/noun-of.ts'
import type { Json, KubeObject } from '../../api/object.ts'
import { parseLabelSelector } from '../../api/selectors/parse-label-selector.ts'
import type { Noun, PathStep } from '../../dsl/plan/expression.ts'
import type { DeltaLine, DeltaValue } from '../../dsl/plan/operation.ts'
import type { Moment } from './moment.ts'
import { spokenChanges, type NetChange } from './net-changes.ts'
import { pathText, rawAt } from './read-path.ts'
import { nameMatcher, renderParts } from './render.ts'
import { nounNamespace, resolveNoun } from './resolve-noun.ts'
import { subjectKey } from './subject.ts'
import { typeAt } from './type-at.ts'

/** How many nodes or pods an object's selectors reached before and reach now, where that changed. */
export interface ReachChange {
  readonly subject: string
  readonly resource: string
  readonly object: KubeObject
  readonly what: 'nodes' | 'pods'
  readonly before: number
  readonly after: number
}

/** A place where the change set is not what its block says. */
export interface DeltaRow {
  readonly what: string
  readonly expected: string
  readonly actual: string
}

export interface ChangeSet {
  readonly changes: readonly NetChange[]
  readonly reaches: readonly ReachChange[]
  /** Whether what selectors reach has to be listed too. */
  readonly reachCounts: boolean
}

const shown = (value: Json | undefined): string => (value === undefined ? 'absent' : canonicalJson(value))
const fieldLine = (subject: string, { path, before, after }: FieldChange): string =>
  `~ ${nounOf(subject)} ${diffPathText(path)}: ${shown(before)} -> ${shown(after)}`
const reachLine = (one: ReachChange): string => `~ ${nounOf(one.subject)} {${one.what}}: ${one.before} -> ${one.after}`

/** The change set as a block would say it, line by line. */
export const deltaLines = ({ changes, reaches, reachCounts }: ChangeSet): readonly string[] => [
  ...changes.flatMap((change) =>
    change.kind === 'changed'
      ? spokenChanges(change).map((one) => fieldLine(change.subject, one))
      : [`${change.kind === 'added' ? '+' : '-'} ${nounOf(change.subject)}`],
  ),
  ...(reachCounts ? reaches.map(reachLine) : []),
]

/** Whether a noun of the block means an object, that may be gone by now. */
const meaningOf = (noun: Noun, moment: Moment): ((resource: string, object: KubeObject) => boolean) => {
  if (noun.resource === '') {
    const uids = new Set(resolveNoun(noun, moment).map((one) => (one.kind === 'object' ? one.uid : subjectKey(one))))
    return (_, object) => uids.has(object.metadata.uid)
  }
  const namespace = nounNamespace(noun, moment)
  const name = noun.name === undefined ? undefined : nameMatcher(noun.name, moment)
  const parsed = noun.selector === undefined ? undefined : parseLabelSelector(renderParts(noun.selector, moment))
  const selector = parsed !== undefined && 'matches' in parsed ? parsed : undefined
  return (resource, object) =>
    resource === noun.resource &&
    (namespace === undefined || object.metadata.namespace === namespace) &&
    (name === undefined || name.matches(object.metadata.name)) &&
    (selector === undefined || selector.matches(object.metadata.labels))
}

const valueOf = (value: DeltaValue, moment: Moment): Json | undefined => {
  if (value.kind === 'absent') return undefined
  if (value.kind === 'json') return value.json
  const text = renderParts(value.parts, moment)
  if (text === 'absent') return undefined
  try {
    return JSON.parse(text) as Json
  } catch {
    return text
  }
}

const sameStep = (wanted: PathStep, step: DiffStep): boolean => {
  switch (wanted.kind) {
    case 'every':
      return true
    case 'field':
      return step.kind === 'field' && step.name === wanted.name
    case 'index':
      return step.kind === 'index' && step.index === wanted.index
    case 'key':
      return step.kind === 'keys' && step.keys.some(([key, value]) => key === wanted.key && value === wanted.value)
  }
}

/** Whether what a line says of a path covers a change: it lies at the path, below it, or is what the path leads through. */
const covers = (path: readonly PathStep[], change: FieldChange): boolean =>
  path.every((step, index) => {
    const own = change.path[index]
    return own === undefined || sameStep(step, own)
  })

/** Where the change set differs from the lines of the block; empty: it is as they say. */
export const judgeDelta = (lines: readonly DeltaLine[], set: ChangeSet, moment: Moment): readonly DeltaRow[] => {
  const rows: DeltaRow[] = []
  const open = new Set<NetChange>(set.changes.filter((one) => one.kind !== 'changed'))
  const fields = new Map(
    set.changes.flatMap((one) => (one.kind === 'changed' ? [[one, new Set(spokenChanges(one))]] : [])),
  )
  const reaches = new Set(set.reaches)
  // A line that names one object has its pick before one with a glob.
  const ordered = [...lines].sort((a, b) => breadth(a) - breadth(b))
  for (const line of ordered) {
    if (line.kind === 'more') continue
    const means = meaningOf(line.noun, moment)
    if (line.kind !== 'changed') {
      const found = [...open].filter((one) => one.kind === line.kind && means(one.resource, one.object))
      for (const one of found.slice(0, line.count)) open.delete(one)
      if (found.length < line.count)
        rows.push({ what: line.text, expected: String(line.count), actual: String(found.length) })
      continue
    }
    if (line.place.kind === 'reach') judgeReach(line, { means, reaches, rows, moment })
    else judgeField({ ...line, path: line.place.path }, { means, fields, rows, moment })
  }
  if (!lines.some((one) => one.kind === 'more')) {
    const unlisted = (what: string): void => {
      rows.push({ what, expected: 'not listed', actual: 'happened' })
    }
    for (const change of set.changes) {
      if (change.kind === 'changed')
        for (const one of fields.get(change) ?? []) unlisted(fieldLine(change.subject, one))
      else if (open.has(change)) unlisted(`${change.kind === 'added' ? '+' : '-'} ${nounOf(change.subject)}`)
    }
    if (set.reachCounts) for (const one of reaches) unlisted(reachLine(one))
  }
  return rows
}

const breadth = (line: DeltaLine): number =>
  line.kind === 'more'
    ? 3
    : line.noun.name?.kind === 'exact' || line.noun.resource === ''
      ? 0
      : line.noun.name === undefined
        ? 2
        : 1

type Changed = Extract<DeltaLine, { kind: 'changed' }>
interface Judged {
  readonly means: (resource: string, object: KubeObject) => boolean
  readonly rows: DeltaRow[]
  readonly moment: Moment
}

const judgeReach = (
  line: Changed,
  { means, reaches, rows, moment }: Judged & { readonly reaches: Set<ReachChange> },
): void => {
  const what = line.place.kind === 'reach' ? line.place.what : 'pods'
  const found = [...reaches].filter((one) => one.what === what && means(one.resource, one.object))
  for (const one of found) {
    reaches.delete(one)
    if (one.before !== valueOf(line.from, moment) || one.after !== valueOf(line.to, moment))
      rows.push({ what: line.text, expected: lineValues(line, moment), actual: `${one.before} -> ${one.after}` })
  }
  if (found.length === 0) rows.push({ what: line.text, expected: lineValues(line, moment), actual: 'no change' })
}

const lineValues = (line: Changed, moment: Moment): string =>
  `${shown(valueOf(line.from, moment))} -> ${shown(valueOf(line.to, moment))}`

type Fields = Map<Extract<NetChange, { kind: 'changed' }>, Set<FieldChange>>

const judgeField = (
  line: Changed & { readonly path: readonly PathStep[] },
  { means, fields, rows, moment }: Judged & { readonly fields: Fields },
): void => {
  let found = 0
  for (const [change, left] of fields) {
    // A status or a generation that is named counts, although it need not be listed.
    const own = change.changes.filter((one) => covers(line.path, one))
    if (own.length === 0 || !means(change.resource, change.object)) continue
    found += 1
    for (const one of own) left.delete(one)
    const type = typeAt(moment.world.scheme().byName(change.resource)?.type, line.path)
    const [before, after] = [rawAt(change.before, line.path), rawAt(change.object, line.path)]
    const is = (wanted: DeltaValue, actual: Json | undefined): boolean =>
      diffValues(valueOf(wanted, moment), actual, type).length === 0
    if (!is(line.from, before) || !is(line.to, after))
      rows.push({
        what: `${nounOf(change.subject)} ${pathText(line.path)}`,
        expected: lineValues(line, moment),
        actual: `${shown(before)} -> ${shown(after)}`,
      })
  }
  if (found === 0) rows.push({ what: line.text, expected: lineValues(line, moment), actual: 'no change' })
}
