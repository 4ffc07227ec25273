import { goQuote } from '../names/go-quote.ts'
import type { LabelSelector } from '../types/meta-v1.generated.ts'
import {
  aggregateText,
  requirementProblems,
  type LabelOperator,
  type LabelRequirement,
  type Problem,
} from './label-requirement.ts'
import { everything, nothing, selectorOf, type LabelSelectorPredicate } from './label-selector.ts'

const operators: ReadonlyMap<string, LabelOperator> = new Map([
  ['In', 'in'],
  ['NotIn', 'notin'],
  ['Exists', 'exists'],
  ['DoesNotExist', '!'],
])

const convert = (selector: LabelSelector): LabelSelectorPredicate | Problem => {
  const requirements: LabelRequirement[] = []
  const add = (requirement: LabelRequirement): Problem | undefined => {
    const problems = requirementProblems(requirement)
    requirements.push(requirement)
    return problems.length > 0 ? { error: aggregateText(problems) } : undefined
  }
  const labels = selector.matchLabels ?? {}
  for (const key of Object.keys(labels)) {
    const problem = add({ key, operator: '=', values: [labels[key] ?? ''] })
    if (problem !== undefined) return problem
  }
  for (const expression of selector.matchExpressions ?? []) {
    const operator = operators.get(expression.operator)
    if (operator === undefined)
      return { error: `${goQuote(expression.operator)} is not a valid label selector operator` }
    const problem = add({ key: expression.key, operator, values: expression.values ?? [] })
    if (problem !== undefined) {
      // A missing list is a nil slice in Go, and shows as null.
      return expression.values === undefined || expression.values.length === 0
        ? { error: problem.error.replace('values: Invalid value: []', 'values: Invalid value: null') }
        : problem
    }
  }
  return requirements.length === 0 ? everything : selectorOf(requirements)
}

const remembered = new WeakMap<LabelSelector, LabelSelectorPredicate | Problem>()

/** LabelSelectorAsSelector: none selects nothing, an empty one everything. Remembered by identity of a frozen selector. */
export const selectorFromObject = (selector: LabelSelector | undefined | null): LabelSelectorPredicate | Problem => {
  if (selector === undefined || selector === null) return nothing
  const known = remembered.get(selector)
  if (known !== undefined) return known
  const result = convert(selector)
  if (Object.isFrozen(selector)) remembered.set(selector, result)
  return result
}

/** The selector of a validated field; one that does not parse selects nothing. */
export const validSelector = (selector: LabelSelector | undefined | null): LabelSelectorPredicate => {
  const result = selectorFromObject(selector)
  return 'error' in result ? nothing : result
}

/** FormatLabelSelector: as describe and tables show it. */
export const formatLabelSelector = (selector: LabelSelector | undefined | null): string => {
  const result = selectorFromObject(selector)
  if ('error' in result) return '<error>'
  return result.text === '' ? '<none>' : result.text
}
