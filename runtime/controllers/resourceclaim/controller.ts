import type { Pod } from '../../../api/types/core-v1.generated.ts'
import type { ResourceClaim } from '../../../api/types/resource-v1.generated.ts'
import { keyOf } from '../../client/object-key.ts'
import type { Controller, WatchIo } from '../../reconcile/controller.ts'
import {
  claimNameOf,
  claimNamesOf,
  isPodDone,
  isReservedFor,
  ownerTrouble,
  podResourceClaimIndex,
  podResourceClaimTemplateIndex,
} from './pod-claims.ts'
import { syncClaim, type GonePods } from './sync-claim.ts'
import { claimKind, syncPod, templateKind } from './sync-pod.ts'

const podKind = 'v1/Pod'
const ofClaim = (key: string): string => `claim:${key}`
const ofPod = (key: string): string => `pod:${key}`

/** podNeedsWork: a claim is to be made, or reserved for a pod that is bound. */
const needsWork = (pod: Pod, io: WatchIo): boolean => {
  if (pod.metadata.deletionTimestamp !== undefined) return false
  for (const wanted of pod.spec?.resourceClaims ?? []) {
    const claimName = claimNameOf(pod, wanted)
    if (claimName === undefined) return true
    if (claimName === null) continue
    const claim = io.read.get(claimKind, `${pod.metadata.namespace ?? ''}/${claimName}`) as ResourceClaim | undefined
    const templated = wanted.resourceClaimTemplateName !== undefined
    if (claim === undefined) {
      if (templated) return true
      continue
    }
    if (templated && ownerTrouble(pod, claim) !== undefined) continue
    if ((pod.spec?.nodeName ?? '') === '') continue
    if (claim.status?.allocation !== undefined && !isReservedFor(claim, pod)) return true
  }
  return false
}

/** enqueuePod. */
const podKeys = (pod: Pod, io: WatchIo): readonly string[] => {
  if ((pod.spec?.resourceClaims ?? []).length === 0) return []
  const current = io.read.get(podKind, keyOf(pod))
  const gone = current?.metadata.uid !== pod.metadata.uid
  if (gone) (io.memory as GonePods).add(pod.metadata.uid)
  const over = gone || isPodDone(pod)
  const namespace = pod.metadata.namespace ?? ''
  const claims = over ? claimNamesOf(pod).map((name) => ofClaim(`${namespace}/${name}`)) : []
  return !gone && needsWork(pod, io) ? [...claims, ofPod(keyOf(pod))] : claims
}

/**
 * kube-controller-manager's resourceclaim-controller (pkg/controller/resourceclaim): claims made from templates, reservations of
 * pods that are over. Differs: no claims of pod groups, and none for extended resources, which the scheduler does not write here.
 */
export const resourceClaimController = (workers = 10): Controller => ({
  name: 'resource-claim-controller',
  eventSource: 'resource_claim',
  reconciles: claimKind,
  workers,
  owns: [claimKind],
  indexes: { [podKind]: [podResourceClaimIndex, podResourceClaimTemplateIndex] },
  memory: (): GonePods => new Set(),
  watches: {
    [podKind]: (object, io) => podKeys(object as Pod, io),
    [claimKind]: (object, io) => {
      const key = keyOf(object)
      const own = io.read.get(claimKind, key) === undefined ? [] : [ofClaim(key)]
      const pods = io.read.indexed(podKind, 'resourceclaim', key) as readonly Pod[]
      return [...own, ...pods.flatMap((pod) => podKeys(pod, io))]
    },
    [templateKind]: (object, io) =>
      io.read.get(templateKind, keyOf(object)) === undefined
        ? []
        : (io.read.indexed(podKind, 'resourceclaimtemplate', keyOf(object)) as readonly Pod[]).flatMap((pod) =>
            podKeys(pod, io),
          ),
  },
  *reconcile(key, io) {
    const [what = '', object = ''] = key.split(':')
    return what === 'pod' ? yield* syncPod(object, io) : yield* syncClaim(object, io)
  },
})
