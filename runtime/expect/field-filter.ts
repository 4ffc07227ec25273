import { globRegex } from './render.ts'

/** Fields of what is no API object: a container, an emission, a request. */
export type FilterFields = Readonly<Record<string, string | undefined>>

type Test = (fields: FilterFields) => boolean

const valueTest = (pattern: string): ((value: string) => boolean) => {
  // `code=4xx`: a class of status codes.
  if (/^[1-5]xx$/.test(pattern)) return (value) => value.length === 3 && value[0] === pattern[0]
  if (!pattern.includes('*')) return (value) => value === pattern
  const regex = globRegex(pattern)
  return (value) => regex.test(value)
}

const anyOf = (key: string, patterns: readonly string[]): Test => {
  const tests = patterns.map((pattern) => valueTest(pattern.trim()))
  return (fields) => {
    const value = fields[key]
    return value !== undefined && tests.some((test) => test(value))
  }
}

const parseTerm = (term: string): Test => {
  const set = /^(\S+)\s+(in|notin)\s+\((.*)\)$/.exec(term)
  if (set !== null) {
    const test = anyOf(set[1]!, set[3]!.split(','))
    return set[2] === 'in' ? test : (fields) => !test(fields)
  }
  const pair = /^([^=!]+?)\s*(==|=|!=)\s*(.*)$/.exec(term)
  if (pair !== null) {
    const test = anyOf(pair[1]!, [pair[3]!])
    return pair[2] === '!=' ? (fields) => !test(fields) : test
  }
  if (term.startsWith('!')) return (fields) => fields[term.slice(1).trim()] === undefined
  return (fields) => fields[term] !== undefined
}

const parsed = new Map<string, Test>()

/** A bracket over such fields: the forms of a label selector, with globs in the values. */
export const fieldFilter = (text: string): Test => {
  const known = parsed.get(text)
  if (known !== undefined) return known
  const terms = text
    .split(/,(?![^(]*\))/)
    .map((term) => term.trim())
    .filter((term) => term !== '')
    .map(parseTerm)
  const filter: Test = (fields) => terms.every((test) => test(fields))
  parsed.set(text, filter)
  return filter
}
