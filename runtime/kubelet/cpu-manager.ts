import { isSidecar } from './restart-policy.ts'
import { milliValue } from '../../api/quantity/quantity-values.ts'
import { podQos } from '../../api/pods/qos.ts'
import type { Container, Pod } from '../../api/types/core-v1.generated.ts'
import type { Rejection } from './admission.ts'
import type { Context } from './context.ts'
import { bestAffinity, cpuHints, type TopologyPolicy } from './topology.ts'

/** Gives containers of Guaranteed pods CPUs of their own, or says why it cannot. */
export interface CpuManager {
  /** undefined: the pod has what it needs. `active` are the pods whose CPUs are not free. */
  allocate(pod: Pod, active: ReadonlySet<string>): Rejection | undefined
}

const thousand = 1000
const noCpuManager: CpuManager = { allocate: () => undefined }

/** staticPolicy.guaranteedCPUs: whole CPUs of containers in Guaranteed pods. */
const exclusiveCpus = (pod: Pod, container: Container): number => {
  const milli = milliValue(container.resources?.requests?.['cpu'] ?? container.resources?.limits?.['cpu'] ?? '0')
  return podQos(pod) === 'Guaranteed' && milli % thousand === 0 ? milli / thousand : 0
}

const sum = (counts: readonly number[]): number => counts.reduce((total, one) => total + one, 0)

/** Of each NUMA node so many: whole free nodes first, then where least is free, as takeByTopologyNUMAPacked does. */
export const takePacked = (wanted: number, free: readonly number[], sizes: readonly number[]): readonly number[] => {
  const taken = free.map(() => 0)
  let left = wanted
  for (const [node, size] of sizes.entries()) {
    if (left < size || free[node] !== size) continue
    taken[node] = size
    left -= size
  }
  const order = [...free.keys()].filter((node) => taken[node] === 0).sort((a, b) => free[a]! - free[b]! || a - b)
  for (const node of order) {
    const some = Math.min(left, free[node]!)
    taken[node] = some
    left -= some
  }
  return taken
}

const rejected = (error: string): Rejection => ({
  reason: 'UnexpectedAdmissionError',
  message: `Allocate failed due to ${error}, which is unexpected`,
})
const unaligned: Rejection = {
  reason: 'TopologyAffinityError',
  message: 'Resources cannot be allocated with Topology locality',
}

/**
 * pkg/kubelet/cm/cpumanager/policy_static.go under the container scope of the topology manager. What pods have lies on the disk
 * (cpu_manager_state). Differs: CPUs are counted for each NUMA node, without hyperthreads, caches or sockets of several nodes.
 */
export const createCpuManager = ({ machine, config }: Context): CpuManager => {
  if (config.cpuManagerPolicy !== 'static') return noCpuManager
  const { capacity, allocatable, numaNodes = 1 } = machine.spec
  const all = Math.floor(milliValue(capacity['cpu'] ?? '0') / thousand)
  const sizes = Array.from({ length: numaNodes }, () => all / numaNodes)
  const reservedMilli = milliValue(capacity['cpu'] ?? '0') - milliValue(allocatable['cpu'] ?? '0')
  const reserved = takePacked(Math.ceil(reservedMilli / thousand), sizes, sizes)
  const policy: TopologyPolicy = config.topologyManagerPolicy
  const given = machine.disk.cpus

  const allocate = (pod: Pod, free: readonly number[]): readonly number[] | Rejection => {
    let left = free
    /** CPUs of init containers that are over when the next one starts. */
    let reusable = sizes.map(() => 0)
    let total = sizes.map(() => 0)
    for (const container of [...(pod.spec.initContainers ?? []), ...pod.spec.containers]) {
      const wanted = exclusiveCpus(pod, container)
      if (wanted === 0) continue
      const usable = left.map((one, node) => one + reusable[node]!)
      const best = policy === 'none' ? undefined : bestAffinity(cpuHints({ wanted, free: left, reusable, sizes }))
      if (policy === 'single-numa-node' && (best?.preferred !== true || best.nodes.length !== 1)) return unaligned
      if (policy === 'restricted' && best?.preferred !== true) return unaligned
      // Without a policy nothing is aligned; with one and no hint, everything is.
      const near = usable.map((one, node) =>
        policy !== 'none' && (best === undefined || best.nodes.includes(node)) ? one : 0,
      )
      const aligned = takePacked(Math.min(wanted, sum(near)), near, sizes)
      const rest = wanted - sum(aligned)
      const others = usable.map((one, node) => one - aligned[node]!)
      if (rest > sum(others))
        return rejected(`not enough cpus available to satisfy request: requested=${rest}, available=${sum(others)}`)
      const more = takePacked(rest, others, sizes)
      const taken = aligned.map((one, node) => one + more[node]!)
      const fresh = taken.map((one, node) => Math.max(0, one - reusable[node]!))
      total = total.map((one, node) => one + fresh[node]!)
      left = left.map((one, node) => one - fresh[node]!)
      const init = (pod.spec.initContainers ?? []).includes(container) && !isSidecar(container)
      reusable = reusable.map((one, node) => (init ? Math.max(one, taken[node]!) : Math.max(0, one - taken[node]!)))
    }
    return total
  }

  return {
    allocate(pod, active) {
      const uid = pod.metadata.uid ?? ''
      for (const known of [...given.keys()]) if (known !== uid && !active.has(known)) given.delete(known)
      if (given.has(uid)) return undefined
      const used = [...given.values()]
      const free = sizes.map(
        (size, node) => size - reserved[node]! - used.reduce((total, one) => total + one[node]!, 0),
      )
      const result = allocate(pod, free)
      if ('reason' in result) return result
      if (sum(result) > 0) given.set(uid, result)
      return undefined
    },
  }
}
