import type { KubeObject } from '../../../api/object.ts'
import type { ApiResponse } from '../../../api/protocol/response.ts'
import type { AccessQuestion } from '../authorize/authorizer.ts'
import type { Step } from '../server-context.ts'
import { badRequest, invalid, isRefusal, type FieldCause, type Refusal } from '../status.ts'
import type { UserInfo } from '../user-info.ts'
import type { Call } from '../verbs/call.ts'
import { decodeForCreate } from '../verbs/create.ts'
import { showReview } from './show-review.ts'

interface ResourceAttributes {
  readonly namespace?: string
  readonly verb?: string
  readonly group?: string
  readonly resource?: string
  readonly subresource?: string
  readonly name?: string
}

interface Spec {
  readonly resourceAttributes?: ResourceAttributes
  readonly nonResourceAttributes?: { readonly path?: string; readonly verb?: string }
  readonly user?: string
  readonly groups?: readonly string[]
  readonly uid?: string
  readonly extra?: Readonly<Record<string, readonly string[]>>
}

const unnamed = { group: 'authorization.k8s.io', kind: '' }

const wrong = (field: string, value: string, why: string): FieldCause => ({
  reason: 'FieldValueInvalid',
  message: `Invalid value: ${value}: ${why}`,
  field,
})

/** pkg/apis/authorization/validation */
const validate = (spec: Spec, self: boolean): readonly FieldCause[] => {
  const causes: FieldCause[] = []
  const { resourceAttributes: resource, nonResourceAttributes: path } = spec
  if (resource !== undefined && path !== undefined) {
    const shown = JSON.stringify({ Path: path.path ?? '', Verb: path.verb ?? '' })
    causes.push(
      wrong('spec.nonResourceAttributes', shown, 'cannot be specified in combination with resourceAttributes'),
    )
  }
  if (resource === undefined && path === undefined) {
    causes.push(
      wrong(
        'spec.resourceAttributes',
        'null',
        'exactly one of nonResourceAttributes or resourceAttributes must be specified',
      ),
    )
  }
  if (!self && (spec.user ?? '') === '' && (spec.groups ?? []).length === 0) {
    causes.push(wrong('spec.user', '""', 'at least one of user or group must be specified'))
  }
  return causes
}

const questionOf = (spec: Spec, user: UserInfo): AccessQuestion => {
  const { resourceAttributes: resource, nonResourceAttributes: path } = spec
  return {
    user,
    verb: resource?.verb ?? path?.verb ?? '',
    group: resource?.group ?? '',
    resource: resource?.resource ?? '',
    subresource: resource?.subresource ?? '',
    namespace: resource?.namespace,
    name: resource?.name ?? '',
    path: resource === undefined ? (path?.path ?? '') : undefined,
  }
}

/** SubjectAccessReview, its local and its self variant (pkg/registry/authorization). */
export const accessReview = (kind: 'subject' | 'local' | 'self') =>
  function* review(call: Call): Step<ApiResponse | Refusal> {
    const decoded = decodeForCreate(call, call.request.body)
    if (isRefusal(decoded)) return decoded
    const spec = (decoded as { readonly spec?: Spec }).spec ?? {}
    const causes = validate(spec, kind === 'self')
    if (causes.length > 0) return invalid(unnamed, '', causes)
    if (kind === 'local' && (spec.resourceAttributes?.namespace ?? '') !== call.namespace) {
      return invalid(unnamed, '', [
        wrong(
          'spec.resourceAttributes.namespace',
          JSON.stringify(spec.resourceAttributes?.namespace ?? ''),
          'must match metadata.namespace',
        ),
      ])
    }
    if (call.namespace === undefined && kind === 'local') return badRequest('namespace is required on this type: ')
    const user: UserInfo =
      kind === 'self'
        ? call.user
        : { name: spec.user ?? '', uid: spec.uid, groups: spec.groups ?? [], extra: spec.extra ?? {} }
    const decision = call.authorize(questionOf(spec, user))
    const status = {
      allowed: decision.decision === 'allow',
      ...(decision.decision === 'deny' ? { denied: true } : {}),
      ...(decision.reason === '' ? {} : { reason: decision.reason }),
    }
    return { code: 201, body: showReview(call, { ...decoded, status } as KubeObject, decoded) }
  }
