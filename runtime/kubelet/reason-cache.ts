import type { StartResult } from './pod-sync-result.ts'

/** pkg/kubelet/reason_cache.go: why a container's last start failed. */
export interface ReasonCache {
  get(uid: string, container: string): Reason | undefined
  update(uid: string, results: readonly StartResult[]): void
  forget(uid: string): void
}

export interface Reason {
  readonly reason: string
  readonly message: string
}

export const createReasonCache = (): ReasonCache => {
  const pods = new Map<string, Map<string, Reason>>()
  return {
    get: (uid, container) => pods.get(uid)?.get(container),
    update(uid, results) {
      for (const result of results) {
        if (result.error === undefined) pods.get(uid)?.delete(result.container)
        else {
          let known = pods.get(uid)
          if (known === undefined) {
            known = new Map()
            pods.set(uid, known)
          }
          known.set(result.container, { reason: result.error.reason, message: result.error.message })
        }
      }
    },
    forget: (uid) => {
      pods.delete(uid)
    },
  }
}
