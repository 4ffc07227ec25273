import { parseFieldSelector } from '../../../../api/selectors/field-selector.ts'
import type { Labels } from '../../../../api/selectors/label-requirement.ts'
import { formatLabelSelector, selectorFromObject } from '../../../../api/selectors/label-selector-from-object.ts'
import type { LabelSelectorPredicate } from '../../../../api/selectors/label-selector.ts'
import { matchesRequiredNodeAffinity, preferredTerms } from '../../../../api/selectors/node-selector.ts'
import { parseLabelSelector } from '../../../../api/selectors/parse-label-selector.ts'
import type { Node, Pod, PreferredSchedulingTerm } from '../../../../api/types/core-v1.generated.ts'
import type { LabelSelector } from '../../../../api/types/meta-v1.generated.ts'
import type { Topic } from './topic.ts'

interface Text {
  readonly selector: string
  readonly sets: readonly Labels[]
}
const common = (selector: LabelSelectorPredicate, sets: readonly Labels[]): object => ({
  canonical: selector.text,
  empty: selector.empty,
  matches: sets.map((labels) => selector.matches(labels)),
})

export const labelSelector: Topic = {
  parse: ({ selector: text, sets }: Text) => {
    const selector = parseLabelSelector(text)
    if ('error' in selector) return selector
    return { ...common(selector, sets), requirements: { list: selector.requirements, selectable: !selector.nothing } }
  },
  labelSelectorAsSelector: ({
    selector: object,
    sets,
  }: {
    selector: LabelSelector | null
    sets: readonly Labels[]
  }) => {
    const selector = selectorFromObject(object)
    if ('error' in selector) return selector
    return { ...common(selector, sets), formatted: formatLabelSelector(object) }
  },
}

export const fieldSelector: Topic = {
  parse: ({ selector: text, sets }: Text) => {
    const selector = parseFieldSelector(text)
    if ('error' in selector) return selector
    return {
      canonical: selector.text,
      empty: selector.empty,
      requirements: selector.requirements,
      matches: sets.map((fields) => selector.matches((field) => fields[field] ?? '')),
    }
  },
}

export const nodeAffinity: Topic = {
  required: ({ pod, nodes }: { pod: Pod; nodes: readonly Node[] }) => ({
    nodes: nodes.map((node) => matchesRequiredNodeAffinity(pod, node)),
  }),
  preferredScore: ({ terms, nodes }: { terms: readonly PreferredSchedulingTerm[] | null; nodes: readonly Node[] }) => {
    const parsed = preferredTerms(terms ?? [])
    return 'error' in parsed ? parsed : { scores: nodes.map((node) => parsed.score(node)) }
  },
}
