import { getPath } from '../../../api/json/path.ts'
import type { KubeObject } from '../../../api/object.ts'
import type { Scale } from '../../../api/types/autoscaling-v1.generated.ts'
import type { CustomResourceSubresourceScale } from '../../../api/types/apiextensions-v1.generated.ts'
import { objectKey } from '../../etcd/start-state.ts'
import { convert } from '../convert.ts'
import { decodeBody } from '../http-body.ts'
import { patchObject } from '../patch-object.ts'
import type { Step } from '../server-context.ts'
import { badRequest, conflict, failure, internalError, isRefusal, notFound, type Refusal } from '../status.ts'
import type { ApiResponse } from '../../../api/protocol/response.ts'
import type { Call } from '../verbs/call.ts'
import { decodeOptions } from '../verbs/create.ts'
import { guaranteedUpdate, matchPath, type Change } from '../verbs/update.ts'
import { scaleKind } from './kinds.ts'
import type { Subresource } from './subresource.ts'

// apiextensions-apiserver pkg/registry/customresource/etcd.go: ScaleREST, over the paths that the definition names.

const stepsOf = (path: string): readonly string[] => path.replace(/^\./, '').split('.')

const missing = (paths: CustomResourceSubresourceScale): Refusal =>
  internalError(`the spec replicas field ${JSON.stringify(paths.specReplicasPath)} does not exist`)

/** scaleFromCustomResource; without replicas there is no scale to show, though one may be written. */
const scaleOf = (paths: CustomResourceSubresourceScale, object: KubeObject, unset?: number): Scale | Refusal => {
  const { name, namespace, uid, resourceVersion, creationTimestamp } = object.metadata
  const replicas = getPath(object, stepsOf(paths.specReplicasPath)) ?? unset
  if (replicas === undefined || replicas === null) return missing(paths)
  const status = getPath(object, stepsOf(paths.statusReplicasPath))
  const selectorPath = paths.labelSelectorPath ?? ''
  const selector = selectorPath === '' ? undefined : getPath(object, stepsOf(selectorPath))
  return {
    kind: 'Scale',
    apiVersion: 'autoscaling/v1',
    metadata: { name, namespace, uid, resourceVersion, creationTimestamp },
    spec: replicas === 0 ? {} : { replicas },
    status: {
      replicas: typeof status === 'number' ? status : 0,
      ...(typeof selector === 'string' && selector !== '' ? { selector } : {}),
    },
  } as Scale
}

const withPath = (object: unknown, [step, ...rest]: readonly string[], value: unknown): unknown => {
  const fields = (typeof object === 'object' && object !== null ? object : {}) as Readonly<Record<string, unknown>>
  return { ...fields, [step!]: rest.length === 0 ? value : withPath(fields[step!], rest, value) }
}

const merge = (call: Call, current: KubeObject, wanted: unknown): Change | Refusal => {
  const decoded = decodeBody(scaleKind, wanted, decodeOptions(call))
  if (!decoded.ok) return failure(decoded.code, decoded.message, { reason: decoded.reason })
  const matched = matchPath(call, decoded.object)
  if (isRefusal(matched)) return matched
  const { metadata, spec } = matched as Scale
  if (metadata.uid !== undefined && metadata.uid !== '' && metadata.uid !== current.metadata.uid) {
    const why = `Precondition failed: UID in precondition: ${metadata.uid}, UID in object meta: ${current.metadata.uid}`
    return conflict({ group: call.resource.group, plural: `${call.resource.plural}/scale` }, current.metadata.name, why)
  }
  const path = stepsOf(call.resource.custom!.scale!.specReplicasPath)
  const scaled = withPath(current, path, spec?.replicas ?? 0) as KubeObject
  const versioned = { ...scaled, metadata: { ...scaled.metadata, resourceVersion: metadata.resourceVersion ?? '' } }
  return { object: convert(call.resource, call.stored, versioned) }
}

function* write(call: Call, wanted: (scale: Scale) => unknown): Step<ApiResponse | Refusal> {
  const { resource, stored, request } = call
  const paths = resource.custom!.scale!
  const result = yield* guaranteedUpdate(call, {
    key: objectKey(stored, call.namespace, request.name!),
    name: request.name!,
    unconditional: true,
    asMain: true,
    change(stands): Change | Refusal {
      const current = convert(stored, resource, stands)
      const scale = scaleOf(paths, current, 0)
      if (isRefusal(scale)) return scale
      const next = wanted(scale)
      return isRefusal(next) ? next : merge(call, current, next)
    },
  })
  if (isRefusal(result)) return result
  const scale = scaleOf(paths, convert(stored, resource, result.object))
  return isRefusal(scale) ? scale : { code: 200, body: scale }
}

export const customScale: Subresource = {
  path: '*/scale',
  *get(call) {
    call.progress = 'storage'
    const { resource, stored, request } = call
    const row = call.context.etcd.get(stored, objectKey(stored, call.namespace, request.name!))
    if (row === undefined) return notFound(resource, request.name!)
    const scale = scaleOf(resource.custom!.scale!, convert(stored, resource, row.value))
    return isRefusal(scale) ? scale : { code: 200, body: scale }
  },
  *update(call) {
    return yield* write(call, () => call.request.body)
  },
  *patch(call) {
    const type = call.request.patchType
    if (type === undefined || type === 'apply') return badRequest('a scale is not applied by this server')
    return yield* write(call, (current) => patchObject(type, scaleKind, current, call.request.body))
  },
}
