import type { KubeObject } from '../../api/object.ts'
import { resourceName } from '../../api/object-key.ts'
import type { ReflectorSink, ReflectorTarget } from './reflector.ts'

/** What the caches of one process hold, for a sentence that says `seen by`. */
export interface CacheView {
  /** Whether the process watches the resource (`pods`, `deployments.apps`); one that it does not watch, it cannot see. */
  watches(resource: string): boolean
  get(resource: string, namespace: string | undefined, name: string): KubeObject | undefined
  /** In order of namespace and name. */
  list(resource: string, namespace: string | undefined): readonly KubeObject[]
  /** Told after every change of a cache. Returns how to stop listening. */
  subscribe(listener: () => void): () => void
}

/** Where a process's reflectors show what they put into their caches. */
export interface CacheTap {
  /** The sink of a reflector, with a second pair of eyes on it. */
  tap(target: ReflectorTarget, sink: ReflectorSink): ReflectorSink
  /** The process has died, and its caches with it. */
  clear(): void
}

type Shelf = Map<string, KubeObject>

const keyOf = (namespace: string | undefined, name: string): string => `${namespace ?? ''}\u0000${name}`
const keyOfObject = ({ metadata }: KubeObject): string => keyOf(metadata.namespace, metadata.name)

/** A copy of a process's caches, kept only where a scenario asks what the process sees. */
export const createCacheView = (): CacheView & CacheTap => {
  /** By resource, then by field selector: a process may have several caches of one kind. */
  const shelves = new Map<string, Map<string, Shelf>>()
  const listeners = new Set<() => void>()
  const tell = (): void => {
    for (const listener of [...listeners]) listener()
  }

  return {
    watches: (resource) => shelves.has(resource),
    get(resource, namespace, name) {
      const key = keyOf(namespace, name)
      for (const shelf of shelves.get(resource)?.values() ?? []) {
        const found = shelf.get(key)
        if (found !== undefined) return found
      }
      return undefined
    },
    list(resource, namespace) {
      const found = new Map<string, KubeObject>()
      for (const shelf of shelves.get(resource)?.values() ?? [])
        for (const [key, object] of shelf)
          if (namespace === undefined || object.metadata.namespace === namespace) found.set(key, object)
      return [...found].sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0)).map(([, object]) => object)
    },
    subscribe(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    tap(target, sink) {
      const resource = resourceName(target.resource)
      const ofResource = shelves.get(resource) ?? new Map<string, Shelf>()
      shelves.set(resource, ofResource)
      const selector = target.fieldSelector ?? ''
      // A reflector that is made anew begins with an empty cache.
      const shelf: Shelf = new Map()
      ofResource.set(selector, shelf)
      return {
        replace(objects, resourceVersion) {
          shelf.clear()
          for (const object of objects) shelf.set(keyOfObject(object), object)
          sink.replace(objects, resourceVersion)
          tell()
        },
        changed(event) {
          if (event.type === 'DELETED') shelf.delete(keyOfObject(event.object))
          else shelf.set(keyOfObject(event.object), event.object)
          sink.changed(event)
          tell()
        },
        reached: (resourceVersion) => sink.reached(resourceVersion),
      }
    },
    clear() {
      for (const ofResource of shelves.values()) for (const shelf of ofResource.values()) shelf.clear()
      tell()
    },
  }
}
