import type { EndpointSlice } from '../../api/types/discovery-v1.generated.ts'
import type { Actor } from '../kernel/actor.ts'
import type { Trace } from '../kernel/trace.ts'
import { hostOf } from './endpoint.ts'
import type { PortRules } from './port-rules.ts'

export interface RulesChange {
  /** `default/web` */
  readonly name: string
  readonly before: readonly PortRules[]
  readonly now: readonly PortRules[]
  readonly slices: readonly EndpointSlice[]
}

const backendsOf = (rules: readonly PortRules[]): ReadonlySet<string> =>
  new Set(rules.flatMap((one) => [...one.cluster, ...one.local]).map(hostOf))

const reached = (change: RulesChange): readonly string[] => {
  const before = backendsOf(change.before)
  const now = backendsOf(change.now)
  const pods: string[] = []
  for (const slice of change.slices)
    for (const { addresses, targetRef } of slice.endpoints ?? []) {
      const address = addresses[0] ?? ''
      if (targetRef?.kind === 'Pod' && now.has(address) && !before.has(address))
        pods.push(`pods/${targetRef.namespace ?? ''}/${targetRef.name ?? ''}`)
    }
  return pods
}

export interface HopTeller {
  readonly trace: Trace
  readonly actor: Actor
  /** Rules that a proxy of this cluster has written before. */
  readonly told: WeakSet<readonly PortRules[]>
}

/**
 * The step `kube-proxy:sync` on the way of a Service, and of each pod that its rules lead to since this change. The first node
 * that writes rules tells of the pods: a pod's way would have as many steps as there are nodes.
 */
export const tellHops = ({ trace, actor, told }: HopTeller, change: RulesChange): void => {
  trace.append('hop', actor, 'sync', `services/${change.name}`)
  if (change.now.length === 0 || told.has(change.now)) return
  told.add(change.now)
  for (const pod of reached(change)) trace.append('hop', actor, 'sync', pod)
}
