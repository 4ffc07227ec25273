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

/** The last change to these rules, and the pods that it has reached: the same on all nodes that share the rules. */
const known = new WeakMap<readonly PortRules[], { readonly change: RulesChange; readonly pods: readonly string[] }>()

const sameChange = (a: RulesChange, b: RulesChange): boolean =>
  a.before === b.before && a.slices.length === b.slices.length && a.slices.every((slice, at) => slice === b.slices[at])

/** The step `kube-proxy:sync` on the way of a Service, and of each pod that its rules lead to since this change. */
export const tellHops = (
  { trace, actor }: { readonly trace: Trace; readonly actor: Actor },
  change: RulesChange,
): void => {
  trace.append('hop', actor, 'sync', `services/${change.name}`)
  let last = known.get(change.now)
  if (last === undefined || !sameChange(last.change, change)) {
    last = { change, pods: reached(change) }
    known.set(change.now, last)
  }
  for (const pod of last.pods) trace.append('hop', actor, 'sync', pod)
}
