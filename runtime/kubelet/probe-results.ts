export type ProbeResult = 'success' | 'failure' | 'unknown'

/** pkg/kubelet/prober/results: the last result of each container; a change is told to the sync loop. */
export interface ProbeResults {
  get(containerId: string): ProbeResult | undefined
  set(containerId: string, result: ProbeResult, uid: string): void
  remove(containerId: string): void
}

export const createProbeResults = (
  changed: (uid: string, containerId: string, result: ProbeResult) => void,
): ProbeResults => {
  const results = new Map<string, ProbeResult>()
  return {
    get: (containerId) => results.get(containerId),
    set(containerId, result, uid) {
      if (results.get(containerId) === result) return
      results.set(containerId, result)
      changed(uid, containerId, result)
    },
    remove: (containerId) => {
      results.delete(containerId)
    },
  }
}
