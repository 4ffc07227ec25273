import { goJson } from '../json/go-json.ts'
import { goQuote } from '../names/go-quote.ts'

/**
 * A step of a field path, as FieldsV1 spells it: `f:name` a field, `k:{"name":"a"}` an item of a keyed list, `v:"x"` an item of
 * a set, `i:0` an index. Mirrors fieldpath.PathElement of structured-merge-diff v6.
 */
export type PathElement = string

export const fieldElement = (name: string): PathElement => `f:${name}`
export const valueElement = (value: unknown): PathElement => `v:${goJson(value)}`

/** The keys of an item; they are sorted by name. */
export const keyElement = (keys: { readonly [name: string]: unknown }): PathElement => `k:${goJson(keys)}`

export const isFieldElement = (element: PathElement): boolean => element.startsWith('f:')
export const isKeyElement = (element: PathElement): boolean => element.startsWith('k:')

const kinds = 'fkvi'

const rankOf = (value: unknown): number => {
  switch (typeof value) {
    case 'number':
      return 0
    case 'string':
      return 1
    case 'boolean':
      return 2
    default:
      return 3
  }
}

const compareValues = (a: unknown, b: unknown): number => {
  const difference = rankOf(a) - rankOf(b)
  if (difference !== 0) return difference
  const [left, right] = [a as string, b as string]
  return left < right ? -1 : left > right ? 1 : 0
}

const compareKeys = (a: PathElement, b: PathElement): number => {
  const left = Object.entries(JSON.parse(a.slice(2)) as Record<string, unknown>)
  const right = Object.entries(JSON.parse(b.slice(2)) as Record<string, unknown>)
  for (let i = 0; i < left.length && i < right.length; i += 1) {
    const [nameA, valueA] = left[i] ?? ['', undefined]
    const [nameB, valueB] = right[i] ?? ['', undefined]
    const difference = nameA < nameB ? -1 : nameA > nameB ? 1 : compareValues(valueA, valueB)
    if (difference !== 0) return difference
  }
  return left.length - right.length
}

/** PathElement.Compare: fields, then keys, values, indexes. */
export const compareElements = (a: PathElement, b: PathElement): number => {
  if (a === b) return 0
  const kind = a[0] ?? ''
  if (kind !== b[0]) return kinds.indexOf(kind) - kinds.indexOf(b[0] ?? '')
  switch (kind) {
    case 'k':
      return compareKeys(a, b)
    case 'v':
      return compareValues(JSON.parse(a.slice(2)), JSON.parse(b.slice(2)))
    case 'i':
      return Number(a.slice(2)) - Number(b.slice(2))
    default:
      return a < b ? -1 : 1
  }
}

const valueText = (value: unknown): string => {
  if (typeof value === 'string') return goQuote(value)
  return JSON.stringify(value)
}

/** PathElement.String(), as conflicts show it. */
export const elementText = (element: PathElement): string => {
  const rest = element.slice(2)
  switch (element[0]) {
    case 'f':
      return `.${rest}`
    case 'k': {
      const keys = Object.entries(JSON.parse(rest) as Record<string, unknown>)
      return `[${keys.map(([name, value]) => `${name}=${valueText(value)}`).join(',')}]`
    }
    case 'v':
      return `[=${valueText(JSON.parse(rest))}]`
    default:
      return `[${rest}]`
  }
}

export const pathText = (path: readonly PathElement[]): string => path.map(elementText).join('')
