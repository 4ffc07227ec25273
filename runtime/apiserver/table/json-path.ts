import { structuralEqual } from '../../../api/json/structural-equal.ts'

type Step =
  | { readonly kind: 'key'; readonly key: string }
  | { readonly kind: 'every' }
  | { readonly kind: 'deep' }
  | { readonly kind: 'slice'; readonly from: number | undefined; readonly to: number | undefined; readonly by: number }
  | { readonly kind: 'index'; readonly index: number }
  | { readonly kind: 'filter'; readonly left: readonly Step[]; readonly operator: string; readonly right: unknown }

const literal = (text: string): unknown => {
  if (/^(['"]).*\1$/s.test(text)) return text.slice(1, -1)
  if (text === 'true' || text === 'false') return text === 'true'
  const number = Number(text)
  return text !== '' && !Number.isNaN(number) ? number : text
}

const bracket = (body: string): Step | undefined => {
  const text = body.trim()
  if (text === '*') return { kind: 'every' }
  if (/^(['"]).*\1$/s.test(text)) return { kind: 'key', key: text.slice(1, -1).replaceAll(/\\(.)/g, '$1') }
  if (/^-?\d+$/.test(text)) return { kind: 'index', index: Number(text) }
  const slice = /^(-?\d+)?:(-?\d+)?(?::(\d+))?$/.exec(text)
  if (slice !== null) {
    const end = (part: string | undefined): number | undefined => (part === undefined ? undefined : Number(part))
    return { kind: 'slice', from: end(slice[1]), to: end(slice[2]), by: Number(slice[3] ?? 1) }
  }
  const filter = /^\?\(\s*@(.*?)\s*(?:(==|!=|<=|>=|<|>)\s*(.+?)\s*)?\)$/s.exec(text)
  if (filter === null) return undefined
  const left = parseJsonPath(filter[1] ?? '')
  if (left === undefined) return undefined
  return { kind: 'filter', left, operator: filter[2] ?? 'exists', right: literal(filter[3] ?? '') }
}

/** Where a bracket ends: quotes and brackets inside of it are passed over. */
const closing = (text: string, from: number): number => {
  let depth = 0
  let quote = ''
  for (let at = from; at < text.length; at += 1) {
    const letter = text[at]!
    if (quote !== '') {
      if (letter === '\\') at += 1
      else if (letter === quote) quote = ''
    } else if (letter === "'" || letter === '"') quote = letter
    else if (letter === '[') depth += 1
    else if (letter === ']') {
      depth -= 1
      if (depth === 0) return at
    }
  }
  return -1
}

/** A JSONPath as printer columns have it (client-go util/jsonpath): names, indexes, slices, wildcards and filters. */
export const parseJsonPath = (text: string): readonly Step[] | undefined => {
  const steps: Step[] = []
  let at = 0
  while (at < text.length) {
    if (text[at] === '[') {
      const end = closing(text, at)
      const step = end === -1 ? undefined : bracket(text.slice(at + 1, end))
      if (step === undefined) return undefined
      steps.push(step)
      at = end + 1
      continue
    }
    if (text.startsWith('..', at)) {
      steps.push({ kind: 'deep' })
      at += 1
    }
    if (text[at] === '.') at += 1
    let key = ''
    while (at < text.length && text[at] !== '.' && text[at] !== '[') {
      if (text[at] === '\\') at += 1
      key += text[at] ?? ''
      at += 1
    }
    if (key === '*') steps.push({ kind: 'every' })
    else if (key !== '') steps.push({ kind: 'key', key })
  }
  return steps
}

const compare = (left: unknown, operator: string, right: unknown): boolean => {
  switch (operator) {
    case '==':
      return structuralEqual(left, right)
    case '!=':
      return !structuralEqual(left, right)
    default: {
      if (typeof left !== typeof right || (typeof left !== 'number' && typeof left !== 'string')) return false
      const [a, b] = [left, right as typeof left]
      return operator === '<' ? a < b : operator === '<=' ? a <= b : operator === '>' ? a > b : a >= b
    }
  }
}

const values = (value: unknown): readonly unknown[] =>
  Array.isArray(value) ? value : typeof value === 'object' && value !== null ? Object.values(value) : []

const everything = (value: unknown): readonly unknown[] => [value, ...values(value).flatMap(everything)]

const take = (value: unknown, step: Step): readonly unknown[] => {
  switch (step.kind) {
    case 'key':
      return typeof value === 'object' && value !== null && !Array.isArray(value) && Object.hasOwn(value, step.key)
        ? [(value as Readonly<Record<string, unknown>>)[step.key]]
        : []
    case 'every':
      return values(value)
    case 'deep':
      return everything(value)
    case 'index': {
      const found = Array.isArray(value) ? (value.at(step.index) as unknown) : undefined
      return found === undefined ? [] : [found]
    }
    case 'slice': {
      const list: readonly unknown[] = Array.isArray(value) ? value : []
      return list.slice(step.from, step.to).filter((_, index) => index % Math.max(step.by, 1) === 0)
    }
    case 'filter':
      return values(value).filter((item) => {
        const [left] = findJsonPath(item, step.left)
        return step.operator === 'exists'
          ? left !== undefined
          : left !== undefined && compare(left, step.operator, step.right)
      })
  }
}

/** What a path finds; nothing where something on the way is missing. */
export const findJsonPath = (value: unknown, steps: readonly Step[]): readonly unknown[] =>
  steps.reduce<readonly unknown[]>((found, step) => found.flatMap((one) => take(one, step)), [value])
