import { goValueText } from '../json/go-value-text.ts'
import { goQuote } from '../names/go-quote.ts'
import { listElement } from './list-element.ts'
import { elementText } from './path-element.ts'
import { deduce, fieldAtomOf, type Atom } from './value-schema.ts'

const goType = (value: unknown): string => {
  if (Array.isArray(value)) return '[]interface {}'
  switch (typeof value) {
    case 'string':
      return 'string'
    case 'boolean':
      return 'bool'
    case 'number':
      return Number.isInteger(value) ? 'int64' : 'float64'
    default:
      return 'map[string]interface {}'
  }
}

const scalarProblem = (scalar: NonNullable<Atom['scalar']>, value: unknown): string | undefined => {
  const shown = typeof value === 'string' ? goQuote(value) : goValueText(value)
  switch (scalar) {
    case 'numeric':
      return typeof value === 'number' ? undefined : `expected numeric (int or float), got ${goType(value)}`
    case 'string':
      return typeof value === 'string' ? undefined : `expected string, got &value.valueUnstructured{Value:${shown}}`
    case 'boolean':
      return typeof value === 'boolean' ? undefined : `expected boolean, got &{${goValueText(value)}}`
    case 'untyped':
      return typeof value === 'object' ? `expected any scalar, got &{${goValueText(value)}}` : undefined
  }
}

const visit = (atom: Atom, value: unknown, path: string, problems: string[]): void => {
  const report = (message: string, at: string): void => {
    problems.push(at === '' ? message : `${at}: ${message}`)
  }
  const shape = deduce(atom, value)
  if (value === null || value === undefined) return
  if (shape.map !== undefined) {
    if (typeof value !== 'object' || Array.isArray(value)) {
      report(`expected map, got &{${goValueText(value)}}`, path)
      return
    }
    const fields = value as Record<string, unknown>
    for (const name of Object.keys(fields)) {
      const ref = fieldAtomOf(shape.map, name)
      // Upstream stops at the first field that it does not know.
      if (ref === undefined) {
        report('field not declared in schema', `${path}.${name}`)
        return
      }
      visit(ref(), fields[name], `${path}.${name}`, problems)
    }
  } else if (shape.scalar !== undefined) {
    const problem = scalarProblem(shape.scalar, value)
    if (problem !== undefined) report(problem, path)
  } else if (shape.list !== undefined) {
    if (!Array.isArray(value)) {
      report(`expected list, got &{${goValueText(value)}}`, path)
      return
    }
    const { list } = shape
    const seen = new Set<string>()
    for (const [i, item] of (value as unknown[]).entries()) {
      const element = list.kind === 'atomic' ? `i:${i}` : listElement(list, item)
      if (typeof element !== 'string') {
        report(`element ${i}: ${element.error}`, path)
        return
      }
      if (seen.has(element)) report(`duplicate entries for key ${elementText(element)}`, path)
      seen.add(element)
      visit(list.element(), item, `${path}${elementText(element)}`, problems)
    }
  }
}

/** TypedValue.Validate: why an applied object does not fit its schema; undefined if it does. */
export const validateValue = (atom: Atom, value: unknown): string | undefined => {
  const problems: string[] = []
  visit(atom, value, '', problems)
  if (problems.length === 0) return undefined
  return problems.length === 1 ? problems[0] : ['errors:', ...problems.map((problem) => `  ${problem}`)].join('\n')
}
