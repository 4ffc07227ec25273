import type { KubeObject } from '../object.ts'

/** What a word may look at besides its object: a service is Ready by its slices. */
export interface Surroundings {
  list(resource: string, namespace: string | undefined): readonly KubeObject[]
}

/** One state word of a kind: a predicate over objects, and the condition that `because` asks. */
export interface WordRule {
  holds(object: KubeObject, around: Surroundings): boolean
  /** Type of the condition behind the word. */
  readonly condition?: string
  /** Where `because` also looks, for words that no condition stands behind. */
  readonly causes?: 'pod'
}
