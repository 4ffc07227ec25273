import { milliValue, wholeValue } from '../../api/quantity/quantity-values.ts'
import type { Container, Pod, ResourceRequirements } from '../../api/types/core-v1.generated.ts'
import type { ContainerSizes, LinuxResources } from '../container-runtime/cri.ts'
import { quotaOf, quotaPeriod, sharesOf } from './status-resources.ts'

const remembered = new WeakMap<Container, ContainerSizes>()

/** kuberuntime: podResourcesFromRequirements. */
export const sizesOf = (resources: ResourceRequirements | undefined): ContainerSizes => {
  const { requests, limits } = resources ?? {}
  const cpu = (texts: typeof requests): number => (texts?.['cpu'] === undefined ? 0 : milliValue(texts['cpu']))
  const memory = (texts: typeof requests): number => (texts?.['memory'] === undefined ? 0 : wholeValue(texts['memory']))
  return {
    cpuRequest: cpu(requests),
    cpuLimit: cpu(limits),
    memoryRequest: memory(requests),
    memoryLimit: memory(limits),
  }
}

/** kuberuntime: containerResourcesFromRequirements. A limit that a container does not have is the pod's. */
export const containerSizes = (pod: Pod, container: Container): ContainerSizes => {
  const whole = pod.spec.resources?.limits
  let own = remembered.get(container)
  if (own === undefined) {
    own = sizesOf(container.resources)
    remembered.set(container, own)
  }
  if (whole === undefined) return own
  const { cpuLimit, memoryLimit } = sizesOf({ limits: whole })
  return {
    ...own,
    cpuLimit: own.cpuLimit === 0 ? cpuLimit : own.cpuLimit,
    memoryLimit: own.memoryLimit === 0 ? memoryLimit : own.memoryLimit,
  }
}

export const sameSizes = (a: ContainerSizes, b: ContainerSizes): boolean =>
  a === b ||
  (a.cpuRequest === b.cpuRequest &&
    a.cpuLimit === b.cpuLimit &&
    a.memoryRequest === b.memoryRequest &&
    a.memoryLimit === b.memoryLimit)

/** kuberuntime: calculateLinuxResources, where each of the four is said. */
export const linuxOf = (sizes: ContainerSizes): LinuxResources => ({
  cpuShares: sharesOf(sizes.cpuRequest),
  cpuQuota: quotaOf(sizes.cpuLimit, quotaPeriod),
  cpuPeriod: quotaPeriod,
  memoryLimitInBytes: sizes.memoryLimit,
})
