import type { Key, Kind } from '../../api/kind.ts'
import type { KubeObject } from '../../api/object.ts'
import type { Resource } from '../../api/protocol/resource.ts'
import type { Scheme } from '../../api/scheme/scheme.ts'
import { InvariantError } from '../kernel/invariant-error.ts'
import type { Index } from './indexes.ts'
import { createObjectCache } from './object-cache.ts'
import { keyOf } from './object-key.ts'
import { createReflector, type ReflectorOptions } from './reflector.ts'

export type ChangeType = 'added' | 'modified' | 'deleted'

/** `before` is the cached version that a modification replaces; `cause` the timeline entry of the commit, or -1. */
export type InformerHandler = (
  type: ChangeType,
  before: KubeObject | undefined,
  object: KubeObject,
  cause: number,
) => void

/** A process's cache of one kind, and the reads of it. All answers are frozen and in key order. */
export interface Informer {
  readonly resource: Resource
  readonly synced: boolean
  /** Everything up to this revision has been heard. */
  readonly resourceVersion: string
  readonly size: number
  get(key: Key): KubeObject | undefined
  list(namespace?: string): readonly KubeObject[]
  indexed(index: string, value: string): readonly KubeObject[]
  hasIndex(index: string): boolean
  addIndex(index: Index): void
  /** A handler that comes late hears what is cached as added. Returns how to take it away. */
  addHandler(handler: InformerHandler): () => void
}

/** The shared informers of one process. */
export interface Informers {
  /** The informer of a kind (for a field selector, one of its own); started at once if the process runs. */
  informer(kind: Kind, fieldSelector?: string): Informer
  /** Calls once all informers that exist by then have synced; at once if they have. */
  whenSynced(ready: () => void): void
  start(): void
  /** Ends all watches. A process that starts again makes new informers. */
  stop(): void
}

export interface InformersOptions extends ReflectorOptions {
  readonly scheme: Scheme | (() => Scheme)
}

interface Entry extends Informer {
  start(): void
  stop(): void
}

const namespaceIndex: Index = {
  name: 'namespace',
  values: (object) => (object.metadata.namespace === undefined ? [] : [object.metadata.namespace]),
}

const createInformer = (
  options: InformersOptions,
  target: { resource: Resource; fieldSelector?: string },
  onSync: () => void,
): Entry => {
  const { resource } = target
  const cache = createObjectCache()
  const handlers: InformerHandler[] = []

  const tell = (type: ChangeType, before: KubeObject | undefined, object: KubeObject): void => {
    const { cause } = options.kernel
    for (const handler of [...handlers]) {
      handler(type, before, object, cause)
      options.kernel.cause = cause
    }
  }

  const reflector = createReflector(options, target, {
    replace(objects, version) {
      const first = !entry.synced
      entry.resourceVersion = version
      const kept = new Set(objects.map(keyOf))
      const gone = first ? [] : cache.list().filter((object) => !kept.has(keyOf(object)))
      const changes = objects.map((object) => [cache.set(object), object] as const)
      for (const object of gone) cache.delete(keyOf(object))
      entry.size = cache.size
      entry.synced = true
      for (const [before, object] of changes) tell(before === undefined ? 'added' : 'modified', before, object)
      for (const object of gone) tell('deleted', undefined, object)
      if (first) onSync()
    },
    changed(event) {
      const { object } = event
      entry.resourceVersion = object.metadata.resourceVersion ?? entry.resourceVersion
      if (event.type === 'DELETED') {
        const gone = cache.delete(keyOf(object))
        entry.size = cache.size
        if (gone !== undefined) tell('deleted', undefined, object)
        return
      }
      const before = cache.set(object)
      entry.size = cache.size
      tell(before === undefined ? 'added' : 'modified', before, object)
    },
    reached(version) {
      entry.resourceVersion = version
    },
  })

  const entry = {
    resource,
    synced: false,
    resourceVersion: '',
    size: 0,
    get: (key: Key) => cache.get(key),
    list(namespace?: string) {
      if (namespace === undefined) return cache.list()
      // Filed only once somebody asks for it: most kinds are never listed by namespace.
      if (!cache.hasIndex('namespace')) cache.addIndex(namespaceIndex)
      return cache.indexed('namespace', namespace)
    },
    indexed: (index: string, value: string) => cache.indexed(index, value),
    hasIndex: (index: string) => cache.hasIndex(index),
    addIndex: (index: Index) => cache.addIndex(index),
    addHandler(handler: InformerHandler) {
      handlers.push(handler)
      if (entry.synced) for (const object of cache.list()) handler('added', undefined, object, -1)
      return () => {
        const at = handlers.indexOf(handler)
        if (at >= 0) handlers.splice(at, 1)
      }
    },
    start: () => reflector.start(),
    stop: () => reflector.stop(),
  }
  return entry
}

/** One cache a process, as upstream's SharedInformerFactory: kinds are watched once, whoever asks. */
export const createInformers = (options: InformersOptions): Informers => {
  const entries = new Map<string, Entry>()
  const waiting: (() => void)[] = []
  let running = false
  let unsynced = 0

  const onSync = (): void => {
    unsynced -= 1
    if (unsynced === 0) for (const ready of waiting.splice(0)) ready()
  }

  return {
    informer(kind, fieldSelector) {
      const key = fieldSelector === undefined ? kind : `${kind}?${fieldSelector}`
      let entry = entries.get(key)
      if (entry === undefined) {
        const served = typeof options.scheme === 'function' ? options.scheme() : options.scheme
        const resource = served.byKind(kind)
        if (resource === undefined) throw new InvariantError('client', 'no such kind is served', { kind })
        entry = createInformer(
          options,
          fieldSelector === undefined ? { resource } : { resource, fieldSelector },
          onSync,
        )
        entries.set(key, entry)
        unsynced += 1
        if (running) entry.start()
      }
      return entry
    },
    whenSynced(ready) {
      if (unsynced === 0) ready()
      else waiting.push(ready)
    },
    start() {
      if (running) return
      running = true
      for (const entry of [...entries.values()]) entry.start()
    },
    stop() {
      running = false
      waiting.length = 0
      for (const entry of entries.values()) entry.stop()
    },
  }
}
