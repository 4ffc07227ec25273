import type { Pod, PodStatus, ResourceRequirements } from '../../api/types/core-v1.generated.ts'
import { amountsText, podAmounts } from './pod-resources.ts'

type Texts = Readonly<Record<string, string>>

const joined = (limits: Texts, requests: Texts): ResourceRequirements => ({
  ...(Object.keys(limits).length === 0 ? {} : { limits }),
  ...(Object.keys(requests).length === 0 ? {} : { requests }),
})

/**
 * convertToAPIPodLevelResourcesStatus: what the pod as a whole has. While it runs upstream asks its cgroup; with none to ask, what was
 * told before stays.
 */
export const podLevelResources = (pod: Pod, before: PodStatus): ResourceRequirements => {
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
  return joined(limits, requests)
}
