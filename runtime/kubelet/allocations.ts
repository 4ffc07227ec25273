import { structuralEqual } from '../../api/json/structural-equal.ts'
import type { Container, Pod, PodSpec } from '../../api/types/core-v1.generated.ts'
import type { Disk } from '../node/machine.ts'

/**
 * The resources that the node has given to its pods: pkg/kubelet/allocation with its checkpoint, which outlives the kubelet. The
 * checkpoint holds the whole spec that was admitted; only its resources are read.
 */
export interface Allocations {
  /** UpdatePodFromAllocation: the pod with the resources that it was given; the pod itself where it asks for no others. */
  readonly of: (pod: Pod) => Pod
  /** SetAllocatedResources */
  set(pod: Pod): void
  remove(uid: string): void
  /** RemoveOrphanedPods */
  keepOnly(uids: ReadonlySet<string>): void
}

interface Known {
  readonly given: PodSpec
  readonly pod: Pod
}

export const createAllocations = (disk: Disk): Allocations => {
  const { allocations } = disk
  const made = new WeakMap<Pod, Known>()

  return {
    of(pod) {
      const given = allocations.get(pod.metadata.uid ?? '')
      if (given === undefined || given === pod.spec) return pod
      const known = made.get(pod)
      if (known?.given === given) return known.pod
      const allocated = withResources(pod, given)
      made.set(pod, { given, pod: allocated })
      return allocated
    },
    set: (pod) => void allocations.set(pod.metadata.uid ?? '', pod.spec),
    remove: (uid) => void allocations.delete(uid),
    keepOnly(uids) {
      for (const uid of allocations.keys()) if (!uids.has(uid)) allocations.delete(uid)
    },
  }
}

const withResources = (pod: Pod, given: PodSpec): Pod => {
  const { spec } = pod
  const containers = replaced(spec.containers, given.containers)
  const inits = replaced(spec.initContainers, given.initContainers)
  const whole = structuralEqual(spec.resources, given.resources)
  if (containers === spec.containers && inits === spec.initContainers && whole) return pod
  const { resources, ...rest } = spec
  const kept = whole ? resources : given.resources
  const allocated: PodSpec = Object.freeze({
    ...rest,
    containers: containers!,
    ...(inits === undefined ? {} : { initContainers: inits }),
    ...(kept === undefined ? {} : { resources: kept }),
  })
  return { ...pod, spec: allocated }
}

const replaced = (
  wanted: readonly Container[] | undefined,
  given: readonly Container[] | undefined,
): readonly Container[] | undefined => {
  if (wanted === undefined || wanted === given) return wanted
  let changed = false
  const containers = wanted.map((container) => {
    const its = given?.find((one) => one.name === container.name)
    if (its === undefined || structuralEqual(container.resources ?? {}, its.resources ?? {})) return container
    changed = true
    const { resources, ...rest } = container
    void resources
    return { ...rest, ...(its.resources === undefined ? {} : { resources: its.resources }) }
  })
  return changed ? containers : wanted
}
