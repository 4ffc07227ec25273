import type { ApiRequest } from '../../../api/protocol/request.ts'
import type { PersistentVolumeClaim, Pod } from '../../../api/types/core-v1.generated.ts'
import { keyOf } from '../../client/object-key.ts'
import { done, type Controller, type Result } from '../../reconcile/controller.ts'
import { claimNamesOf, isClaimOfPod, podClaimIndex } from '../../reconcile/pod-claims.ts'
import { isPodTerminal } from '../../reconcile/pod-state.ts'
import { isHeld, needsFinalizer, without, writeFinalizers } from './finalizers.ts'

const finalizer = 'kubernetes.io/pvc-protection'
const claimKind = 'v1/PersistentVolumeClaim'

/** podIsShutDown: the kubelet is done with the pod, or it was deleted by force. */
const isShutDown = ({ metadata }: Pod): boolean =>
  metadata.deletionTimestamp !== undefined && metadata.deletionGracePeriodSeconds === 0

/** podUsesPVCForDeletion: only pods that a kubelet knows hold a claim back. */
const uses = (pod: Pod, claim: PersistentVolumeClaim): boolean => {
  if ((pod.spec?.nodeName ?? '') === '') return false
  return (pod.spec?.volumes ?? []).some((volume) => {
    if (volume.persistentVolumeClaim?.claimName === claim.metadata.name) return true
    if (volume.ephemeral === undefined || isShutDown(pod)) return false
    return `${pod.metadata.name ?? ''}-${volume.name}` === claim.metadata.name && isClaimOfPod(pod, claim)
  })
}

/** volumeutil.IsPodTerminated: over, or being deleted with no container running. */
const isTerminated = (pod: Pod): boolean => {
  if (isPodTerminal(pod)) return true
  const statuses = pod.status?.containerStatuses ?? []
  return (
    pod.metadata.deletionTimestamp !== undefined &&
    statuses.every((one) => one.state?.terminated !== undefined || one.state?.waiting !== undefined)
  )
}

/** kube-controller-manager's persistentvolumeclaim-protection-controller. Differs: one claim at a time, not a namespace's together. */
export const claimProtection = (): Controller => ({
  name: 'pvc-protection-controller',
  reconciles: claimKind,
  indexes: { 'v1/Pod': [podClaimIndex] },
  watches: {
    [claimKind]: (object) => (needsFinalizer(object, finalizer) || isHeld(object, finalizer) ? [keyOf(object)] : []),
    'v1/Pod': (object, io, before) => {
      const pod = object as Pod
      const keys = (of: Pod): readonly string[] =>
        claimNamesOf(of).map((name) => `${of.metadata.namespace ?? ''}/${name}`)
      const replaced = before !== undefined && before.metadata.uid !== pod.metadata.uid ? keys(before as Pod) : []
      const gone = io.read.get('v1/Pod', keyOf(pod)) === undefined
      if (!gone && !isTerminated(pod) && (pod.spec?.nodeName ?? '') !== '') return replaced
      return [...replaced, ...keys(pod)]
    },
  },
  *reconcile(key, io): Generator<ApiRequest, Result, unknown> {
    const claim = io.read.get(key) as PersistentVolumeClaim | undefined
    if (claim === undefined) return done
    if (isHeld(claim, finalizer)) {
      const cached = io.read.indexed('v1/Pod', 'claim', key) as readonly Pod[]
      if (cached.some((pod) => uses(pod, claim))) return done
      const live = yield* io.live.list('v1/Pod', { namespace: claim.metadata.namespace ?? '' })
      if (!live.ok) return { retry: live.message }
      if ((live.object as readonly Pod[]).some((pod) => uses(pod, claim))) return done
      return yield* writeFinalizers(io, claim, without(claim, finalizer))
    }
    if (!needsFinalizer(claim, finalizer)) return done
    return yield* writeFinalizers(io, claim, [...(claim.metadata.finalizers ?? []), finalizer])
  },
})
