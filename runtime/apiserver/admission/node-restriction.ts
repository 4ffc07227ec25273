import { structuralEqual } from '../../../api/json/structural-equal.ts'
import type { KubeObject } from '../../../api/object.ts'
import type { TokenRequest } from '../../../api/types/authentication-v1.generated.ts'
import type { Node, PersistentVolumeClaim, Pod } from '../../../api/types/core-v1.generated.ts'
import type { ServerContext } from '../server-context.ts'
import { notFound, type Refusal } from '../status.ts'
import type { UserInfo } from '../user-info.ts'
import { forbid } from './forbid.ts'
import { podReference } from '../../../api/pods/pod-reference.ts'
import type { AdmissionPlugin, Attributes } from './plugin.ts'

const mirrorKey = 'kubernetes.io/config.mirror'
const userPrefix = 'system:node:'

/** What one node may write, beyond what the authorizer knows. Texts: plugin/pkg/admission/noderestriction/admission.go. */
interface Question {
  readonly context: ServerContext
  readonly attributes: Attributes
  readonly object: KubeObject | undefined
  readonly node: string
}
type Answer = Refusal | undefined

const q = (text: string): string => JSON.stringify(text)
const no = ({ attributes, object }: Question, why: string): Refusal => forbid(attributes, object, why)

const podOf = ({ context, attributes }: Question, name: string): Pod | undefined =>
  context.lookup('v1/Pod', attributes.namespace, name) as Pod | undefined
const noSuchPod = ({ context }: Question, name: string): Refusal => notFound(context.scheme().byKind('v1/Pod')!, name)

const mirrorOwner = (question: Question, pod: Pod): Answer => {
  const { node, context } = question
  const owners = pod.metadata.ownerReferences ?? []
  if (owners.length > 1)
    return no(question, `node ${q(node)} can only create pods with a single owner reference set to itself`)
  const owner = owners[0]
  if (owner?.apiVersion !== 'v1' || owner.kind !== 'Node' || owner.name !== node)
    return no(question, `node ${q(node)} can only create pods with an owner reference set to itself`)
  if (owner.controller !== true)
    return no(question, `node ${q(node)} can only create pods with a controller owner reference set to itself`)
  if (owner.blockOwnerDeletion === true)
    return no(question, `node ${q(node)} must not set blockOwnerDeletion on an owner reference`)
  const known = context.lookup('v1/Node', undefined, node)
  if (known === undefined) return notFound(context.scheme().byKind('v1/Node')!, node)
  return owner.uid === known.metadata.uid
    ? undefined
    : no(question, `node ${node} UID mismatch: expected ${owner.uid} got ${known.metadata.uid}`)
}

const createPod = (question: Question): Answer => {
  const { node } = question
  const pod = question.object as Pod
  if (pod.metadata.annotations?.[mirrorKey] === undefined)
    return no(question, `pod does not have ${q(mirrorKey)} annotation, node ${q(node)} can only create mirror pods`)
  if (pod.spec.nodeName !== node)
    return no(question, `node ${q(node)} can only create pods with spec.nodeName set to itself`)
  const owner = mirrorOwner(question, pod)
  if (owner !== undefined) return owner
  const refersTo = podReference(pod.spec)
  return refersTo === undefined
    ? undefined
    : no(question, `node ${q(node)} can not create pods that reference ${refersTo}`)
}

const pod = (question: Question): Answer => {
  const { attributes, node } = question
  const { operation, subresource } = attributes
  if (subresource === 'status') return podStatus(question)
  if (subresource === 'eviction') return eviction(question)
  if (subresource !== '')
    return no(question, `unexpected pod subresource ${q(subresource)}, only 'status' and 'eviction' are allowed`)
  if (operation === 'CREATE') return createPod(question)
  if (operation !== 'DELETE')
    return no(question, `unexpected operation ${q(operation)}, node ${q(node)} can only create and delete mirror pods`)
  const existing = podOf(question, attributes.name)
  if (existing === undefined) return noSuchPod(question, attributes.name)
  return existing.spec.nodeName === node
    ? undefined
    : no(question, `node ${q(node)} can only delete pods with spec.nodeName set to itself`)
}

const podStatus = (question: Question): Answer => {
  const { node } = question
  if (question.attributes.operation !== 'UPDATE')
    return no(question, `unexpected operation ${q(question.attributes.operation)}`)
  const before = question.attributes.old as Pod
  const now = question.object as Pod
  if (before.spec.nodeName !== node)
    return no(question, `node ${q(node)} can only update pod status for pods with spec.nodeName set to itself`)
  if (!structuralEqual(before.metadata.labels ?? {}, now.metadata.labels ?? {}))
    return no(question, `node ${q(node)} cannot update labels through pod status`)
  if (!structuralEqual(before.status.resourceClaimStatuses ?? [], now.status.resourceClaimStatuses ?? []))
    return no(question, `node ${q(node)} cannot update resource claim statues`)
  if (!structuralEqual(before.status.extendedResourceClaimStatus, now.status.extendedResourceClaimStatus))
    return no(question, `node ${q(node)} cannot update extended resource claim status`)
  return undefined
}

const eviction = (question: Question): Answer => {
  const { attributes, node } = question
  if (attributes.operation !== 'CREATE') return no(question, `unexpected operation ${attributes.operation}`)
  const name = attributes.name === '' ? (question.object?.metadata.name ?? '') : attributes.name
  const existing = podOf(question, name)
  if (existing === undefined) return noSuchPod(question, name)
  return existing.spec.nodeName === node
    ? undefined
    : no(question, `node ${node} can only evict pods with spec.nodeName set to itself`)
}

const labelDomain = (key: string): string => (key.includes('/') ? key.slice(0, key.indexOf('/')) : '')
const within = (domain: string, of: string): boolean => domain === of || domain.endsWith(`.${of}`)
/** k8s.io/kubelet/pkg/apis: kubeletLabels, and the domains in which a kubelet may write anything. */
const kubeletLabels = new Set([
  'kubernetes.io/hostname',
  'topology.kubernetes.io/zone',
  'topology.kubernetes.io/region',
  'failure-domain.beta.kubernetes.io/zone',
  'failure-domain.beta.kubernetes.io/region',
  'beta.kubernetes.io/instance-type',
  'node.kubernetes.io/instance-type',
  'kubernetes.io/os',
  'kubernetes.io/arch',
  'beta.kubernetes.io/os',
  'beta.kubernetes.io/arch',
])
const isForbiddenLabel = (key: string): boolean => {
  const domain = labelDomain(key)
  if (within(domain, 'node-restriction.kubernetes.io')) return true
  if (!within(domain, 'kubernetes.io') && !within(domain, 'k8s.io')) return false
  return !kubeletLabels.has(key) && !within(domain, 'kubelet.kubernetes.io') && !within(domain, 'node.kubernetes.io')
}
const forbiddenLabels = (now: KubeObject, before: KubeObject | undefined): readonly string[] => {
  const a = now.metadata.labels ?? {}
  const b = before?.metadata.labels ?? {}
  const keys = [...new Set([...Object.keys(a), ...Object.keys(b)])].filter((key) => a[key] !== b[key])
  return keys.filter(isForbiddenLabel).sort()
}

const nodeObject = (question: Question): Answer => {
  const { attributes, node } = question
  const { operation } = attributes
  const name = attributes.name === '' ? (question.object?.metadata.name ?? '') : attributes.name
  if (name !== node) return no(question, `node ${q(node)} is not allowed to modify node ${q(name)}`)
  if (operation !== 'CREATE' && operation !== 'UPDATE') return undefined
  const now = question.object as Node
  const before = operation === 'UPDATE' ? (attributes.old as Node) : undefined
  const source = now.spec.configSource
  const wrong = forbiddenLabels(now, before).join(', ')
  if (before === undefined) {
    if (source !== undefined)
      return no(question, `node ${q(node)} is not allowed to create pods with a non-nil configSource`)
    return wrong === ''
      ? undefined
      : no(question, `node ${q(node)} is not allowed to set the following labels: ${wrong}`)
  }
  if (source !== undefined && !structuralEqual(source, before.spec.configSource))
    return no(question, `node ${q(node)} is not allowed to update configSource to a new non-nil configSource`)
  if (!structuralEqual(now.spec.taints ?? [], before.spec.taints ?? []))
    return no(question, `node ${q(node)} is not allowed to modify taints`)
  if (!structuralEqual(now.metadata.ownerReferences ?? [], before.metadata.ownerReferences ?? []))
    return no(question, `node ${q(node)} is not allowed to modify ownerReferences`)
  return wrong === '' ? undefined : no(question, `is not allowed to modify labels: ${wrong}`)
}

/** A claim without what a node may write of it. */
const restOfClaim = (claim: PersistentVolumeClaim): unknown => {
  const { resourceVersion, managedFields, ...metadata } = claim.metadata
  const { capacity, conditions, allocatedResourceStatuses, allocatedResources, ...status } = claim.status ?? {}
  void [resourceVersion, managedFields, capacity, conditions, allocatedResourceStatuses, allocatedResources]
  return { ...claim, metadata, status }
}
/** Differs: upstream ends the text with a Go diff of the two. */
const claimStatus = (question: Question): Answer => {
  const { attributes, node } = question
  if (attributes.subresource !== 'status') return no(question, 'may only update PVC status')
  if (attributes.operation !== 'UPDATE') return no(question, `unexpected operation ${q(attributes.operation)}`)
  const before = restOfClaim(attributes.old as PersistentVolumeClaim)
  return structuralEqual(before, restOfClaim(question.object as PersistentVolumeClaim))
    ? undefined
    : no(question, `node ${q(node)} is not allowed to update fields other than status.quantity and status.conditions`)
}

/** Differs: audiences of CSI drivers are not followed through claims and volumes. */
const hasAudience = (pod: Pod, audience: string): boolean =>
  (pod.spec.volumes ?? []).some((volume) =>
    (volume.projected?.sources ?? []).some(
      (one) => one.serviceAccountToken !== undefined && (one.serviceAccountToken.audience ?? '') === audience,
    ),
  )

const serviceAccountToken = (question: Question): Answer => {
  const { attributes, node } = question
  if (attributes.operation !== 'CREATE' || attributes.subresource !== 'token') return undefined
  const { boundObjectRef: ref, audiences = [] } = (question.object as TokenRequest).spec
  if (ref?.apiVersion !== 'v1' || ref.kind !== 'Pod' || (ref.name ?? '') === '')
    return no(question, 'node requested token not bound to a pod')
  if ((ref.uid ?? '') === '') return no(question, 'node requested token with a pod binding without a uid')
  const bound = podOf(question, ref.name!)
  if (bound === undefined) return noSuchPod(question, ref.name!)
  if (bound.metadata.uid !== ref.uid)
    return no(
      question,
      `the UID in the bound object reference (${ref.uid}) does not match the UID in record. The object might have been deleted and then recreated`,
    )
  if (bound.spec.nodeName !== node)
    return no(question, 'node requested token bound to a pod scheduled on a different node')
  if (audiences.length > 1) return no(question, 'node may only request 0 or 1 audiences')
  const audience = audiences[0] ?? ''
  const asked = audience === 'https://kubernetes.default.svc' ? '' : audience
  return hasAudience(bound, asked) || hasAudience(bound, audience)
    ? undefined
    : no(
        question,
        `audience ${q(audience)} not found in pod spec volume, ${attributes.user.name} is not authorized to request tokens for this audience`,
      )
}

const ownName = (question: Question, what: string): Answer => {
  const { attributes, object, node } = question
  const name = attributes.operation === 'CREATE' ? object?.metadata.name : attributes.name
  return name === node ? undefined : no(question, `can only access ${what} with the same name as the requesting node`)
}
const lease = (question: Question): Answer =>
  question.attributes.namespace === 'kube-node-lease'
    ? ownName(question, 'node lease')
    : no(question, 'can only access leases in the "kube-node-lease" system namespace')

const slice = (question: Question): Answer => {
  const { attributes, node } = question
  const of = (object: KubeObject | undefined): string | undefined =>
    (object as { readonly spec?: { readonly nodeName?: string } } | undefined)?.spec?.nodeName
  if (attributes.operation === 'CREATE' && of(question.object) !== node)
    return no(question, 'can only create ResourceSlice with the same NodeName as the requesting node')
  if (attributes.operation === 'DELETE' && of(attributes.old) !== node)
    return no(question, 'can only delete ResourceSlice with the same NodeName as the requesting node')
  return undefined
}

const rules: Readonly<Record<string, (question: Question) => Answer>> = {
  'v1/Pod': pod,
  'v1/Node': nodeObject,
  'v1/PersistentVolumeClaim': claimStatus,
  'v1/ServiceAccount': serviceAccountToken,
  'coordination.k8s.io/v1/Lease': lease,
  'storage.k8s.io/v1/CSINode': (question) => ownName(question, 'CSINode'),
  'resource.k8s.io/v1/ResourceSlice': slice,
}

/** pkg/auth/nodeidentifier: the node that a user is; undefined: the user is none. */
const nodeOf = (user: UserInfo): string | undefined =>
  user.groups.includes('system:nodes') && user.name.startsWith(userPrefix)
    ? user.name.slice(userPrefix.length)
    : undefined

const judge = (context: ServerContext, attributes: Attributes, object: KubeObject | undefined): Answer => {
  const node = nodeOf(attributes.user)
  if (node === undefined) return undefined
  const question = { context, attributes, object, node }
  return node === ''
    ? no(question, `could not determine node from user ${q(attributes.user.name)}`)
    : rules[attributes.resource.id]!(question)
}

/** A kubelet writes its own node and the pods bound to it, nothing else. */
export const nodeRestriction: AdmissionPlugin = {
  name: 'NodeRestriction',
  handles: (_operation, resource) => rules[resource.id] !== undefined,
  mutate: (context, attributes, object) => judge(context, attributes, object) ?? object,
  validate: (context, attributes, object) =>
    attributes.operation === 'DELETE' ? judge(context, attributes, object) : undefined,
}
