import { goQuote } from '../names/go-quote.ts'
import { isLabelKey, isLabelValue } from '../names/label-names.ts'

/** selection.Operator, spelled as upstream does. */
export type LabelOperator = '=' | '==' | '!=' | 'in' | 'notin' | 'exists' | '!' | 'gt' | 'lt'

export interface LabelRequirement {
  readonly key: string
  readonly operator: LabelOperator
  readonly values: readonly string[]
}

export type Labels = { readonly [key: string]: string }

export interface Problem {
  readonly error: string
}

const minInt64 = -9223372036854775808n

/** strconv.ParseInt(text, 10, 64). */
const parseInteger = (text: string): bigint | undefined => {
  if (!/^[+-]?[0-9]+$/.test(text)) return undefined
  const value = BigInt(text.startsWith('+') ? text.slice(1) : text)
  return value >= minInt64 && value < -minInt64 ? value : undefined
}

/** ErrorList.ToAggregate: each text once; several in brackets. */
export const aggregateText = (errors: readonly string[]): string => {
  const once = [...new Set(errors)]
  return once.length === 1 ? (once[0] ?? '') : `[${once.join(', ')}]`
}

const valueProblems = ({ operator, values }: LabelRequirement, path: string): string[] => {
  const listed = `${path}: Invalid value: ${JSON.stringify(values)}`
  switch (operator) {
    case 'in':
    case 'notin':
      return values.length === 0 ? [`${listed}: for 'in', 'notin' operators, values set can't be empty`] : []
    case '=':
    case '==':
    case '!=':
      return values.length === 1 ? [] : [`${listed}: exact-match compatibility requires one single value`]
    case 'exists':
    case '!':
      return values.length === 0 ? [] : [`${listed}: values set must be empty for exists and does not exist`]
    case 'gt':
    case 'lt': {
      const problems = values.length === 1 ? [] : [`${listed}: for 'Gt', 'Lt' operators, exactly one value is required`]
      values.forEach((value, i) => {
        if (parseInteger(value) === undefined) {
          problems.push(
            `${path}[${i}]: Invalid value: ${goQuote(value)}: for 'Gt', 'Lt' operators, the value must be an integer`,
          )
        }
      })
      return problems
    }
  }
}

/** labels.NewRequirement: the complaints about a requirement at a path ('' is none). */
export const requirementProblems = (requirement: LabelRequirement, path = ''): string[] => {
  const below = path === '' ? '' : `${path}.`
  const problems: string[] = []
  const keyErrors = isLabelKey(requirement.key)
  if (keyErrors.length > 0) {
    problems.push(`${below}key: Invalid value: ${goQuote(requirement.key)}: ${keyErrors.join('; ')}`)
  }
  problems.push(...valueProblems(requirement, `${below}values`))
  requirement.values.forEach((value, i) => {
    const errors = isLabelValue(value)
    if (errors.length > 0) {
      problems.push(`${below}values[${i}][${requirement.key}]: Invalid value: ${goQuote(value)}: ${errors.join('; ')}`)
    }
  })
  return problems
}

/** Requirement.Matches, with what it needs computed once. */
export const requirementPredicate = (requirement: LabelRequirement): ((labels: Labels) => boolean) => {
  const { key, operator, values } = requirement
  const first = values[0]
  switch (operator) {
    case '=':
    case '==':
    case 'in':
      if (values.length === 1) return (labels) => Object.hasOwn(labels, key) && labels[key] === first
      return (labels) => Object.hasOwn(labels, key) && values.includes(labels[key] ?? '')
    case '!=':
    case 'notin':
      return (labels) => !Object.hasOwn(labels, key) || !values.includes(labels[key] ?? '')
    case 'exists':
      return (labels) => Object.hasOwn(labels, key)
    case '!':
      return (labels) => !Object.hasOwn(labels, key)
    case 'gt':
    case 'lt': {
      const bound = values.length === 1 ? parseInteger(first ?? '') : undefined
      if (bound === undefined) return () => false
      return (labels) => {
        const value = Object.hasOwn(labels, key) ? parseInteger(labels[key] ?? '') : undefined
        return value !== undefined && (operator === 'gt' ? value > bound : value < bound)
      }
    }
  }
}

const listText = (values: readonly string[]): string => [...values].sort().join(',')

/** Requirement.String(). */
export const requirementText = ({ key, operator, values }: LabelRequirement): string => {
  switch (operator) {
    case 'exists':
      return key
    case '!':
      return `!${key}`
    case 'in':
    case 'notin':
      return `${key} ${operator} (${listText(values)})`
    case 'gt':
      return `${key}>${listText(values)}`
    case 'lt':
      return `${key}<${listText(values)}`
    default:
      return `${key}${operator}${listText(values)}`
  }
}
