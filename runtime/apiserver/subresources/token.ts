import type { KubeObject } from '../../../api/object.ts'
import type { TokenRequest, TokenRequestSpec } from '../../../api/types/authentication-v1.generated.ts'
import type { Pod, ServiceAccount } from '../../../api/types/core-v1.generated.ts'
import { objectKey } from '../../etcd/start-state.ts'
import { showReview } from '../reviews/show-review.ts'
import { decodeBody } from '../http-body.ts'
import { badRequest, conflict, failure, invalid, isRefusal, notFound, type Refusal } from '../status.ts'
import { rfc3339Seconds } from '../timestamps.ts'
import { serviceAccountGroups, serviceAccountName } from '../user-info.ts'
import type { Call } from '../verbs/call.ts'
import { admitSubresource } from './admit-subresource.ts'
import { tokenRequestKind } from './kinds.ts'
import type { Subresource } from './subresource.ts'

const audience = 'https://kubernetes.default.svc'
const minimum = 600
const maximum = 4_294_967_296
const boundKinds = new Set(['Pod', 'Node', 'Secret'])

type Extra = Readonly<Record<string, readonly string[]>>

/** What a token says of the object that it is bound to (pkg/serviceaccount/claims.go), or why it cannot be bound. */
const bindingOf = (call: Call, account: string, ref: TokenRequestSpec['boundObjectRef'] | null): Extra | Refusal => {
  if (ref === undefined || ref === null) return {}
  const { context } = call
  const [group, version] = (ref.apiVersion ?? '').includes('/') ? ref.apiVersion!.split('/') : ['', ref.apiVersion]
  const kind = ref.kind ?? ''
  if (group !== '' || !boundKinds.has(kind))
    return badRequest(`cannot bind token to object of type ${group}/${version ?? ''}, Kind=${kind}`)
  const resource = context.scheme().byKind(`v1/${kind}`)!
  const name = ref.name ?? ''
  const found = context.lookup(`v1/${kind}`, resource.namespaced ? call.namespace : undefined, name)
  if (found === undefined) return notFound(resource, name)
  const pod = kind === 'Pod' ? (found as Pod) : undefined
  if (pod !== undefined && pod.spec.serviceAccountName !== account) {
    return badRequest(
      `cannot bind token for serviceaccount ${JSON.stringify(account)} to pod running with different serviceaccount name.`,
    )
  }
  const uid = found.metadata.uid ?? ''
  if ((ref.uid ?? '') !== '' && ref.uid !== uid) {
    const why = `the UID in the bound object reference (${ref.uid}) does not match the UID in record. The object might have been deleted and then recreated`
    return conflict({ group: '', plural: kind }, name, why)
  }
  if (kind === 'Secret') return {}
  const node = pod === undefined ? name : (pod.spec.nodeName ?? '')
  const nodeUid = node === '' ? undefined : context.lookup('v1/Node', undefined, node)?.metadata.uid
  return {
    ...(node === '' ? {} : { 'authentication.kubernetes.io/node-name': [node] }),
    ...(nodeUid === undefined ? {} : { 'authentication.kubernetes.io/node-uid': [nodeUid] }),
    ...(pod === undefined
      ? {}
      : { 'authentication.kubernetes.io/pod-name': [name], 'authentication.kubernetes.io/pod-uid': [uid] }),
  }
}

const wrongExpiration = (seconds: number): Refusal | undefined => {
  const why =
    seconds < minimum
      ? 'may not specify a duration less than 10 minutes'
      : seconds > maximum
        ? 'may not specify a duration larger than 2^32 seconds'
        : undefined
  if (why === undefined) return undefined
  const message = `Invalid value: ${seconds}: ${why}`
  return invalid(tokenRequestKind, '', [{ reason: 'FieldValueInvalid', message, field: 'spec.expirationSeconds' }])
}

/** pkg/registry/core/serviceaccount/storage/token.go */
export const token: Subresource = {
  path: 'serviceaccounts/token',
  *create(call) {
    const { context, stored, request } = call
    const decoded = decodeBody(tokenRequestKind, request.body, {})
    if (!decoded.ok) return failure(decoded.code, decoded.message, { reason: decoded.reason })
    const given = decoded.object as unknown as Partial<TokenRequest>
    const name = request.name!
    const namespace = call.namespace ?? ''
    const account = context.etcd.get(stored, objectKey(stored, call.namespace, name))?.value as
      ServiceAccount | undefined
    if (account === undefined) return notFound(call.resource, name)
    const seconds = given.spec?.expirationSeconds ?? 3600
    const wrong = wrongExpiration(seconds)
    if (wrong !== undefined) return wrong
    const { uid } = account.metadata
    const audiences = (given.spec?.audiences ?? []).length === 0 ? [audience] : given.spec!.audiences
    const asked = {
      ...decoded.object,
      metadata: { ...decoded.object.metadata, name, namespace, uid },
      spec: { ...given.spec, audiences, expirationSeconds: seconds },
    } as unknown as KubeObject
    const admitted = yield* admitSubresource(call, name, tokenRequestKind, asked)
    if (isRefusal(admitted)) return admitted
    const bound = bindingOf(call, name, given.spec?.boundObjectRef)
    if (isRefusal(bound)) return bound
    const issued = context.issueToken({
      name: serviceAccountName(namespace, name),
      uid,
      groups: [...serviceAccountGroups(namespace), 'system:authenticated'],
      extra: { ...bound, 'authentication.kubernetes.io/credential-id': [`JTI=${context.uid()}`] },
    })
    const written = { ...decoded.object, spec: { ...given.spec, expirationSeconds: seconds } } as unknown as KubeObject
    const body = {
      kind: 'TokenRequest',
      apiVersion: 'authentication.k8s.io/v1',
      metadata: { name, namespace, uid, creationTimestamp: context.clock.timestamp() },
      spec: { audiences, expirationSeconds: seconds, boundObjectRef: given.spec?.boundObjectRef ?? null },
      status: { token: issued, expirationTimestamp: rfc3339Seconds(context.clock.seconds() + seconds) },
    }
    return { code: 201, body: showReview(call, body as unknown as KubeObject, written) }
  },
}
