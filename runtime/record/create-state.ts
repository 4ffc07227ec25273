import type { KubeObject } from '../../api/object.ts'
import { resourceName } from '../../api/object-key.ts'
import type { Kernel } from '../kernel/kernel.ts'
import type { Revision } from './revision.ts'
import type { State } from './state.ts'
import type { StateStart } from './state-start.ts'
import type { Timeline } from './timeline.ts'

/** A state that is moved on, entry by entry, by whoever follows the timeline. */
export interface MovingState extends State {
  apply(entry: number): void
}

const keyOf = (namespace: string | undefined, name: string): string => `${namespace ?? ''}\u0000${name}`
const byText = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0)

/** Objects of one resource by key, with its sorted lists kept until something changes. */
interface Shelf {
  readonly objects: Map<string, KubeObject>
  sortedKeys: readonly string[] | undefined
  readonly lists: Map<string, readonly KubeObject[]>
}

export const createState = (kernel: Pick<Kernel, 'now'>, timeline: Timeline, start: StateStart): MovingState => {
  const shelves = new Map<string, Shelf>()
  const truths = new Map<string, unknown>()
  let sortedTruths: readonly string[] | undefined
  let last = -1
  let revision = start.revision

  const shelfOf = (resource: string): Shelf => {
    let shelf = shelves.get(resource)
    if (shelf === undefined) {
      shelf = { objects: new Map(), sortedKeys: undefined, lists: new Map() }
      shelves.set(resource, shelf)
    }
    return shelf
  }
  const put = (resource: string, key: string, object: KubeObject | undefined): void => {
    const shelf = shelfOf(resource)
    if (object === undefined) {
      if (shelf.objects.delete(key)) shelf.sortedKeys = undefined
    } else {
      if (!shelf.objects.has(key)) shelf.sortedKeys = undefined
      shelf.objects.set(key, object)
    }
    if (shelf.lists.size > 0) shelf.lists.clear()
  }
  for (const { resource, object } of start.objects) {
    put(resourceName(resource), keyOf(object.metadata.namespace, object.metadata.name), object)
  }

  return {
    get now() {
      return kernel.now
    },
    get entry() {
      return last
    },
    get revision() {
      return revision
    },
    get: (resource, namespace, name) => shelves.get(resource)?.objects.get(keyOf(namespace, name)),
    list(resource, namespace) {
      const shelf = shelfOf(resource)
      const cacheKey = namespace ?? '*'
      const known = shelf.lists.get(cacheKey)
      if (known !== undefined) return known
      // NUL sorts below every character of a name, so the order of keys is that of namespace, then name.
      shelf.sortedKeys ??= [...shelf.objects.keys()].sort(byText)
      const prefix = namespace === undefined ? undefined : `${namespace}\u0000`
      const list: KubeObject[] = []
      for (const key of shelf.sortedKeys) {
        if (prefix === undefined || key.startsWith(prefix)) list.push(shelf.objects.get(key)!)
      }
      shelf.lists.set(cacheKey, list)
      return list
    },
    truth: (subject) => truths.get(subject),
    truths(prefix) {
      sortedTruths ??= [...truths.keys()].sort(byText)
      return sortedTruths.filter((subject) => subject.startsWith(prefix))
    },
    apply(entry) {
      last = entry
      const kind = timeline.kind(entry)
      if (kind === 'revision') {
        const change = timeline.data(entry) as Revision
        const object = (change.object ?? change.before)!
        revision = change.revision
        put(resourceName(change.resource), keyOf(object.metadata.namespace, object.metadata.name), change.object)
      } else if (kind === 'truth') {
        const subject = timeline.subject(entry)
        if (!truths.has(subject)) sortedTruths = undefined
        truths.set(subject, timeline.data(entry))
      }
    },
  }
}
