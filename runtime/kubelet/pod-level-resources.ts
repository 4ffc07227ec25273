import type { Pod, PodStatus, ResourceRequirements } from '../../api/types/core-v1.generated.ts'
import { unitsText } from '../../api/quantity/quantity-values.ts'
import type { PodCgroup } from '../node/machine.ts'
import { sizesOf } from './container-sizes.ts'
import { amountsText, podAmounts } from './pod-resources.ts'
import { milliOfShares, minMilliCpuLimit, minShares, quotaPeriod } from './status-resources.ts'

type Texts = Readonly<Record<string, string>>

const joined = (limits: Texts, requests: Texts): ResourceRequirements => ({
  ...(Object.keys(limits).length === 0 ? {} : { limits }),
  ...(Object.keys(requests).length === 0 ? {} : { requests }),
})

/**
 * convertToAPIPodLevelResourcesStatus: what the pod as a whole has. While it runs upstream asks its cgroup; with none to ask, or one that
 * was never changed, what was told before stays. Differs: shares are told as they were set, where the weights of cgroups of version 2
 * lose a few milli-CPU.
 */
export const podLevelResources = (pod: Pod, before: PodStatus, cgroup: PodCgroup | undefined): ResourceRequirements => {
  const aggregated = amountsText(podAmounts(pod, 'requests'))
  if (pod.status?.phase !== 'Running') return joined(amountsText(podAmounts(pod, 'limits')), aggregated)
  const requests: Record<string, string> = { ...pod.spec.resources?.requests }
  const limits: Record<string, string> = { ...pod.spec.resources?.limits }
  const memory = aggregated['memory']
  if (requests['memory'] === undefined && memory !== undefined) requests['memory'] = memory
  if (before.phase === 'Running') {
    for (const name of ['cpu', 'memory']) {
      const request = before.resources?.requests?.[name]
      const limit = before.resources?.limits?.[name]
      if (request !== undefined) requests[name] = request
      if (limit !== undefined) limits[name] = limit
    }
  }
  if (cgroup !== undefined) {
    const said = sizesOf(pod.spec.resources)
    const request = milliOfShares(cgroup.cpuShares)
    if (request > minShares || said.cpuRequest > minShares) requests['cpu'] = unitsText('cpu', request)
    const limit = Math.floor((cgroup.cpuQuota * 1000) / quotaPeriod)
    if (limit > 0 && (limit > minMilliCpuLimit || said.cpuLimit > minMilliCpuLimit))
      limits['cpu'] = unitsText('cpu', limit)
    if (cgroup.memoryLimit > 0) limits['memory'] = unitsText('memory', cgroup.memoryLimit)
  }
  return joined(limits, requests)
}
