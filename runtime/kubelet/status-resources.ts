import { milliValue, unitsText, wholeValue } from '../../api/quantity/quantity-values.ts'
import type { Container, ResourceRequirements } from '../../api/types/core-v1.generated.ts'
import type { ContainerSnapshot } from './pod-snapshot.ts'

// pkg/kubelet/cm/helpers_linux.go
export const quotaPeriod = 100_000
export const minShares = 2
export const minMilliCpuLimit = 10

const has = (list: object | undefined): boolean => list !== undefined && Object.keys(list).length > 0

/** cm.SharesToMilliCPU, rounded as upstream does. */
export const milliOfShares = (shares: number): number => Math.ceil((shares * 1000) / 1024)

/** convertContainerStatusResources: what the runtime says of a running container's resources, else what was allocated. */
export const runningResources = (container: Container, known: ContainerSnapshot): ResourceRequirements => {
  const allocated = container.resources ?? {}
  if (known.state !== 'running') return allocated
  if (!has(allocated.limits) && !has(allocated.requests)) return allocated
  const limits: Record<string, string> = { ...(allocated.limits as Record<string, string> | undefined) }
  const requests: Record<string, string> = { ...(allocated.requests as Record<string, string> | undefined) }
  const { linux } = known
  if (has(allocated.limits)) {
    if (linux.cpuQuota > 0 && linux.cpuPeriod > 0) {
      const milli = Math.floor((linux.cpuQuota * 1000) / linux.cpuPeriod)
      const said = limits['cpu'] === undefined ? 0 : milliValue(limits['cpu'])
      if ((milli > minMilliCpuLimit || said > minMilliCpuLimit) && milli !== said)
        limits['cpu'] = unitsText('cpu', milli)
    }
    if (
      linux.memoryLimitInBytes > 0 &&
      (limits['memory'] === undefined || wholeValue(limits['memory']) !== linux.memoryLimitInBytes)
    ) {
      limits['memory'] = unitsText('memory', linux.memoryLimitInBytes)
    }
  }
  if (has(allocated.requests)) {
    const milli = milliOfShares(linux.cpuShares)
    const said = requests['cpu'] === undefined ? 0 : milliValue(requests['cpu'])
    if ((milli > minShares || said > minShares) && sharesOf(said) !== linux.cpuShares)
      requests['cpu'] = unitsText('cpu', milli)
    // No runtime reports a memory request: it is what the kubelet put into effect.
    const { memoryRequest } = known.sizes
    if (memoryRequest !== 0 && (requests['memory'] === undefined || wholeValue(requests['memory']) !== memoryRequest))
      requests['memory'] = unitsText('memory', memoryRequest)
  }
  return {
    ...allocated,
    ...(has(limits) ? { limits } : {}),
    ...(has(requests) ? { requests } : {}),
  }
}

/** cm.MilliCPUToShares */
export const sharesOf = (milli: number): number => {
  if (milli === 0) return minShares
  const shares = Math.floor((milli * 1024) / 1000)
  return Math.min(Math.max(shares, minShares), 262_144)
}

/** cm.MilliCPUToQuota */
export const quotaOf = (milli: number, period: number): number => {
  if (milli === 0) return 0
  return Math.max(Math.floor((milli * period) / 1000), 1000)
}
