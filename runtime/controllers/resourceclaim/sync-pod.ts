import type { Draft } from '../../../api/object.ts'
import type { ApiRequest } from '../../../api/protocol/request.ts'
import type { Pod, PodResourceClaim } from '../../../api/types/core-v1.generated.ts'
import type { ResourceClaim, ResourceClaimTemplate } from '../../../api/types/resource-v1.generated.ts'
import { done, type Io, type Result } from '../../reconcile/controller.ts'
import { claimNameOf, isReservedFor, ownerTrouble } from './pod-claims.ts'

export const claimKind = 'resource.k8s.io/v1/ResourceClaim'
export const templateKind = 'resource.k8s.io/v1/ResourceClaimTemplate'
const annotation = 'resource.kubernetes.io/pod-claim-name'
/** Leaves room for a hyphen and five random characters. */
const longestBase = 57

type Steps<A> = Generator<ApiRequest, A, unknown>
type Outcome = { readonly made: string | undefined } | { readonly failed: string }

/** A claim is named after the pod and what the pod calls it; both are cut in proportion. */
const baseName = (pod: string, claim: string): string => {
  const whole = `${pod}-${claim}-`
  if (whole.length <= longestBase) return whole
  const cut = (text: string): string => text.slice(0, Math.floor((text.length * longestBase) / whole.length))
  return `${cut(pod)}-${cut(claim)}`
}

const draftOf = (pod: Pod, wanted: PodResourceClaim, template: ResourceClaimTemplate): Draft<ResourceClaim> => {
  const { labels, annotations } = template.spec.metadata ?? {}
  return {
    apiVersion: 'resource.k8s.io/v1',
    kind: 'ResourceClaim',
    metadata: {
      generateName: baseName(pod.metadata.name, wanted.name),
      ownerReferences: [
        { apiVersion: 'v1', kind: 'Pod', name: pod.metadata.name, uid: pod.metadata.uid, controller: true },
      ],
      annotations: { ...annotations, [annotation]: wanted.name },
      ...(labels === undefined ? {} : { labels }),
    },
    spec: template.spec.spec,
  }
}

/** handleClaim: makes one claim from its template, unless it is there. */
function* handleClaim(pod: Pod, wanted: PodResourceClaim, io: Io): Steps<Outcome> {
  const namespace = pod.metadata.namespace ?? ''
  const known = claimNameOf(pod, wanted)
  if (known === null) return { made: undefined }
  if (known !== undefined) {
    const claim = io.read.get(claimKind, `${namespace}/${known}`) as ResourceClaim | undefined
    const own =
      wanted.resourceClaimName !== undefined || (claim !== undefined && ownerTrouble(pod, claim) === undefined)
    if (claim !== undefined && own) return { made: undefined }
  }
  const templateName = wanted.resourceClaimTemplateName
  if (templateName === undefined) return { made: undefined }
  // One that was made before, and whose name did not get into the pod's status.
  const orphan = io.read.owned(claimKind, pod).find((one) => one.metadata.annotations?.[annotation] === wanted.name)
  if (orphan !== undefined) return { made: orphan.metadata.name }
  const template = io.read.get(templateKind, `${namespace}/${templateName}`) as ResourceClaimTemplate | undefined
  if (template === undefined)
    return {
      failed: `resource claim template "${templateName}": resourceclaimtemplate.resource.k8s.io "${templateName}" not found`,
    }
  const answer = yield* io.write.create(draftOf(pod, wanted, template), namespace)
  return answer.ok ? { made: answer.object.metadata.name } : { failed: `create ResourceClaim : ${answer.message}` }
}

/** ApplyStatus of the names of new claims. */
function* recordClaims(pod: Pod, made: ReadonlyMap<string, string>, io: Io): Steps<string | undefined> {
  const { name, namespace = '' } = pod.metadata
  const statuses = [...made].map(([claim, resourceClaimName]) => ({ name: claim, resourceClaimName }))
  const answer = yield* io.write.send({
    verb: 'patch',
    resource: io.served('v1/Pod')!,
    subresource: 'status',
    namespace,
    name,
    patchType: 'apply',
    body: {
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { name, namespace },
      status: { resourceClaimStatuses: statuses },
    },
    options: { fieldManager: 'ResourceClaimController', force: true },
  })
  return answer.ok ? undefined : `update pod ${namespace}/${name} ResourceClaimStatuses: ${answer.message}`
}

/** Reserves claims for a pod that somebody else than the scheduler has bound. */
function* reserveClaims(pod: Pod, io: Io): Steps<string | undefined> {
  const { namespace = '' } = pod.metadata
  for (const wanted of pod.spec?.resourceClaims ?? []) {
    const claimName = claimNameOf(pod, wanted)
    if (claimName === undefined) return `pod "${namespace}/${pod.metadata.name}": ResourceClaim not created yet`
    if (claimName === null) continue
    const claim = io.read.get(claimKind, `${namespace}/${claimName}`) as ResourceClaim | undefined
    if (claim === undefined) return undefined
    const trouble = wanted.resourceClaimName === undefined ? ownerTrouble(pod, claim) : undefined
    if (trouble !== undefined) return trouble
    if (claim.status?.allocation === undefined || isReservedFor(claim, pod)) continue
    const { name, uid } = pod.metadata
    const reservedFor = [...(claim.status.reservedFor ?? []), { resource: 'pods', name, uid }]
    const answer = yield* io.write.updateStatus({ ...claim, status: { ...claim.status, reservedFor } } as ResourceClaim)
    if (!answer.ok) return `reserve claim ${namespace}/${claimName}: ${answer.message}`
  }
  return undefined
}

/** syncPod (pkg/controller/resourceclaim). */
export function* syncPod(key: string, io: Io): Steps<Result> {
  const pod = io.read.get('v1/Pod', key) as Pod | undefined
  if (pod === undefined || pod.metadata.deletionTimestamp !== undefined) return done
  const made = new Map<string, string>()
  for (const wanted of pod.spec?.resourceClaims ?? []) {
    const outcome = yield* handleClaim(pod, wanted, io)
    if ('failed' in outcome) {
      io.event(pod, 'Warning', 'FailedResourceClaimCreation', `PodResourceClaim ${wanted.name}: ${outcome.failed}`)
      return { retry: `pod ${key}, PodResourceClaim ${wanted.name}: ${outcome.failed}` }
    }
    if (outcome.made !== undefined) made.set(wanted.name, outcome.made)
  }
  if (made.size > 0) {
    const failed = yield* recordClaims(pod, made, io)
    if (failed !== undefined) return { retry: failed }
  }
  if ((pod.spec?.nodeName ?? '') === '') return done
  const failed = yield* reserveClaims(pod, io)
  return failed === undefined ? done : { retry: failed }
}
