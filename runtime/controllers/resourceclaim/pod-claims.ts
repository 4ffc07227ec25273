import type { Pod, PodResourceClaim } from '../../../api/types/core-v1.generated.ts'
import type { ResourceClaim } from '../../../api/types/resource-v1.generated.ts'
import type { Index } from '../../client/indexes.ts'
import { isPodTerminal } from '../../reconcile/pod-state.ts'

/** resourceclaim.Name (dynamic-resource-allocation/resourceclaim): undefined: not created yet; null: none is needed. */
export const claimNameOf = (pod: Pod, wanted: PodResourceClaim): string | null | undefined => {
  if (wanted.resourceClaimName !== undefined) return wanted.resourceClaimName
  const made = pod.status?.resourceClaimStatuses?.find((one) => one.name === wanted.name)
  return made === undefined ? undefined : (made.resourceClaimName ?? null)
}

/** Names of the claims that a pod uses, as far as they are known. */
export const claimNamesOf = (pod: Pod): readonly string[] =>
  (pod.spec?.resourceClaims ?? []).flatMap((wanted) => claimNameOf(pod, wanted) ?? [])

/** resourceclaim.IsForPod: what a claim that was made from a template lacks to be this pod's. */
export const ownerTrouble = (pod: Pod, claim: ResourceClaim): string | undefined => {
  const owned = claim.metadata.ownerReferences?.some((one) => one.controller === true && one.uid === pod.metadata.uid)
  if (owned === true) return undefined
  const { namespace = '', name } = pod.metadata
  return `ResourceClaim ${namespace}/${claim.metadata.name} was not created for Pod ${namespace}/${name} (Pod is not owner)`
}

/** isPodDone: none of its containers runs, and none will. */
export const isPodDone = (pod: Pod): boolean =>
  isPodTerminal(pod) || (pod.metadata.deletionTimestamp !== undefined && (pod.spec?.nodeName ?? '') === '')

export const isReservedFor = (claim: ResourceClaim, pod: Pod): boolean =>
  (claim.status?.reservedFor ?? []).some((one) => one.uid === pod.metadata.uid)

const inNamespaceOf = (pod: Pod, names: readonly string[]): readonly string[] => [
  ...new Set(names.map((name) => `${pod.metadata.namespace ?? ''}/${name}`)),
]

/** Pods by `<namespace>/<claim>`: podResourceClaimIndexFunc. */
export const podResourceClaimIndex: Index = {
  name: 'resourceclaim',
  values: (object) => inNamespaceOf(object as Pod, claimNamesOf(object as Pod)),
}

/** Pods by `<namespace>/<template>`: podResourceClaimTemplateIndexFunc. */
export const podResourceClaimTemplateIndex: Index = {
  name: 'resourceclaimtemplate',
  values: (object) =>
    inNamespaceOf(
      object as Pod,
      ((object as Pod).spec?.resourceClaims ?? []).flatMap((one) => one.resourceClaimTemplateName ?? []),
    ),
}
