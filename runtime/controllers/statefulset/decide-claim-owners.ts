import type { StatefulSet } from '../../../api/types/apps-v1.generated.ts'
import type { PersistentVolumeClaim, Pod } from '../../../api/types/core-v1.generated.ts'
import type { OwnerReference } from '../../../api/types/meta-v1.generated.ts'
import { newControllerReference } from '../../reconcile/controller-reference.ts'
import { inOrdinalRange } from './identity.ts'

// pkg/controller/statefulset/stateful_set_utils.go: who owns a claim under a persistentVolumeClaimRetentionPolicy.

type Owner = StatefulSet | Pod

const groupOf = (owner: Owner): { readonly apiVersion: string; readonly kind: string } =>
  'volumeClaimTemplates' in owner.spec || owner.kind === 'StatefulSet'
    ? { apiVersion: 'apps/v1', kind: 'StatefulSet' }
    : { apiVersion: 'v1', kind: 'Pod' }

const matchesRef = (reference: OwnerReference, owner: Owner): boolean => {
  const { apiVersion, kind } = groupOf(owner)
  return reference.apiVersion === apiVersion && reference.kind === kind && reference.name === owner.metadata.name
}

const refs = (claim: PersistentVolumeClaim): readonly OwnerReference[] => claim.metadata.ownerReferences ?? []

const ownedBy = (claim: PersistentVolumeClaim, owner: Owner): boolean =>
  refs(claim).some((reference) => reference.uid === (owner.metadata.uid ?? ''))

/** hasStaleOwnerRef: an owner of this name that is another object. */
export const isStale = (claim: PersistentVolumeClaim, owner: Owner): boolean => {
  const reference = refs(claim).find((one) => matchesRef(one, owner))
  return reference !== undefined && reference.uid !== (owner.metadata.uid ?? '')
}

export const policyOf = (set: StatefulSet): { readonly deleted: boolean; readonly scaled: boolean } => {
  const policy = set.spec.persistentVolumeClaimRetentionPolicy
  return { deleted: policy?.whenDeleted === 'Delete', scaled: policy?.whenScaled === 'Delete' }
}

export const hasUnexpectedController = (claim: PersistentVolumeClaim, set: StatefulSet, pod: Pod): boolean => {
  const policy = policyOf(set)
  if (!policy.deleted && !policy.scaled) return false
  for (const reference of refs(claim)) {
    const ours = [set, pod].find((owner) => matchesRef(reference, owner))
    if (ours !== undefined) {
      if (reference.uid !== (ours.metadata.uid ?? '')) return true
    } else if (reference.controller === true) return true
  }
  return false
}

/** Whether the set and whether the pod should own the claim. */
const wanted = (set: StatefulSet, pod: Pod): { readonly set: boolean; readonly pod: boolean } => {
  const { deleted, scaled } = policyOf(set)
  const scaledDown = !inOrdinalRange(set, pod)
  return { set: deleted && !(scaled && scaledDown), pod: scaled && scaledDown }
}

/** isClaimOwnerUpToDate */
export const ownersUpToDate = (claim: PersistentVolumeClaim, set: StatefulSet, pod: Pod): boolean => {
  // A stale owner will be collected, and the claim with it.
  if (isStale(claim, set) || isStale(claim, pod)) return true
  if (hasUnexpectedController(claim, set, pod)) return !ownedBy(claim, set) && !ownedBy(claim, pod)
  const uids = [set.metadata.uid, pod.metadata.uid]
  if (refs(claim).some((reference) => uids.includes(reference.uid) && reference.controller !== true)) return false
  const owners = wanted(set, pod)
  return ownedBy(claim, set) === owners.set && ownedBy(claim, pod) === owners.pod
}

/** updateClaimOwnerRefForSetAndPod: the owner references the claim should have. */
export const decideClaimOwners = (
  claim: PersistentVolumeClaim,
  set: StatefulSet,
  pod: Pod,
): readonly OwnerReference[] => {
  const others = refs(claim).filter((one) => !matchesRef(one, set) && !matchesRef(one, pod))
  if (hasUnexpectedController(claim, set, pod)) return others
  const owners = wanted(set, pod)
  const added = [...(owners.pod ? [pod] : []), ...(owners.set ? [set] : [])]
    .filter((owner) => !others.some((one) => one.uid === owner.metadata.uid))
    .map((owner) => newControllerReference({ ...groupOf(owner), metadata: owner.metadata }))
  return [...others, ...added]
}
