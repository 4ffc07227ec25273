import type { KubeObject } from '../../../api/object.ts'
import type { ApiResponse } from '../../../api/protocol/response.ts'
import type { Lease } from '../../../api/types/coordination-v1.generated.ts'
import { objectKey } from '../../etcd/start-state.ts'
import { convert } from '../convert.ts'
import { etcdRefusal } from '../etcd-refusal.ts'
import { barrier, fresh, type ServerContext, type Step } from '../server-context.ts'
import { failure, notFound, plainError, type Refusal } from '../status.ts'
import type { Call } from './call.ts'

/** A node's lease as its kubelet last renewed it: nobody writes renewals down until somebody reads them. */
export const withHeartbeat = (context: ServerContext, object: KubeObject): KubeObject => {
  const beats = context.settings.heartbeats
  if (beats === undefined || object.kind !== 'Lease' || object.metadata.namespace !== 'kube-node-lease') return object
  const last = beats.last(object.metadata.name)
  if (last === undefined) return object
  const renewTime = new Date((context.kernel.epoch + last) / 1000)
    .toISOString()
    .replace('Z', `${String((context.kernel.epoch + last) % 1000).padStart(3, '0')}Z`)
  const lease = object as Lease
  if (lease.spec?.renewTime !== undefined && lease.spec.renewTime >= renewTime) return object
  return { ...lease, spec: { ...lease.spec, renewTime } } as KubeObject
}

/** Whether a resourceVersion parameter is a number etcd could have given. */
export const parseVersion = (text: string): number | undefined => (/^\d+$/.test(text) ? Number(text) : undefined)

/** storage.APIObjectVersioner.ParseResourceVersion */
export const malformedVersion = (text: string): string =>
  `resourceVersion: Invalid value: ${JSON.stringify(text)}: strconv.ParseUint: parsing ${JSON.stringify(text)}: invalid syntax`

/** storage.NewTooLargeResourceVersionError. Differs: upstream waits three seconds for the version first. */
export const tooLargeVersion = (wanted: number, current: number): Refusal =>
  failure(504, `Timeout: Too large resource version: ${wanted}, current: ${current}`, {
    reason: 'Timeout',
    details: {
      causes: [{ reason: 'ResourceVersionTooLarge', message: 'Too large resource version' }],
      retryAfterSeconds: 1,
    },
    retryAfter: 1,
  })

export function* get(call: Call): Step<ApiResponse | Refusal> {
  const { context, stored, resource, request, options } = call
  const key = objectKey(stored, call.namespace, request.name!)
  call.progress = 'storage'
  const version = options.resourceVersion ?? ''
  let object: KubeObject | undefined
  if (version === '') {
    const error = yield* barrier()
    if (error !== undefined) return etcdRefusal(error)
    object = context.etcd.get(stored, key)?.value
  } else {
    const wanted = parseVersion(version)
    if (wanted === undefined) return plainError(malformedVersion(version))
    if (wanted > context.etcd.revision) return tooLargeVersion(wanted, context.cache(stored).revision())
    const cache = context.cache(stored)
    yield* fresh(cache, wanted)
    object = cache.get(key)
  }
  if (object === undefined) return notFound(resource, request.name!)
  return { code: 200, body: convert(stored, resource, withHeartbeat(context, object)) }
}
