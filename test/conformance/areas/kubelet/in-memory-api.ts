import { applyStrategicMergePatch } from '../../../../api/patch/strategic-merge-patch.ts'
import { structuralEqual } from '../../../../api/json/structural-equal.ts'
import type { KubeObject } from '../../../../api/object.ts'
import type { ApiRequest } from '../../../../api/protocol/request.ts'
import type { ApiResponse } from '../../../../api/protocol/response.ts'
import type { WatchEvent } from '../../../../api/protocol/watch-event.ts'
import type { Pod } from '../../../../api/types/core-v1.generated.ts'
import { timestamp } from '../../../../runtime/client/timestamp.ts'
import type { Transport, WatchSink } from '../../../../runtime/client/transport.ts'
import type { Kernel } from '../../../../runtime/kernel/kernel.ts'

export interface InMemoryApi {
  connect(): Transport
  put(plural: string, object: KubeObject): void
  remove(plural: string, namespace: string, name: string): void
  get(plural: string, namespace: string, name: string): KubeObject | undefined
  list(plural: string): readonly KubeObject[]
}

export interface Write {
  readonly verb: string
  readonly plural: string
  readonly subresource: string | undefined
  readonly object: KubeObject
  readonly request: ApiRequest
}

interface Watch {
  readonly plural: string
  readonly sink: WatchSink
  open: boolean
  /** Events on their way, in order. */
  readonly queue: WatchEvent[]
}

const node = 'node-1'

const status = (code: number, reason: string, message: string): ApiResponse => ({
  code,
  body: {
    kind: 'Status',
    apiVersion: 'v1',
    status: 'Failure',
    reason,
    message,
    code,
  },
})

/** Stores what it is given, answers at once and tells watchers in the same moment: as the recordings' tracker did. */
export const createInMemoryApi = (kernel: Kernel, wrote: (write: Write) => void): InMemoryApi => {
  const actor = kernel.actor('api')
  const objects = new Map<string, KubeObject>()
  const watches = new Set<Watch>()
  let revision = 1

  const keyOf = (plural: string, namespace: string | undefined, name: string): string =>
    `${plural}/${namespace ?? ''}/${name}`
  const relevant = (plural: string, object: KubeObject): boolean =>
    plural !== 'pods' || (object as Pod).spec.nodeName === node
  const tell = (plural: string, event: WatchEvent & { type: 'ADDED' | 'MODIFIED' | 'DELETED' }): void => {
    for (const watch of watches) {
      if (watch.plural !== plural || !relevant(plural, event.object)) continue
      watch.queue.push(event)
      if (watch.queue.length > 1) continue
      kernel.after(0, actor, () => {
        for (const one of watch.queue.splice(0)) if (watch.open) watch.sink.event(one)
      })
    }
  }
  const store = (plural: string, object: KubeObject): KubeObject => {
    revision += 1
    const stored = { ...object, metadata: { ...object.metadata, resourceVersion: String(revision) } }
    const key = keyOf(plural, object.metadata.namespace, object.metadata.name)
    const type = objects.has(key) ? 'MODIFIED' : 'ADDED'
    objects.set(key, stored)
    tell(plural, { type, object: stored, cause: -1 })
    return stored
  }
  const drop = (plural: string, namespace: string | undefined, name: string): KubeObject | undefined => {
    const key = keyOf(plural, namespace, name)
    const object = objects.get(key)
    if (object === undefined) return undefined
    objects.delete(key)
    tell(plural, { type: 'DELETED', object, cause: -1 })
    return object
  }

  const answer = (request: ApiRequest): ApiResponse => {
    const plural = request.resource.plural
    const name = request.name ?? ''
    const known = objects.get(keyOf(plural, request.namespace, name))
    const missing = status(404, 'NotFound', `${plural} ${JSON.stringify(name)} not found`)
    const wrote_ = (object: KubeObject): ApiResponse => {
      wrote({ verb: request.verb, plural, subresource: request.subresource, object, request })
      return { code: request.verb === 'create' ? 201 : 200, body: object }
    }
    switch (request.verb) {
      case 'get':
        return known === undefined ? missing : { code: 200, body: known }
      case 'create': {
        const object = request.body as KubeObject
        if (objects.has(keyOf(plural, object.metadata.namespace ?? request.namespace, object.metadata.name))) {
          return status(409, 'AlreadyExists', 'exists')
        }
        const metadata = {
          ...object.metadata,
          uid: object.metadata.uid ?? `${object.metadata.name}-uid`,
          creationTimestamp: timestamp(kernel.epoch + kernel.now),
          ...(plural === 'pods' ? { generation: 1 } : {}),
        }
        return wrote_(store(plural, { ...object, metadata }))
      }
      case 'update': {
        const object = request.body as KubeObject
        return known === undefined ? missing : wrote_(store(plural, object))
      }
      case 'patch': {
        if (known === undefined) return missing
        const type = plural === 'pods' ? 'io.k8s.api.core.v1.Pod' : 'io.k8s.api.core.v1.Node'
        const {
          status: statusPatch,
          spec,
          metadata,
        } = request.body as { status?: object; spec?: object; metadata?: { uid?: string } }
        if (metadata?.uid !== undefined && metadata.uid !== known.metadata.uid) return status(409, 'Conflict', 'uid')
        const patched = applyStrategicMergePatch(type, known, {
          ...(statusPatch === undefined ? {} : { status: statusPatch }),
          ...(spec === undefined ? {} : { spec: spec }),
        })
        if (!('document' in patched)) throw new Error(patched.error)
        return wrote_(structuralEqual(patched.document, known) ? known : store(plural, patched.document))
      }
      case 'delete': {
        if (known === undefined) return missing
        wrote({ verb: 'delete', plural, subresource: undefined, object: known, request })
        drop(plural, request.namespace, name)
        return { code: 200, body: known }
      }
      default:
        throw new Error(`the in-memory API does not answer ${request.verb} ${plural}`)
    }
  }

  return {
    connect() {
      const mine: Watch[] = []
      let open = true
      return {
        send(request, reply) {
          if (open) reply(answer(request))
        },
        watch(request, sink) {
          const watch: Watch = { plural: request.resource.plural, sink, open: true, queue: [] }
          mine.push(watch)
          kernel.after(0, actor, () => {
            if (!watch.open) return
            for (const [key, object] of objects) {
              if (key.startsWith(`${watch.plural}/`) && relevant(watch.plural, object))
                sink.event({ type: 'ADDED', object, cause: -1 })
            }
            watches.add(watch)
            sink.event({ type: 'BOOKMARK', resourceVersion: String(revision), initialEventsEnd: true })
          })
          return {
            close() {
              watch.open = false
              watches.delete(watch)
            },
          }
        },
        close() {
          open = false
          for (const watch of mine) {
            watch.open = false
            watches.delete(watch)
          }
        },
      }
    },
    put: (plural, object) => void store(plural, object),
    remove: (plural, namespace, name) => void drop(plural, namespace, name),
    get: (plural, namespace, name) => objects.get(keyOf(plural, namespace, name)),
    list: (plural) => [...objects].filter(([key]) => key.startsWith(`${plural}/`)).map(([, object]) => object),
  }
}
