import { merged } from '../../api/json/merged.ts'
import type { Key, Kind } from '../../api/kind.ts'
import type { Draft, KubeObject } from '../../api/object.ts'
import type { ApiRequest, Credentials, PatchType, RequestOptions } from '../../api/protocol/request.ts'
import type { Resource } from '../../api/protocol/resource.ts'
import type { ApiResponse, ListBody } from '../../api/protocol/response.ts'
import type { Scheme } from '../../api/scheme/scheme.ts'
import type { DeleteOptions } from '../../api/types/meta-v1.generated.ts'
import { InvariantError } from '../kernel/invariant-error.ts'
import { answerOf, type Call } from './call.ts'
import { splitKey } from './object-key.ts'
import type { Transport } from './transport.ts'

/** Typed verbs of one identity. Each is a generator of one request; whoever drives the fiber sends it through `send`. */
export interface Client {
  get(kind: Kind, key: Key): Call<KubeObject>
  list(kind: Kind, options?: RequestOptions & { readonly namespace?: string }): Call<readonly KubeObject[]>
  /** `namespace` of the request, where the object does not name it. */
  create(object: Draft, namespace?: string): Call<KubeObject>
  update(object: KubeObject): Call<KubeObject>
  updateStatus(object: KubeObject): Call<KubeObject>
  patch(object: KubeObject, patch: unknown, options?: PatchOptions): Call<KubeObject>
  delete(object: KubeObject, options?: Partial<DeleteOptions>): Call<KubeObject>
  evict(pod: KubeObject, options?: Partial<DeleteOptions>): Call<KubeObject>
  request(request: BareRequest): Call<KubeObject>
  /** Performs what a generator of this client yields: the `perform` of a fiber. */
  send(request: ApiRequest, reply: (response: ApiResponse) => void): void
  resourceOf(object: { readonly apiVersion: string; readonly kind: string }): Resource
}

/** A request before the client has put its identity on it. */
export type BareRequest = Omit<ApiRequest, 'credentials' | 'userAgent'>

export interface PatchOptions {
  readonly resourceVersion?: string
  /** strategic where the kind supports it, else merge. */
  readonly type?: 'merge' | 'strategic' | 'json' | 'apply'
  readonly subresource?: string
}

export interface ClientOptions {
  readonly transport: Transport
  readonly credentials: Credentials
  readonly userAgent: string
  /** The resources served now. A function, because CRDs come and go. */
  readonly scheme: Scheme | (() => Scheme)
}

export const createClient = (options: ClientOptions): Client => {
  const { transport, credentials, userAgent, scheme } = options
  const identity = { credentials, userAgent }
  const kindOf = (kind: Kind): Resource => {
    const served = typeof scheme === 'function' ? scheme() : scheme
    const resource = served.byKind(kind)
    if (resource === undefined) throw new InvariantError('client', 'no such kind is served', { kind })
    return resource
  }
  const resourceOf = (object: { readonly apiVersion: string; readonly kind: string }): Resource =>
    kindOf(`${object.apiVersion}/${object.kind}`)

  function* request<A>(bare: BareRequest): Call<A> {
    const response = (yield merged(bare, identity)) as ApiResponse
    return answerOf<A>(response)
  }

  /** The namespace and name of a request about an object. */
  const about = (
    resource: Resource,
    object: { readonly metadata: { readonly namespace?: string; readonly name?: string } },
  ): Place => ({
    resource,
    ...(resource.namespaced ? { namespace: object.metadata.namespace ?? 'default' } : {}),
    name: object.metadata.name ?? '',
  })

  const at = (kind: Kind, key: Key): Place => {
    const resource = kindOf(kind)
    const { namespace, name } = splitKey(key)
    return { resource, ...(resource.namespaced && namespace !== undefined ? { namespace } : {}), name }
  }

  return {
    get: (kind, key) => request({ verb: 'get', ...at(kind, key) }),
    *list(kind, options = {}) {
      const { namespace, ...rest } = options
      const answer = yield* request<ListBody>({
        verb: 'list',
        resource: kindOf(kind),
        ...(namespace === undefined ? {} : { namespace }),
        options: rest,
      })
      return answer.ok ? { ok: true, object: answer.object.items } : answer
    },
    create(object, given) {
      const resource = resourceOf(object)
      const namespace = given ?? object.metadata.namespace ?? 'default'
      return request<KubeObject>({
        verb: 'create',
        resource,
        ...(resource.namespaced ? { namespace } : {}),
        body: object,
      })
    },
    update: (object) => request({ verb: 'update', ...about(resourceOf(object), object), body: object }),
    updateStatus: (object) =>
      request({ verb: 'update', ...about(resourceOf(object), object), subresource: 'status', body: object }),
    patch(object, patch, how = {}) {
      const resource = resourceOf(object)
      const type: PatchType = how.type ?? (resource.type === undefined ? 'merge' : 'strategic')
      const body =
        how.resourceVersion === undefined
          ? patch
          : {
              ...(patch as object),
              metadata: { ...(patch as { metadata?: object }).metadata, resourceVersion: how.resourceVersion },
            }
      return request({
        verb: 'patch',
        ...about(resource, object),
        ...(how.subresource === undefined ? {} : { subresource: how.subresource }),
        patchType: type,
        body,
      })
    },
    delete: (object, deleteOptions) =>
      request({
        verb: 'delete',
        ...about(resourceOf(object), object),
        body: { kind: 'DeleteOptions', apiVersion: 'v1', ...deleteOptions },
      }),
    evict: (pod, deleteOptions) =>
      request({
        verb: 'create',
        ...about(resourceOf(pod), pod),
        subresource: 'eviction',
        body: {
          apiVersion: 'policy/v1',
          kind: 'Eviction',
          metadata: { name: pod.metadata.name, namespace: pod.metadata.namespace },
          ...(deleteOptions === undefined ? {} : { deleteOptions }),
        },
      }),
    request,
    send: (one, reply) => transport.send(one, reply),
    resourceOf,
  }
}

interface Place {
  readonly resource: Resource
  readonly namespace?: string
  readonly name: string
}
