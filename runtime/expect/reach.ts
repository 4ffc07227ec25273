import { validSelector } from '../../api/selectors/label-selector-from-object.ts'
import { selectorFromSet, type LabelSelectorPredicate } from '../../api/selectors/label-selector.ts'
import { matchesRequiredNodeAffinity } from '../../api/selectors/node-selector.ts'
import type { KubeObject } from '../../api/object.ts'
import type { DaemonSet } from '../../api/types/apps-v1.generated.ts'
import type { Node, Pod, Service } from '../../api/types/core-v1.generated.ts'
import type { PodDisruptionBudget } from '../../api/types/policy-v1.generated.ts'

/** The objects of a resource in one state of the run. */
export type ObjectsOf = (resource: string) => readonly KubeObject[]

/** How many nodes or pods the selectors of an object reach. */
export interface Reach {
  readonly what: 'nodes' | 'pods'
  readonly count: number
}

/** Resources whose objects reach others by labels. */
export const reachingResources: readonly string[] = [
  'daemonsets.apps',
  'networkpolicies.networking.k8s.io',
  'poddisruptionbudgets.policy',
  'services',
]

/** undefined: the object has no selector. */
export const reachOf = (resource: string, object: KubeObject, objects: ObjectsOf): Reach | undefined => {
  const pods = (selector: LabelSelectorPredicate): Reach => {
    const own = objects('pods').filter((pod) => pod.metadata.namespace === object.metadata.namespace)
    return { what: 'pods', count: own.filter((pod) => selector.matches(pod.metadata.labels)).length }
  }
  switch (resource) {
    case 'daemonsets.apps': {
      const pod = { spec: (object as KubeObject & DaemonSet).spec?.template.spec } as Pod
      const reached = objects('nodes').filter((node) => matchesRequiredNodeAffinity(pod, node as unknown as Node).match)
      return { what: 'nodes', count: reached.length }
    }
    case 'services': {
      const selector = (object as KubeObject & Service).spec?.selector
      return selector === undefined ? undefined : pods(selectorFromSet(selector))
    }
    case 'poddisruptionbudgets.policy':
      return pods(validSelector((object as KubeObject & PodDisruptionBudget).spec?.selector))
    case 'networkpolicies.networking.k8s.io': {
      const { spec } = object as KubeObject & { readonly spec?: { readonly podSelector?: object } }
      return pods(validSelector(spec?.podSelector ?? {}))
    }
    default:
      return undefined
  }
}
