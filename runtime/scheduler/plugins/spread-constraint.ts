import type { Service, TopologySpreadConstraint } from '../../../api/types/core-v1.generated.ts'
import type { OwnerReference } from '../../../api/types/meta-v1.generated.ts'
import type { PodQuery } from '../cache/match-index.ts'
import type { Listers } from '../framework.ts'
import {
  bothMatch,
  everything,
  labelMatcher,
  labelSetMatcher,
  matcherText,
  type LabelMatcher,
  type Labels,
} from '../label-matcher.ts'
import type { PodInfo } from '../pod-info.ts'

/** A spread constraint, read once (topologySpreadConstraint, podtopologyspread/common.go). */
export interface SpreadConstraint {
  readonly maxSkew: number
  readonly topologyKey: string
  readonly selector: LabelMatcher
  readonly minDomains: number
  readonly honorAffinity: boolean
  readonly honorTaints: boolean
}

export type WhenUnsatisfiable = 'DoNotSchedule' | 'ScheduleAnyway'

/** matchLabelKeys: the pod's own values are required of the counted pods. */
const ownValues = (keys: readonly string[] | undefined, labels: Labels): LabelMatcher => {
  const own: Record<string, string> = {}
  for (const key of keys ?? []) {
    const value = labels?.[key]
    if (value !== undefined) own[key] = value
  }
  return labelSetMatcher(own)
}

export const readConstraints = (
  constraints: readonly TopologySpreadConstraint[],
  action: WhenUnsatisfiable,
  labels: Labels,
): readonly SpreadConstraint[] =>
  constraints
    .filter((one) => one.whenUnsatisfiable === action)
    .map((one) => {
      const selector = labelMatcher(one.labelSelector)
      return {
        maxSkew: one.maxSkew,
        topologyKey: one.topologyKey,
        selector: bothMatch(ownValues(one.matchLabelKeys, labels), selector),
        minDomains: one.minDomains ?? 1,
        honorAffinity: one.nodeAffinityPolicy !== 'Ignore',
        honorTaints: one.nodeTaintsPolicy === 'Honor',
      }
    })

/** countPodsMatchSelector: pods of the namespace that the selector matches and that are not being deleted; none for an empty one. */
export const spreadQuery = (namespace: string, selector: LabelMatcher): PodQuery => ({
  text: `spread ${namespace} ${matcherText(selector)}`,
  namespace,
  matches: selector.empty ? () => false : (pod) => !pod.terminating && selector.matches(pod.labels),
})

interface Selecting {
  readonly spec?: { readonly selector?: unknown }
}

const ownerSelector = (listers: Listers, namespace: string, owner: OwnerReference): LabelMatcher => {
  const kind = `${owner.apiVersion}/${owner.kind}`
  if (kind !== 'v1/ReplicationController' && kind !== 'apps/v1/ReplicaSet' && kind !== 'apps/v1/StatefulSet')
    return everything
  const object = listers.get(kind, namespace, owner.name) as Selecting | undefined
  if (object === undefined) return everything
  const selector = object.spec?.selector
  if (kind === 'v1/ReplicationController') return labelSetMatcher(selector as Labels)
  return selector === undefined ? everything : labelMatcher(selector as Parameters<typeof labelMatcher>[0])
}

/** helper.DefaultSelector: what the services that select a pod and its owner select, together. */
export const defaultSelector = (listers: Listers, pod: PodInfo): LabelMatcher => {
  let merged: Record<string, string> | undefined
  for (const service of listers.list('v1/Service', pod.namespace) as readonly Service[]) {
    const wanted = service.spec?.selector
    if (wanted === undefined || !labelSetMatcher(wanted).matches(pod.labels)) continue
    merged = { ...merged, ...wanted }
  }
  const owner = pod.pod.metadata.ownerReferences?.find((one) => one.controller === true)
  const services = merged === undefined ? everything : labelSetMatcher(merged)
  return owner === undefined ? services : bothMatch(services, ownerSelector(listers, pod.namespace, owner))
}
