import type { Diagnosis } from '../diagnosis.ts'
import type { Cycle, Handle } from '../framework.ts'
import { status, type Status } from '../status.ts'

export interface Passed {
  readonly feasible: Int32Array
  readonly error: Status | undefined
}

/**
 * findNodesThatPassExtenders (pkg/scheduler/schedule_one.go): each extender sees what the ones before it left, in the order in
 * which they named it. Differs: a node that no plugin let through is not taken from an extender either.
 */
export const passExtenders = (
  { extenders, nodes }: Handle,
  cycle: Cycle,
  found: Int32Array,
  diagnosis: Diagnosis,
): Passed => {
  const { slots } = nodes
  let feasible: readonly number[] = [...found]
  for (const extender of extenders) {
    if (feasible.length === 0) break
    if (!extender.interested(cycle.pod)) continue
    const answer = extender.filter(
      cycle.pod,
      feasible.map((slot) => slots[slot]!.node!),
    )
    cycle.waited += answer.took
    if (!answer.ok) {
      if (extender.ignorable) continue
      return { feasible: new Int32Array(0), error: status('', 'Error', answer.error) }
    }
    const { failed, unresolvable } = answer.value
    const bySlot = new Map(feasible.map((slot) => [slots[slot]!.name, slot]))
    for (const [name, slot] of bySlot) {
      // What is in both lists is unresolvable.
      const [code, why] =
        unresolvable[name] === undefined
          ? (['Unschedulable', failed[name]] as const)
          : (['UnschedulableAndUnresolvable', unresolvable[name]] as const)
      if (why !== undefined) diagnosis.nodeStatus.set(slot, status('', code, why))
    }
    feasible = [...new Set(answer.value.nodes)].flatMap((name) => bySlot.get(name) ?? [])
  }
  return { feasible: Int32Array.from(feasible), error: undefined }
}
