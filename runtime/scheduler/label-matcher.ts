import { selectorFromObject } from '../../api/selectors/label-selector-from-object.ts'
import {
  everything,
  nothing,
  selectorFromSet,
  selectorOf,
  type LabelSelectorPredicate,
} from '../../api/selectors/label-selector.ts'
import type { LabelOperator } from '../../api/selectors/label-requirement.ts'
import type { NodeSelector, NodeSelectorTerm, Pod } from '../../api/types/core-v1.generated.ts'
import type { LabelSelector } from '../../api/types/meta-v1.generated.ts'

export type Labels = Readonly<Record<string, string>> | undefined
export type LabelMatcher = LabelSelectorPredicate

/** Two matchers with the same text select the same. */
export const matcherText = (matcher: LabelMatcher): string => (matcher.nothing ? '!' : matcher.text)

/** metav1.LabelSelectorAsSelector: none selects nothing, an empty one everything. */
export const labelMatcher = (selector: LabelSelector | undefined): LabelMatcher => {
  const matcher = selectorFromObject(selector)
  return 'error' in matcher ? nothing : matcher
}

/** labels.SelectorFromSet. */
export const labelSetMatcher = (labels: Labels): LabelMatcher => selectorFromSet(labels)

/** The requirements of both; nothing stays nothing. */
export const bothMatch = (a: LabelMatcher, b: LabelMatcher): LabelMatcher => {
  if (a.nothing || b.nothing) return nothing
  if (a.empty) return b
  return b.empty ? a : selectorOf([...a.requirements, ...b.requirements])
}

export { everything }

const operators: Readonly<Record<string, LabelOperator>> = {
  In: 'in',
  NotIn: 'notin',
  Exists: 'exists',
  DoesNotExist: '!',
  Gt: 'gt',
  Lt: 'lt',
}

/** What of a node a node selector looks at. */
export interface NodeFacts {
  readonly name: string
  readonly labels: Labels
}
export type NodeMatcher = (node: NodeFacts) => boolean

/** nodeSelectorTerm.match. A term that says nothing matches nothing (undefined); a field other than the name matches nothing. */
const termMatcher = (term: NodeSelectorTerm): NodeMatcher | undefined => {
  const expressions = term.matchExpressions ?? []
  const fields = term.matchFields ?? []
  if (expressions.length === 0 && fields.length === 0) return undefined
  // An operator that does not exist makes a term that matches nothing.
  if (expressions.some((one) => operators[one.operator] === undefined)) return () => false
  const labels = selectorOf(
    expressions.map(({ key, operator, values }) => ({ key, operator: operators[operator]!, values: values ?? [] })),
  )
  return (node) => {
    if (!labels.matches(node.labels)) return false
    // A node without a name has no fields at all, and then none is asked.
    if (node.name === '') return true
    for (const field of fields) {
      if (field.values?.length !== 1) return false
      const same = (field.key === 'metadata.name' ? node.name : '') === field.values[0]
      if (field.operator === 'In' ? !same : field.operator === 'NotIn' ? same : true) return false
    }
    return true
  }
}

const termsOf = (terms: readonly NodeSelectorTerm[]): readonly NodeMatcher[] =>
  terms.map(termMatcher).filter((one) => one !== undefined)

const bySelectorTerms = new WeakMap<object, NodeMatcher>()

/** nodeaffinity.NodeSelector: its terms are alternatives. */
export const nodeMatcher = (selector: NodeSelector): NodeMatcher => {
  let matcher = bySelectorTerms.get(selector)
  if (matcher === undefined) {
    const terms = termsOf(selector.nodeSelectorTerms)
    matcher = (node) => {
      for (const term of terms) if (term(node)) return true
      return false
    }
    bySelectorTerms.set(selector, matcher)
  }
  return matcher
}

/** What a pod requires of its node by nodeSelector and required node affinity; undefined if nothing (GetRequiredNodeAffinity). */
export const requiredNode = (pod: Pod): NodeMatcher | undefined => {
  const selector = pod.spec.nodeSelector
  const required = pod.spec.affinity?.nodeAffinity?.requiredDuringSchedulingIgnoredDuringExecution
  const labels = selector === undefined || Object.keys(selector).length === 0 ? undefined : labelSetMatcher(selector)
  if (required === undefined) return labels === undefined ? undefined : (node) => labels.matches(node.labels)
  const affinity = nodeMatcher(required)
  if (labels === undefined) return affinity
  return (node) => labels.matches(node.labels) && affinity(node)
}

export interface WeightedNodeMatcher {
  readonly weight: number
  readonly matches: NodeMatcher
}

/** nodeaffinity.NewPreferredSchedulingTerms: terms without weight or content do not count. */
export const preferredNodes = (
  terms: readonly { readonly weight: number; readonly preference: NodeSelectorTerm }[],
): readonly WeightedNodeMatcher[] => {
  const matchers: WeightedNodeMatcher[] = []
  for (const term of terms) {
    const matches = term.weight === 0 ? undefined : termMatcher(term.preference)
    if (matches !== undefined) matchers.push({ weight: term.weight, matches })
  }
  return matchers
}
