import type { Block } from '../../dsl/plan/operation.ts'
import type { Cluster } from '../cluster/cluster.ts'
import { EvaluationError } from '../expect/evaluation-error.ts'
import type { SeenState } from '../expect/moment.ts'

/** Whether a sentence of the block says `seen by`: only then is what the processes see kept. */
export const looksIntoCaches = (block: Block): boolean =>
  block.operations.some(
    (one) =>
      (one.kind === 'expect' && one.expectation.seenBy !== undefined) || ('body' in one && looksIntoCaches(one.body)),
  )

/** The cluster as a component knows it: objects are those of its caches, ground truth and the clock are everybody's. */
export const seenBy = (component: string, cluster: Cluster): SeenState | undefined => {
  const caches = cluster.cachesOf(component)
  if (caches === undefined) return undefined
  const { state } = cluster
  const watched = (resource: string): string => {
    if (caches.watches(resource)) return resource
    throw new EvaluationError(`${component} does not watch ${resource}: its caches say nothing about them`)
  }
  return {
    state: {
      get now() {
        return state.now
      },
      get entry() {
        return state.entry
      },
      get revision() {
        return state.revision
      },
      get: (resource, namespace, name) => caches.get(watched(resource), namespace, name),
      list: (resource, namespace) => caches.list(watched(resource), namespace),
      truth: (subject) => state.truth(subject),
      truths: (prefix) => state.truths(prefix),
    },
    subscribe: (changed) => caches.subscribe(changed),
  }
}
