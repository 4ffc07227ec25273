import type { NodeSelector, NodeSelectorTerm, Pod } from '../../api/types/core-v1.generated.ts'
import type { LabelSelector } from '../../api/types/meta-v1.generated.ts'

export type Labels = Readonly<Record<string, string>> | undefined

/** A label selector read once. Two with the same text select the same. */
export interface LabelMatcher {
  readonly text: string
  /** Selects everything because it says nothing (labels.Everything). */
  readonly empty: boolean
  readonly matches: (labels: Labels) => boolean
}

type Operator = 'In' | 'NotIn' | 'Exists' | 'DoesNotExist' | 'Gt' | 'Lt'
interface Requirement {
  readonly key: string
  readonly operator: Operator
  readonly values: readonly string[]
}

const integer = (text: string): bigint | undefined => {
  if (!/^[+-]?[0-9]+$/.test(text)) return undefined
  const value = BigInt(text.startsWith('+') ? text.slice(1) : text)
  return BigInt.asIntN(64, value) === value ? value : undefined
}

/** labels.Requirement.Matches. */
const meets = (requirement: Requirement, labels: Labels): boolean => {
  const { key, operator, values } = requirement
  const value = labels !== undefined && Object.hasOwn(labels, key) ? labels[key] : undefined
  switch (operator) {
    case 'In':
      return value !== undefined && values.includes(value)
    case 'NotIn':
      return value === undefined || !values.includes(value)
    case 'Exists':
      return value !== undefined
    case 'DoesNotExist':
      return value === undefined
    case 'Gt':
    case 'Lt': {
      const left = value === undefined ? undefined : integer(value)
      const right = integer(values[0] ?? '')
      if (left === undefined || right === undefined) return false
      return operator === 'Gt' ? left > right : left < right
    }
  }
}

const known = new Map<string, LabelMatcher>()
const forgetAt = 20_000

const matcherOf = (requirements: readonly Requirement[]): LabelMatcher => {
  const sorted = requirements
    .map((one) => ({ ...one, values: [...new Set(one.values)].sort() }))
    .sort((a, b) => (a.key < b.key ? -1 : a.key > b.key ? 1 : a.operator < b.operator ? -1 : 1))
  const text = JSON.stringify(sorted.map((one) => [one.key, one.operator, one.values]))
  const found = known.get(text)
  if (found !== undefined) return found
  const matcher: LabelMatcher = {
    text,
    empty: sorted.length === 0,
    matches: (labels) => {
      for (const requirement of sorted) if (!meets(requirement, labels)) return false
      return true
    },
  }
  if (known.size >= forgetAt) known.clear()
  known.set(text, matcher)
  return matcher
}

export const everything: LabelMatcher = matcherOf([])
export const nothing: LabelMatcher = { text: 'nothing', empty: false, matches: () => false }

const requirementsOf = (selector: LabelSelector): Requirement[] => [
  ...Object.entries(selector.matchLabels ?? {}).map(([key, value]): Requirement => ({
    key,
    operator: 'In',
    values: [value],
  })),
  ...(selector.matchExpressions ?? []).map((one): Requirement => ({
    key: one.key,
    operator: one.operator as Operator,
    values: one.values ?? [],
  })),
]

const bySelector = new WeakMap<LabelSelector, LabelMatcher>()

/** metav1.LabelSelectorAsSelector: none selects nothing, an empty one everything. */
export const labelMatcher = (selector: LabelSelector | undefined): LabelMatcher => {
  if (selector === undefined) return nothing
  let matcher = bySelector.get(selector)
  if (matcher === undefined) {
    matcher = matcherOf(requirementsOf(selector))
    bySelector.set(selector, matcher)
  }
  return matcher
}

/** labels.SelectorFromSet. */
export const labelSetMatcher = (labels: Labels): LabelMatcher =>
  matcherOf(Object.entries(labels ?? {}).map(([key, value]) => ({ key, operator: 'In', values: [value] })))

/** The requirements of both; nothing stays nothing. */
export const bothMatch = (a: LabelMatcher, b: LabelMatcher): LabelMatcher => {
  if (a.empty) return b
  if (b.empty || a.text === b.text) return a
  return { text: `${a.text}&${b.text}`, empty: false, matches: (labels) => a.matches(labels) && b.matches(labels) }
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
  const labels = matcherOf(
    expressions.map((one) => ({ key: one.key, operator: one.operator as Operator, values: one.values ?? [] })),
  )
  return (node) => {
    if (!labels.matches(node.labels)) return false
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
