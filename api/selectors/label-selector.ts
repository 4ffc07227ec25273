import { requirementPredicate, requirementText, type LabelRequirement, type Labels } from './label-requirement.ts'

/** A label selector, parsed once. */
export interface LabelSelectorPredicate {
  /** Sorted by key. */
  readonly requirements: readonly LabelRequirement[]
  /** Labels that an object must have to match: what an index can look up. Each is key and value. */
  readonly equalities: readonly (readonly [key: string, value: string])[]
  /** Selects everything. */
  readonly empty: boolean
  /** Selects nothing, whatever the labels: a nil LabelSelector. */
  readonly nothing: boolean
  /** Selector.String(). */
  readonly text: string
  matches(labels: Labels | undefined): boolean
}

const noLabels: Labels = Object.freeze({})

/** The selector that a list of valid requirements makes: all must hold. */
export const selectorOf = (requirements: readonly LabelRequirement[]): LabelSelectorPredicate => {
  // Array.sort is stable; so is Go's insertion sort of up to twelve requirements.
  const sorted = [...requirements].sort((a, b) => (a.key < b.key ? -1 : a.key > b.key ? 1 : 0))
  const predicates = sorted.map(requirementPredicate)
  const equalities: [string, string][] = []
  for (const { key, operator, values } of sorted) {
    const [value] = values
    if ((operator === '=' || operator === '==' || operator === 'in') && values.length === 1 && value !== undefined) {
      equalities.push([key, value])
    }
  }
  return Object.freeze({
    requirements: Object.freeze(sorted),
    equalities: Object.freeze(equalities),
    empty: sorted.length === 0,
    nothing: false,
    text: sorted.map(requirementText).join(','),
    matches: (labels: Labels | undefined) => {
      const present = labels ?? noLabels
      for (const predicate of predicates) if (!predicate(present)) return false
      return true
    },
  })
}

/** labels.Everything(). */
export const everything: LabelSelectorPredicate = selectorOf([])

/** labels.Nothing(). */
export const nothing: LabelSelectorPredicate = Object.freeze({
  requirements: [],
  equalities: [],
  empty: false,
  nothing: true,
  text: '',
  matches: () => false,
})

const sets = new WeakMap<Labels, LabelSelectorPredicate>()

/** labels.SelectorFromSet: every label of a map, as in a Service or a nodeSelector. Remembered by identity. */
export const selectorFromSet = (labels: Labels | undefined): LabelSelectorPredicate => {
  if (labels === undefined) return everything
  const known = sets.get(labels)
  if (known !== undefined) return known
  const selector = selectorOf(Object.keys(labels).map((key) => ({ key, operator: '=', values: [labels[key] ?? ''] })))
  if (Object.isFrozen(labels)) sets.set(labels, selector)
  return selector
}
