import type { KubeObject } from '../../../api/object.ts'
import type { ServiceAccount } from '../../../api/types/core-v1.generated.ts'
import { objectKey } from '../../etcd/start-state.ts'
import { showReview } from '../reviews/show-review.ts'
import { decodeBody } from '../http-body.ts'
import { failure, invalid, notFound } from '../status.ts'
import { rfc3339Seconds } from '../timestamps.ts'
import { serviceAccountGroups, serviceAccountName } from '../user-info.ts'
import { tokenRequestKind } from './kinds.ts'
import type { Subresource } from './subresource.ts'

const audience = 'https://kubernetes.default.svc'
const minimum = 600
const maximum = 4_294_967_296

interface TokenSpec {
  readonly audiences?: readonly string[]
  readonly expirationSeconds?: number
  readonly boundObjectRef?: unknown
}

/** pkg/registry/core/serviceaccount/storage/token.go */
export const token: Subresource = {
  path: 'serviceaccounts/token',
  *create(call) {
    const { context, stored, request } = call
    const decoded = decodeBody(tokenRequestKind, request.body, {})
    if (!decoded.ok) return failure(decoded.code, decoded.message, { reason: decoded.reason })
    const spec = (decoded.object as unknown as { readonly spec?: TokenSpec }).spec ?? {}
    const name = request.name!
    const account = context.etcd.get(stored, objectKey(stored, call.namespace, name))?.value as
      ServiceAccount | undefined
    if (account === undefined) return notFound(call.resource, name)
    const seconds = spec.expirationSeconds ?? 3600
    const why =
      seconds < minimum
        ? 'may not specify a duration less than 10 minutes'
        : seconds > maximum
          ? 'may not specify a duration larger than 2^32 seconds'
          : undefined
    if (why !== undefined) {
      return invalid(tokenRequestKind, '', [
        { reason: 'FieldValueInvalid', message: `Invalid value: ${seconds}: ${why}`, field: 'spec.expirationSeconds' },
      ])
    }
    const written = { ...decoded.object, spec: { ...spec, expirationSeconds: seconds } } as KubeObject
    const namespace = call.namespace ?? ''
    const issued = context.issueToken({
      name: serviceAccountName(namespace, name),
      uid: account.metadata.uid,
      groups: [...serviceAccountGroups(namespace), 'system:authenticated'],
      extra: {},
    })
    const { uid } = account.metadata
    const body = {
      kind: 'TokenRequest',
      apiVersion: 'authentication.k8s.io/v1',
      metadata: { name, namespace, uid, creationTimestamp: context.clock.timestamp() },
      spec: {
        audiences: (spec.audiences ?? []).length === 0 ? [audience] : spec.audiences,
        expirationSeconds: seconds,
        boundObjectRef: spec.boundObjectRef ?? null,
      },
      status: { token: issued, expirationTimestamp: rfc3339Seconds(context.clock.seconds() + seconds) },
    }
    return { code: 201, body: showReview(call, body as unknown as KubeObject, written) }
  },
}
