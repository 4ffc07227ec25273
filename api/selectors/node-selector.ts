import { goQuote } from '../names/go-quote.ts'
import type {
  Node,
  NodeSelector,
  NodeSelectorRequirement,
  NodeSelectorTerm,
  Pod,
  PreferredSchedulingTerm,
} from '../types/core-v1.generated.ts'
import {
  aggregateText,
  requirementProblems,
  type LabelOperator,
  type LabelRequirement,
  type Labels,
} from './label-requirement.ts'
import { selectorFromSet, selectorOf, type LabelSelectorPredicate } from './label-selector.ts'

// component-helpers/scheduling/corev1/nodeaffinity

/** Whether a node matches; the error is told only where no term matched. */
export interface NodeMatch {
  readonly match: boolean
  readonly error?: string
}

interface ParsedTerm {
  readonly labels: LabelSelectorPredicate | undefined
  readonly fields: readonly { readonly key: string; readonly value: string; readonly equal: boolean }[]
  readonly problems: readonly string[]
}

const operators: ReadonlyMap<string, LabelOperator> = new Map([
  ['In', 'in'],
  ['NotIn', 'notin'],
  ['Exists', 'exists'],
  ['DoesNotExist', '!'],
  ['Gt', 'gt'],
  ['Lt', 'lt'],
])

const unsupported = (path: string, operator: string, supported: readonly string[]): string =>
  `${path}.operator: Unsupported value: ${goQuote(operator)}: supported values: ${supported.map(goQuote).join(', ')}`

const parseLabels = (
  expressions: readonly NodeSelectorRequirement[],
  path: string,
  problems: string[],
): LabelSelectorPredicate => {
  const requirements: LabelRequirement[] = []
  expressions.forEach(({ key, operator: name, values }, i) => {
    const operator = operators.get(name)
    if (operator === undefined) {
      // field.NotSupported sorts the values that it would accept.
      problems.push(unsupported(`${path}[${i}]`, name, [...operators.keys()].sort()))
      return
    }
    const requirement = { key, operator, values: values ?? [] }
    problems.push(...requirementProblems(requirement, `${path}[${i}]`))
    requirements.push(requirement)
  })
  return selectorOf(requirements)
}

const parseFields = (
  expressions: readonly NodeSelectorRequirement[],
  path: string,
  problems: string[],
): ParsedTerm['fields'] =>
  expressions.map(({ key, operator, values }, i) => {
    if (operator !== 'In' && operator !== 'NotIn')
      problems.push(unsupported(`${path}[${i}]`, operator, ['In', 'NotIn']))
    else if (values?.length !== 1) {
      const listed = values === undefined ? 'null' : JSON.stringify(values)
      problems.push(`${path}[${i}].values: Invalid value: ${listed}: must have one element`)
    }
    return { key, value: values?.[0] ?? '', equal: operator === 'In' }
  })

const isEmpty = (term: NodeSelectorTerm): boolean =>
  (term.matchExpressions?.length ?? 0) === 0 && (term.matchFields?.length ?? 0) === 0

const parseTerm = (term: NodeSelectorTerm, path: string): ParsedTerm => {
  const problems: string[] = []
  const expressions = term.matchExpressions ?? []
  const labels = expressions.length === 0 ? undefined : parseLabels(expressions, `${path}.matchExpressions`, problems)
  const fields = parseFields(term.matchFields ?? [], `${path}.matchFields`, problems)
  return { labels, fields, problems }
}

const termMatches = (term: ParsedTerm, labels: Labels | undefined, name: string): boolean => {
  if (term.labels !== undefined && !term.labels.matches(labels)) return false
  // A node without a name has no fields at all, and then none is asked.
  if (name === '') return true
  return term.fields.every(({ key, value, equal }) => ((key === 'metadata.name' ? name : '') === value) === equal)
}

/** A node selector, parsed once: LazyErrorNodeSelector. */
export interface NodeSelectorPredicate {
  matches(node: Node): NodeMatch
  /** The node names that a term can match at all, where every term names one in its matchFields. */
  readonly names: readonly string[] | undefined
}

const namesOf = (terms: readonly ParsedTerm[]): readonly string[] | undefined => {
  const names: string[] = []
  for (const term of terms) {
    const named = term.fields.find(({ key, equal }) => key === 'metadata.name' && equal)
    if (named === undefined || term.problems.length > 0) return undefined
    names.push(named.value)
  }
  return names
}

const parseSelector = (selector: NodeSelector): NodeSelectorPredicate => {
  const terms: ParsedTerm[] = []
  ;(selector.nodeSelectorTerms ?? []).forEach((term, i) => {
    if (!isEmpty(term)) terms.push(parseTerm(term, `nodeSelectorTerms[${i}]`))
  })
  const problems = terms.flatMap((term) => term.problems)
  const failure: NodeMatch = problems.length === 0 ? { match: false } : { match: false, error: aggregateText(problems) }
  const usable = terms.filter((term) => term.problems.length === 0)
  return {
    names: namesOf(terms),
    matches: (node) => {
      const name = node.metadata.name ?? ''
      for (const term of usable) if (termMatches(term, node.metadata.labels, name)) return { match: true }
      return failure
    },
  }
}

const remembered = new WeakMap<NodeSelector, NodeSelectorPredicate>()

/** A parsed NodeSelector. Remembered by identity of a frozen one. */
export const nodeSelector = (selector: NodeSelector): NodeSelectorPredicate => {
  const known = remembered.get(selector)
  if (known !== undefined) return known
  const parsed = parseSelector(selector)
  if (Object.isFrozen(selector)) remembered.set(selector, parsed)
  return parsed
}

/** GetRequiredNodeAffinity(pod).Match(node): spec.nodeSelector and the required node affinity. */
export const matchesRequiredNodeAffinity = (pod: Pod, node: Node): NodeMatch => {
  const labels = pod.spec?.nodeSelector
  if (labels !== undefined && !selectorFromSet(labels).matches(node.metadata.labels)) return { match: false }
  const required = pod.spec?.affinity?.nodeAffinity?.requiredDuringSchedulingIgnoredDuringExecution
  return required === undefined ? { match: true } : nodeSelector(required).matches(node)
}

/** NewPreferredSchedulingTerms and Score: the sum of the weights of the terms that match. */
export interface PreferredTerms {
  score(node: Node): number
}

const parsePreferred = (terms: readonly PreferredSchedulingTerm[]): PreferredTerms | { readonly error: string } => {
  const parsed: { readonly term: ParsedTerm; readonly weight: number }[] = []
  terms.forEach(({ weight, preference }, i) => {
    if (weight !== 0 && !isEmpty(preference)) parsed.push({ term: parseTerm(preference, `[${i}]`), weight })
  })
  const problems = parsed.flatMap(({ term }) => term.problems)
  if (problems.length > 0) return { error: aggregateText(problems) }
  return {
    score: (node) => {
      let score = 0
      for (const { term, weight } of parsed) {
        if (termMatches(term, node.metadata.labels, node.metadata.name ?? '')) score += weight
      }
      return score
    },
  }
}

const preferred = new WeakMap<readonly PreferredSchedulingTerm[], PreferredTerms | { readonly error: string }>()

/** Parsed preferred terms. Remembered by identity of a frozen list. */
export const preferredTerms = (
  terms: readonly PreferredSchedulingTerm[],
): PreferredTerms | { readonly error: string } => {
  const known = preferred.get(terms)
  if (known !== undefined) return known
  const parsed = parsePreferred(terms)
  if (Object.isFrozen(terms)) preferred.set(terms, parsed)
  return parsed
}
