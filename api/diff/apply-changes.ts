import { canonicalJson } from '../json/canonical-json.ts'
import type { Json } from '../object.ts'
import type { DiffStep } from './diff-path.ts'
import type { FieldChange } from './diff-values.ts'

type Fields = Readonly<Record<string, Json>>

const isMap = (value: Json | undefined): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

const textOf = (value: Json): string => (typeof value === 'string' ? value : canonicalJson(value))

const without = (fields: Fields, name: string): Fields =>
  Object.fromEntries(Object.entries(fields).filter(([key]) => key !== name))

/** The item that a step names: its place in the list, or -1. */
const placeOf = (items: readonly Json[], step: DiffStep): number => {
  switch (step.kind) {
    case 'index':
      return step.index
    case 'item':
      return items.findIndex((item) => textOf(item) === step.item)
    case 'keys':
      return items.findIndex(
        (item) =>
          isMap(item) && step.keys.every(([name, value]) => Object.hasOwn(item, name) && textOf(item[name]!) === value),
      )
    case 'field':
      return -1
  }
}

const putInList = (items: readonly Json[], step: DiffStep, change: FieldChange, at: number): readonly Json[] => {
  const place = placeOf(items, step)
  // An item goes only if it is named itself.
  const value = put(items[place], change, at + 1) ?? (at + 1 < change.path.length ? {} : undefined)
  if (place < 0) return value === undefined ? items : [...items, value]
  return value === undefined ? items.toSpliced(place, 1) : items.with(place, value)
}

const put = (value: Json | undefined, change: FieldChange, at: number): Json | undefined => {
  const step = change.path[at]
  if (step === undefined) return change.after
  if (step.kind !== 'field') return putInList(Array.isArray(value) ? (value as readonly Json[]) : [], step, change, at)
  const fields = isMap(value) ? value : {}
  const inner = put(Object.hasOwn(fields, step.name) ? fields[step.name] : undefined, change, at + 1)
  if (inner !== undefined) return { ...fields, [step.name]: inner }
  const left = without(fields, step.name)
  // A map goes with the last of its fields; one that stays and is empty is told as such.
  return at > 0 && Object.keys(left).length === 0 ? undefined : left
}

/** The value after the changes that `diffValues` found: the same as the other one, but for the order of keyed items. */
export const applyChanges = (before: Json | undefined, changes: readonly FieldChange[]): Json | undefined =>
  changes.reduce<Json | undefined>((value, change) => put(value, change, 0), before)
