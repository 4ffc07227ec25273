import type { KubeObject } from '../../api/object.ts'
import type { Micros } from '../kernel/micros.ts'
import type { Index } from './indexes.ts'
import type { ChangeType, Informer, InformerHandler, Informers } from './informers.ts'
import type { InterferedOptions } from './interfered-transport.ts'
import { createObjectCache, type ObjectCache } from './object-cache.ts'
import { keyOf } from './object-key.ts'

type Standing = Pick<Informer, 'synced' | 'resourceVersion' | 'size'>
type Reads = Omit<Informer, keyof Standing>

/** A class for its accessors: those of a literal would cost each view, of which a process has hundreds, a hash table. */
class View implements Informer {
  readonly resource: Informer['resource']
  readonly get: Informer['get']
  readonly list: Informer['list']
  readonly indexed: Informer['indexed']
  readonly hasIndex: Informer['hasIndex']
  readonly addIndex: Informer['addIndex']
  readonly addHandler: Informer['addHandler']
  readonly #standing: () => Standing

  constructor(standing: () => Standing, reads: Reads) {
    this.#standing = standing
    this.resource = reads.resource
    this.get = reads.get
    this.list = reads.list
    this.indexed = reads.indexed
    this.hasIndex = reads.hasIndex
    this.addIndex = reads.addIndex
    this.addHandler = reads.addHandler
  }

  get synced(): boolean {
    return this.#standing().synced
  }

  get resourceVersion(): string {
    return this.#standing().resourceVersion
  }

  get size(): number {
    return this.#standing().size
  }
}

/** The view of one controller on an informer that it shares: while a fault concerns it, a copy that lags behind. */
const viewOf = (shared: Informer, options: InterferedOptions): { informer: Informer; stop(): void } => {
  const { kernel, actor, interference, ends } = options
  const handlers: InformerHandler[] = []
  const indexes = new Map<string, Index>()
  /** undefined: nothing is wrong, and the shared cache is what it sees. */
  let own: ObjectCache | undefined
  let version = ''
  let missed = false
  let held: (() => void)[] = []
  let lastArrival: Micros = 0
  let onTheirWay = 0

  const tell: InformerHandler = (type, before, object, cause) => {
    // Nearly always there is one, and it is told of every event of the process: no copy for it.
    const present = handlers.length === 1 ? handlers : [...handlers]
    for (const handler of present) {
      kernel.cause = cause
      handler(type, before, object, cause)
    }
  }
  const apply = (type: ChangeType, object: KubeObject, cause: number): void => {
    if (own === undefined) return
    version = object.metadata.resourceVersion ?? version
    const before = type === 'deleted' ? own.delete(keyOf(object)) : own.set(object)
    if (type !== 'deleted') tell(before === undefined ? 'added' : 'modified', before, object, cause)
    else if (before !== undefined) tell('deleted', undefined, object, cause)
  }
  const settleDown = (): void => {
    if (own === undefined || held.length > 0 || onTheirWay > 0 || missed) return
    if (interference.watchTrouble(ends) === undefined) own = undefined
  }
  /** A relist: what differs from the shared cache is told as changes. */
  const relist = (): void => {
    missed = false
    if (own === undefined) return
    const { cause } = kernel
    for (const object of own.list()) if (shared.get(keyOf(object)) === undefined) apply('deleted', object, cause)
    for (const object of shared.list()) if (own.get(keyOf(object)) !== object) apply('modified', object, cause)
  }

  /** The cache as it was before an event that finds it diverted for the first time. */
  const divert = (event?: { readonly before: KubeObject | undefined; readonly object: KubeObject }): void => {
    if (own !== undefined) return
    own = createObjectCache([...indexes.values()])
    version = shared.resourceVersion
    for (const object of shared.list()) own.set(object)
    if (event === undefined) return
    if (event.before === undefined) own.delete(keyOf(event.object))
    else own.set(event.before)
  }

  const look = (): void => {
    const trouble = interference.watchTrouble(ends)
    if (trouble !== undefined) {
      if (shared.synced) divert()
      return
    }
    const late = held
    held = []
    for (const go of late) go()
    if (missed) relist()
    settleDown()
  }

  const hear: InformerHandler = (type, before, object, cause) => {
    const trouble = interference.active ? interference.watchTrouble(ends) : undefined
    if (own === undefined && trouble === undefined) {
      tell(type, before, object, cause)
      return
    }
    divert(type === 'deleted' ? { before: object, object } : { before, object })
    const go = (): void => apply(type, object, cause)
    if (held.length > 0 || trouble?.kind === 'hold') held.push(go)
    else if (trouble?.kind === 'drop') missed = true
    else {
      lastArrival = Math.max(kernel.now + (trouble?.kind === 'delay' ? trouble.by : 0), lastArrival)
      onTheirWay += 1
      kernel.at(lastArrival, actor, () => {
        onTheirWay -= 1
        go()
        settleDown()
      })
    }
  }

  const stops = [shared.addHandler(hear), interference.subscribe(look)]
  if (interference.active) look()
  const cache = (): Pick<Informer, 'get' | 'list' | 'indexed' | 'size'> =>
    own === undefined
      ? shared
      : {
          get: (key) => own!.get(key),
          list: (namespace) =>
            namespace === undefined
              ? own!.list()
              : own!.list().filter((object) => object.metadata.namespace === namespace),
          indexed: (index, value) => own!.indexed(index, value),
          size: own.size,
        }
  const informer = new View(
    () => (own === undefined ? shared : { synced: shared.synced, resourceVersion: version, size: own.size }),
    {
      resource: shared.resource,
      get: (key) => (own === undefined ? shared.get(key) : own.get(key)),
      list: (namespace) => cache().list(namespace),
      indexed: (index, value) => (own === undefined ? shared.indexed(index, value) : own.indexed(index, value)),
      hasIndex: (index) => indexes.has(index),
      addIndex(index) {
        indexes.set(index.name, index)
        shared.addIndex(index)
        own?.addIndex(index)
      },
      addHandler(handler) {
        handlers.push(handler)
        if (shared.synced) for (const object of cache().list()) handler('added', undefined, object, -1)
        return () => {
          const at = handlers.indexOf(handler)
          if (at >= 0) handlers.splice(at, 1)
        }
      },
    },
  )
  return {
    informer,
    stop() {
      for (const stop of stops) stop()
    },
  }
}

/**
 * The shared informers as one controller of the process sees them: a fault may keep news from it alone. `stop` ends the view;
 * the informers below belong to the process.
 */
export const interferedInformers = (shared: Informers, options: InterferedOptions): Informers => {
  const views = new Map<Informer, ReturnType<typeof viewOf>>()
  return {
    informer(kind, fieldSelector) {
      const below = shared.informer(kind, fieldSelector)
      let view = views.get(below)
      if (view === undefined) {
        view = viewOf(below, options)
        views.set(below, view)
      }
      return view.informer
    },
    whenSynced: (ready) => shared.whenSynced(ready),
    start: () => shared.start(),
    stop() {
      for (const view of views.values()) view.stop()
      views.clear()
    },
  }
}
