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

/** The step `kube-proxy:sync` on the way of a Service, and of each pod that its rules lead to since this change. */
export const tellHops = (
  { trace, actor }: { readonly trace: Trace; readonly actor: Actor },
  change: RulesChange,
): void => {
  trace.append('hop', actor, 'sync', `services/${change.name}`)
  const before = backendsOf(change.before)
  const now = backendsOf(change.now)
  for (const slice of change.slices)
    for (const { addresses, targetRef } of slice.endpoints ?? []) {
      const address = addresses[0] ?? ''
      if (targetRef?.kind === 'Pod' && now.has(address) && !before.has(address))
        trace.append('hop', actor, 'sync', `pods/${targetRef.namespace ?? ''}/${targetRef.name ?? ''}`)
    }
}
