import type { KubeObject } from '../../../api/object.ts'
import type { ApiResponse } from '../../../api/protocol/response.ts'
import type { Scale } from '../../../api/types/autoscaling-v1.generated.ts'
import { validSelector } from '../../../api/selectors/label-selector-from-object.ts'
import { selectorFromSet } from '../../../api/selectors/label-selector.ts'
import type { LabelSelector } from '../../../api/types/meta-v1.generated.ts'
import { objectKey } from '../../etcd/start-state.ts'
import { decodeBody } from '../http-body.ts'
import { patchObject } from '../patch-object.ts'
import type { Step } from '../server-context.ts'
import { badRequest, conflict, failure, invalid, isRefusal, notFound, type Refusal } from '../status.ts'
import type { Call } from '../verbs/call.ts'
import { decodeOptions } from '../verbs/create.ts'
import { guaranteedUpdate, matchPath, type Change } from '../verbs/update.ts'
import { scaleKind } from './kinds.ts'
import type { Subresource } from './subresource.ts'

interface Scalable extends KubeObject {
  readonly spec?: { readonly replicas?: number; readonly selector?: unknown }
  readonly status?: { readonly replicas?: number }
}

/** scaleFromDeployment and its like. */
const scaleOf = (object: Scalable): Scale => {
  const { name, namespace, uid, resourceVersion, creationTimestamp } = object.metadata
  const replicas = object.spec?.replicas ?? 0
  const given = object.spec?.selector
  const selector =
    object.kind === 'ReplicationController'
      ? selectorFromSet(given as Readonly<Record<string, string>> | undefined).text
      : validSelector(given as LabelSelector | undefined).text
  return {
    kind: 'Scale',
    apiVersion: 'autoscaling/v1',
    metadata: { name, namespace, uid, resourceVersion, creationTimestamp },
    spec: replicas === 0 ? {} : { replicas },
    status: { replicas: object.status?.replicas ?? 0, ...(selector === '' ? {} : { selector }) },
  } as Scale
}

/** What the scale says, put into the object: replicas, and the version as a lock. */
const merge = (call: Call, current: Scalable, wanted: unknown): Change | Refusal => {
  const decoded = decodeBody(scaleKind, wanted, decodeOptions(call))
  if (!decoded.ok) return failure(decoded.code, decoded.message, { reason: decoded.reason })
  const matched = matchPath(call, decoded.object)
  if (isRefusal(matched)) return matched
  const scale = matched as Scale
  const replicas = scale.spec?.replicas ?? 0
  const name = current.metadata.name
  if (replicas < 0) {
    return invalid(scaleKind, name, [
      {
        reason: 'FieldValueInvalid',
        message: `Invalid value: ${replicas}: must be greater than or equal to 0`,
        field: 'spec.replicas',
      },
    ])
  }
  const { uid, resourceVersion } = scale.metadata
  if (uid !== undefined && uid !== '' && uid !== current.metadata.uid) {
    const resource = { group: call.resource.group, plural: `${call.resource.plural}/scale` }
    return conflict(
      resource,
      name,
      `Precondition failed: UID in precondition: ${uid}, UID in object meta: ${current.metadata.uid}`,
    )
  }
  const object = {
    ...current,
    metadata: { ...current.metadata, resourceVersion: resourceVersion ?? '' },
    spec: { ...current.spec, replicas },
  }
  return { object }
}

function* write(call: Call, wanted: (scale: Scale) => unknown): Step<ApiResponse | Refusal> {
  const { stored, request } = call
  const result = yield* guaranteedUpdate(call, {
    key: objectKey(stored, call.namespace, request.name!),
    name: request.name!,
    unconditional: true,
    asMain: true,
    change(current): Change | Refusal {
      const next = wanted(scaleOf(current))
      return isRefusal(next) ? next : merge(call, current, next)
    },
  })
  return isRefusal(result) ? result : { code: 200, body: scaleOf(result.object) }
}

const scale = (plural: string): Subresource => ({
  path: `${plural}/scale`,
  *get(call) {
    call.progress = 'storage'
    const row = call.context.etcd.get(call.stored, objectKey(call.stored, call.namespace, call.request.name!))
    return row === undefined ? notFound(call.resource, call.request.name!) : { code: 200, body: scaleOf(row.value) }
  },
  *update(call) {
    return yield* write(call, () => call.request.body)
  },
  *patch(call) {
    const type = call.request.patchType
    if (type === undefined || type === 'apply') return badRequest('a scale is not applied by this server')
    return yield* write(call, (current) => patchObject(type, scaleKind, current, call.request.body))
  },
})

export const scales: readonly Subresource[] = [
  'deployments',
  'replicasets',
  'statefulsets',
  'replicationcontrollers',
].map(scale)
