import type { LinuxResources } from './cri.ts'

/** UpdateContainerResources: what is 0 stays as it was. */
export const mergeResources = (before: LinuxResources, now: LinuxResources): LinuxResources => ({
  cpuShares: now.cpuShares !== 0 ? now.cpuShares : before.cpuShares,
  cpuQuota: now.cpuQuota !== 0 ? now.cpuQuota : before.cpuQuota,
  cpuPeriod: now.cpuQuota !== 0 ? now.cpuPeriod : before.cpuPeriod,
  memoryLimitInBytes: now.memoryLimitInBytes !== 0 ? now.memoryLimitInBytes : before.memoryLimitInBytes,
})
