import type { Pod, PodCondition } from '../../api/types/core-v1.generated.ts'

interface Resize {
  readonly pending: PodCondition | undefined
  readonly inProgress: PodCondition | undefined
}

/** pkg/kubelet/status: podResizeConditions, by UID. */
export interface ResizeConditions {
  /** Pending before in progress. */
  list(uid: string): readonly PodCondition[]
  /** SetPodResizePendingCondition: true if the reason or the generation is another one. */
  setPending(uid: string, why: ResizeReason): boolean
  /** SetPodResizeInProgressCondition: true if it is another one. The generation stays until the condition goes. */
  setInProgress(uid: string, why: ResizeReason): { readonly generation: number; readonly changed: boolean }
  clearPending(uid: string): void
  /** The generation of the condition that went. */
  clearInProgress(uid: string): number | undefined
  pendingReason(uid: string): string | undefined
  /** BackfillPodResizeConditions: after a restart they come from the API. */
  backfill(pod: Pod): void
  forget(uid: string): void
}

export interface ResizeReason {
  readonly reason: string
  readonly message: string
  readonly generation: number
}

export const createResizeConditions = (time: () => string): ResizeConditions => {
  const resizes = new Map<string, Resize>()

  const put = (uid: string, change: Partial<Resize>): void => {
    const next = { pending: undefined, inProgress: undefined, ...resizes.get(uid), ...change }
    if (next.pending === undefined && next.inProgress === undefined) resizes.delete(uid)
    else resizes.set(uid, next)
  }
  /** updatedPodResizeCondition */
  const made = (type: string, old: PodCondition | undefined, why: ResizeReason): PodCondition => {
    const now = time()
    return {
      type,
      ...(why.generation === 0 ? {} : { observedGeneration: why.generation }),
      status: 'True',
      lastProbeTime: now,
      lastTransitionTime: old !== undefined && (old.reason ?? '') === why.reason ? old.lastTransitionTime! : now,
      ...(why.reason === '' ? {} : { reason: why.reason }),
      ...(why.message === '' ? {} : { message: why.message }),
    }
  }

  return {
    list(uid) {
      const resize = resizes.get(uid)
      if (resize === undefined) return none
      return [resize.pending, resize.inProgress].filter((one) => one !== undefined)
    },
    setPending(uid, why) {
      const old = resizes.get(uid)?.pending
      const reason = why.reason === 'Infeasible' ? why.reason : 'Deferred'
      put(uid, { pending: made('PodResizePending', old, { ...why, reason }) })
      return old === undefined || old.reason !== reason || (old.observedGeneration ?? 0) !== why.generation
    },
    setInProgress(uid, why) {
      const old = resizes.get(uid)?.inProgress
      const kept = why.reason === '' && why.message === ''
      const next = {
        reason: (kept ? old?.reason : why.reason) ?? '',
        message: (kept ? old?.message : why.message) ?? '',
        generation: old === undefined ? why.generation : (old.observedGeneration ?? 0),
      }
      put(uid, { inProgress: made('PodResizeInProgress', old, next) })
      const changed = old === undefined || (old.reason ?? '') !== next.reason || (old.message ?? '') !== next.message
      return { generation: next.generation, changed }
    },
    clearPending(uid) {
      if (resizes.get(uid)?.pending !== undefined) put(uid, { pending: undefined })
    },
    clearInProgress(uid) {
      const old = resizes.get(uid)?.inProgress
      if (old === undefined) return undefined
      put(uid, { inProgress: undefined })
      return old.observedGeneration ?? 0
    },
    pendingReason: (uid) => resizes.get(uid)?.pending?.reason,
    backfill(pod) {
      const uid = pod.metadata.uid ?? ''
      for (const one of pod.status?.conditions ?? []) {
        const why = { reason: one.reason ?? '', message: one.message ?? '', generation: one.observedGeneration ?? 0 }
        if (one.type === 'PodResizePending') put(uid, { pending: made(one.type, undefined, why) })
        if (one.type === 'PodResizeInProgress') put(uid, { inProgress: made(one.type, undefined, why) })
      }
    },
    forget: (uid) => void resizes.delete(uid),
  }
}

const none: readonly PodCondition[] = Object.freeze([])
