import type { ClusterOptions } from '../../../runtime/cluster/cluster.ts'
import type { Informer, InformerHandler } from '../../../runtime/client/informers.ts'
import { keyOf } from '../../../runtime/client/object-key.ts'
import type { Actor } from '../../../runtime/kernel/actor.ts'
import type { Kernel } from '../../../runtime/kernel/kernel.ts'
import { millisecond, type Micros } from '../../../runtime/kernel/micros.ts'

/** What the controllers of a process hear, in the hands of the laws. */
export interface Hearing {
  readonly hearing: NonNullable<ClusterOptions['hearing']>
  /** Tells every controller of everything once more, as if its informers had just started. */
  retell(): void
}

interface Ear {
  readonly actor: Actor
  readonly kernel: Kernel
}

/** How late news may be: long enough for a write and its answer in between. */
const steps = 20

/**
 * News of one object come in their order, those of different objects in any. The cache itself is ahead of what is told, as
 * client-go's is: each listener has a buffer of its own.
 */
const shuffled = (handler: InformerHandler, { kernel, actor }: Ear, open: () => boolean): InformerHandler => {
  const last = new Map<string, Micros>()
  return (type, before, object, cause) => {
    const key = keyOf(object)
    const drawn = kernel.now + kernel.choose('law/hearing', steps) * millisecond
    // Two that fall on one instant may change places.
    const at = Math.max(drawn, (last.get(key) ?? -Infinity) + 1)
    last.set(key, at)
    kernel.at(at, actor, () => {
      if (!open()) return
      kernel.cause = cause
      handler(type, before, object, cause)
    })
  }
}

export const createHearing = (order: 'as it comes' | 'shuffled'): Hearing => {
  const listeners = new Map<InformerHandler, Informer>()

  const viewOf = (shared: Informer, ear: Ear): Informer => ({
    resource: shared.resource,
    get synced() {
      return shared.synced
    },
    get resourceVersion() {
      return shared.resourceVersion
    },
    get size() {
      return shared.size
    },
    get: (key) => shared.get(key),
    list: (namespace) => shared.list(namespace),
    indexed: (index, value) => shared.indexed(index, value),
    hasIndex: (index) => shared.hasIndex(index),
    addIndex: (index) => shared.addIndex(index),
    addHandler(handler) {
      const told = order === 'shuffled' ? shuffled(handler, ear, () => listeners.has(handler)) : handler
      listeners.set(handler, shared)
      const remove = shared.addHandler(told)
      return () => {
        listeners.delete(handler)
        remove()
      }
    },
  })

  return {
    hearing(informers, ear) {
      const views = new Map<Informer, Informer>()
      return {
        informer(kind, fieldSelector) {
          const shared = informers.informer(kind, fieldSelector)
          let view = views.get(shared)
          if (view === undefined) {
            view = viewOf(shared, ear)
            views.set(shared, view)
          }
          return view
        },
        whenSynced: (ready) => informers.whenSynced(ready),
        start: () => informers.start(),
        stop: () => informers.stop(),
      }
    },
    retell() {
      for (const [handler, informer] of [...listeners])
        for (const object of informer.list()) handler('added', undefined, object, -1)
    },
  }
}
