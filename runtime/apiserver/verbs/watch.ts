import type { KubeObject } from '../../../api/object.ts'
import type { ApiResponse } from '../../../api/protocol/response.ts'
import type { WatchEvent } from '../../../api/protocol/watch-event.ts'
import { objectKey } from '../../etcd/start-state.ts'
import type { ServerWatchSink } from '../api-server.ts'
import { convert } from '../convert.ts'
import { validateListOptions } from '../list-options.ts'
import { selectionOf, type Selection } from '../selection.ts'
import { fresh, type Step } from '../server-context.ts'
import { expired, isRefusal, plainError, type Refusal } from '../status.ts'
import { watchEventFor, type Watcher } from '../watchers.ts'
import type { Call } from './call.ts'
import { malformedVersion, parseVersion, tooLargeVersion } from './get.ts'
import { selectRows } from './list.ts'

const opened: ApiResponse = Object.freeze({
  code: 200,
  body: Object.freeze({ kind: 'Status', apiVersion: 'v1', metadata: {}, status: 'Success' }),
})

/** A watch that has been let in. `close` ends it from the client's side, `end` from the server's. */
export interface OpenWatch {
  close(): void
  end(): void
}

const errorEvent = (refusal: Refusal): WatchEvent => ({ type: 'ERROR', status: refusal.response.body })

/** k8s.io/apiserver/pkg/storage/cacher, Cacher.Watch. */
export function* openWatch(call: Call, sink: ServerWatchSink): Step<OpenWatch | Refusal> {
  const { context, stored, resource, options, namespace, request } = call
  const badOptions = validateListOptions(options, true)
  if (badOptions !== undefined) return badOptions
  const selection = selectionOf(resource, options, request.name)
  if (isRefusal(selection)) return selection
  const version = options.resourceVersion ?? ''
  const from = version === '' || version === '0' ? undefined : parseVersion(version)
  if (from === undefined && version !== '' && version !== '0') {
    return plainError(malformedVersion(version))
  }
  call.progress = 'storage'
  const cache = context.cache(stored)
  const initial = options.sendInitialEvents === true
  if (initial && version === '') yield* fresh(cache, context.etcd.revision)
  else if (from !== undefined) {
    if (from > context.etcd.revision && initial) {
      return tooLargeVersion(from, cache.revision())
    }
    yield* fresh(cache, Math.min(from, context.etcd.revision))
  }
  const history = from === undefined || initial ? [] : context.etcd.history(stored, from)
  sink.opened(opened)
  if (history === undefined) {
    sink.event(errorEvent(expired(`too old resource version: ${from!} (${context.etcd.compacted})`)))
    sink.closed()
    return { close: () => undefined, end: () => undefined }
  }
  const prefix = resource.namespaced && namespace !== undefined ? `${namespace}/` : ''
  const show = (object: KubeObject): KubeObject => convert(stored, resource, object)
  const same = stored === resource
  let open = true
  // What is committed while the backlog is being told waits for its end.
  let queued: WatchEvent[] | undefined = []
  const tell = (event: WatchEvent): void => {
    if (!open) return
    sink.event(same || !('object' in event) ? event : { ...event, object: show(event.object) })
  }
  const start = cache.revision()
  const close = (): void => {
    if (!open) return
    open = false
    cache.watchers.remove(watcher)
  }
  const ends: OpenWatch = {
    close,
    end() {
      if (!open) return
      close()
      sink.closed()
    },
  }
  const watcher: Watcher = {
    namespace: resource.namespaced ? (namespace ?? selection.namespace) : undefined,
    matches: selection.matches,
    indexed: selection.indexed,
    key: keyOf(call, selection),
    // A client may know more than a server that lags: what it has seen is not told again.
    after: Math.max(start, from ?? 0),
    event(event) {
      if (queued === undefined) tell(event)
      else queued.push(event)
    },
    lost: () => ends.end(),
  }
  cache.watchers.add(watcher)
  const shown = from === undefined && options.sendInitialEvents !== false
  if (shown || initial) {
    for (const object of selectRows(cache.rows(), prefix, selection).items) tell({ type: 'ADDED', object, cause: -1 })
  } else {
    for (const event of history) {
      if (event.revision > start) break
      const where = (event.value ?? event.before)?.metadata.namespace
      if (watcher.namespace !== undefined && watcher.namespace !== where) continue
      const heard = watchEventFor(watcher, event, context.ledger.carry)
      if (heard !== undefined) tell(heard)
    }
  }
  if (initial && options.allowWatchBookmarks === true) {
    tell({ type: 'BOOKMARK', resourceVersion: String(start), initialEventsEnd: true })
  }
  for (let next = queued.shift(); next !== undefined; next = queued.shift()) tell(next)
  queued = undefined
  return ends
}

const keyOf = (call: Call, selection: Selection): string | undefined => {
  const { name } = selection
  if (name === undefined) return undefined
  if (!call.stored.namespaced) return name
  const namespace = call.namespace ?? selection.namespace
  return namespace === undefined ? undefined : objectKey(call.stored, namespace, name)
}
