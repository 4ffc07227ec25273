import { compareQuantities } from '../../api/quantity/compare-quantities.ts'
import { quantityFromJson } from '../../api/quantity/parse-quantity.ts'
import { canonicalJson } from '../../api/json/canonical-json.ts'
import type { Document, Hole, Template } from '../../dsl/plan/document.ts'
import type { Noun } from '../../dsl/plan/expression.ts'
import { fieldOf, keysOfList, leafOf, type FieldType } from '../../api/schema/field-type.ts'
import type { Predicate } from './judge.ts'
import type { Moment } from './moment.ts'
import { holeValue, isHole } from './render-template.ts'
import { presentObject, resolveNoun } from './resolve-noun.ts'

/** One place where an object is not what the pattern asks for. */
export interface MatchRow {
  readonly path: string
  readonly expected: string
  readonly actual: string
}

interface Walk {
  readonly moment: Moment
  readonly rows: MatchRow[]
}

const shown = (value: unknown): string => (value === undefined ? 'absent' : canonicalJson(value))

const expectedText = (pattern: Template, moment: Moment): string => {
  if (!isHole(pattern)) return canonicalJson(pattern)
  return pattern.$hole === 'value' || pattern.$hole === 'text'
    ? canonicalJson(holeValue(pattern, moment))
    : pattern.$hole
}

const sameScalar = (expected: unknown, actual: unknown, type: FieldType | undefined): boolean => {
  if (expected === actual) return true
  const leaf = leafOf(type)
  if (leaf === 'int-or-string') return String(expected) === String(actual)
  if (leaf !== 'quantity') return false
  const a = quantityFromJson(expected)
  const b = quantityFromJson(actual)
  return 'unscaled' in a && 'unscaled' in b && compareQuantities(a, b) === 0
}

const quiet = (walk: Walk, run: (walk: Walk) => void): boolean => {
  const rows: MatchRow[] = []
  run({ moment: walk.moment, rows })
  return rows.length === 0
}

type Fields = Readonly<Record<string, unknown>>
type Templates = Readonly<Record<string, Template>>

/** Where in the object the pattern has come to, and what the schema says of it. */
interface Place {
  readonly path: string
  readonly type: FieldType | undefined
}

const nowhere: Place = { path: '', type: undefined }
const below = (place: Place, suffix: string): Place => ({ path: place.path + suffix, type: place.type?.items })

/** Items with merge keys: each pattern item is looked for by those of its keys that it gives, in any order. */
const matchKeyed = (items: readonly Template[], actual: readonly unknown[], place: Place, walk: Walk): void => {
  const keys = keysOfList(place.type) ?? []
  for (const item of items) {
    if (item === '...') continue
    const fields = item as Templates
    const given = keys.filter((key) => item !== null && typeof item === 'object' && Object.hasOwn(item, key))
    const label = given.map((key) => `${key}=${expectedText(fields[key]!, walk.moment)}`).join(',')
    const candidates = actual.filter((one) =>
      given.every((key) => quiet(walk, (inner) => match(fields[key]!, (one as Fields)[key], nowhere, inner))),
    )
    const at = below(place, `[${label.replaceAll('"', '')}]`)
    const fail = (found: unknown): void => {
      walk.rows.push({ path: at.path, expected: expectedText(item, walk.moment), actual: shown(found) })
    }
    if (candidates.length === 0) fail(undefined)
    else if (candidates.length === 1) match(item, candidates[0], at, walk)
    else if (!candidates.some((one) => quiet(walk, (inner) => match(item, one, at, inner)))) fail(candidates)
  }
}

/** `...` stands for any run of items. */
const matchRuns = (items: readonly Template[], actual: readonly unknown[], place: Place, walk: Walk): boolean => {
  const [first, ...rest] = items
  if (first === undefined) return actual.length === 0
  if (first === '...') {
    for (let skip = 0; skip <= actual.length; skip += 1) {
      if (matchRuns(rest, actual.slice(skip), place, walk)) return true
    }
    return false
  }
  return (
    actual.length > 0 &&
    quiet(walk, (inner) => match(first, actual[0], below(place, ''), inner)) &&
    matchRuns(rest, actual.slice(1), place, walk)
  )
}

const matchList = (items: readonly Template[], actual: unknown, place: Place, walk: Walk): void => {
  const fail = (expected: Template): void => {
    walk.rows.push({ path: place.path, expected: expectedText(expected, walk.moment), actual: shown(actual) })
  }
  if (!Array.isArray(actual)) {
    if (items.length > 0) fail(items)
    return
  }
  if (keysOfList(place.type) !== undefined) return matchKeyed(items, actual, place, walk)
  if (place.type?.list === 'set') {
    const isMember = (item: Template): boolean =>
      actual.some((one) => quiet(walk, (inner) => match(item, one, below(place, ''), inner)))
    for (const item of items) if (item !== '...' && !isMember(item)) fail(item)
    return
  }
  if (items.includes('...')) {
    if (!matchRuns(items, actual, place, walk)) fail(items)
  } else if (items.length !== actual.length) fail(items)
  else for (const [index, item] of items.entries()) match(item, actual[index], below(place, `[${index}]`), walk)
}

const matchHole = (hole: Hole, actual: unknown, place: Place, walk: Walk): void => {
  const there = actual !== undefined && actual !== null
  switch (hole.$hole) {
    case 'any':
      return
    case 'present':
    case 'absent':
      if (there !== (hole.$hole === 'present')) {
        walk.rows.push({ path: place.path, expected: hole.$hole, actual: shown(actual) })
      }
      return
    case 'value':
    case 'text':
      match(holeValue(hole, walk.moment), actual, place, walk)
  }
}

const matchMap = (pattern: Templates, actual: unknown, place: Place, walk: Walk): void => {
  // Of a map that is not there every field is absent.
  const fields = actual === undefined || actual === null ? {} : actual
  if (typeof fields !== 'object' || Array.isArray(fields)) {
    walk.rows.push({ path: place.path, expected: expectedText(pattern, walk.moment), actual: shown(actual) })
    return
  }
  for (const [name, item] of Object.entries(pattern)) {
    const inner: Place = { path: `${place.path}.${name}`, type: fieldOf(place.type, name) }
    match(item, (fields as Fields)[name], inner, walk)
  }
}

const match = (pattern: Template, actual: unknown, place: Place, walk: Walk): void => {
  if (Array.isArray(pattern)) matchList(pattern as readonly Template[], actual, place, walk)
  else if (isHole(pattern)) matchHole(pattern, actual, place, walk)
  else if (pattern !== null && typeof pattern === 'object') matchMap(pattern as Templates, actual, place, walk)
  else if (pattern === null ? actual !== undefined && actual !== null : !sameScalar(pattern, actual, place.type)) {
    walk.rows.push({ path: place.path, expected: canonicalJson(pattern), actual: shown(actual) })
  }
}

/** Where an object is not what the pattern asks for (language reference 3.13); nothing, if it matches. */
export const matchRows = (
  pattern: Template,
  actual: unknown,
  type: string | undefined,
  moment: Moment,
): readonly MatchRow[] => {
  const rows: MatchRow[] = []
  match(pattern, actual, { path: '', type: type === undefined ? undefined : { ref: type } }, { moment, rows })
  return rows
}

/** `expect N matches` fence: all that the noun names match, and there is at least one. */
export const matchesPredicate = (noun: Noun, pattern: Document): Predicate => ({
  mode: 'expect',
  test(moment) {
    const subjects = resolveNoun(noun, moment)
    return (
      subjects.length > 0 &&
      subjects.every((subject) => {
        if (subject.kind !== 'object') return false
        const object = presentObject(subject, moment)
        if (object === undefined) return false
        const type = moment.world.scheme().byName(subject.resource)?.type
        return matchRows(pattern.value, object, type, moment).length === 0
      })
    )
  },
})
