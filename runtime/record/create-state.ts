import type { KubeObject } from '../../api/object.ts'
import { resourceName } from '../../api/object-key.ts'
import type { Kernel } from '../kernel/kernel.ts'
import { createKeyedList, type KeyedList } from '../kernel/keyed-list.ts'
import type { Revision } from './revision.ts'
import type { State } from './state.ts'
import type { StateStart } from './state-start.ts'
import type { Timeline } from './timeline.ts'

/** A state that is moved on, entry by entry, by whoever follows the timeline. */
export interface MovingState extends State {
  apply(entry: number): void
}

const keyOf = (namespace: string | undefined, name: string): string => `${namespace ?? ''}\u0000${name}`

/** Objects of one resource. NUL sorts below every character of a name: the order of keys is that of namespace, then name. */
interface Shelf {
  readonly all: KeyedList<KubeObject>
  /** By namespace, for those whose objects somebody has listed. */
  readonly spaces: Map<string, KeyedList<KubeObject>>
  changes: KubeObject[] | undefined
}

/** Subjects up to their first slash. */
const kindOf = (subject: string): string => subject.slice(0, subject.indexOf('/') + 1)

export const createState = (kernel: Pick<Kernel, 'now'>, timeline: Timeline, start: StateStart): MovingState => {
  const shelves = new Map<string, Shelf>()
  const truths = new Map<string, unknown>()
  const subjects = new Map<string, KeyedList<string>>()
  let last = -1
  let revision = start.revision

  const shelfOf = (resource: string): Shelf => {
    let shelf = shelves.get(resource)
    if (shelf === undefined) {
      shelf = { all: createKeyedList(), spaces: new Map(), changes: undefined }
      shelves.set(resource, shelf)
    }
    return shelf
  }
  const file = (list: KeyedList<KubeObject>, object: KubeObject, present: boolean): void => {
    const key = keyOf(object.metadata.namespace, object.metadata.name)
    if (present) list.set(key, object)
    else list.delete(key)
  }
  const put = (resource: string, object: KubeObject, present: boolean): void => {
    const shelf = shelfOf(resource)
    file(shelf.all, object, present)
    if (shelf.spaces.size > 0) {
      const space = shelf.spaces.get(object.metadata.namespace ?? '')
      if (space !== undefined) file(space, object, present)
    }
    shelf.changes?.push(object)
  }
  for (const { resource, object } of start.objects) put(resourceName(resource), object, true)

  const inNamespace = (shelf: Shelf, namespace: string): KeyedList<KubeObject> => {
    let space = shelf.spaces.get(namespace)
    if (space === undefined) {
      space = createKeyedList<KubeObject>()
      for (const object of shelf.all.list())
        if ((object.metadata.namespace ?? '') === namespace) file(space, object, true)
      shelf.spaces.set(namespace, space)
    }
    return space
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
    get: (resource, namespace, name) => shelves.get(resource)?.all.get(keyOf(namespace, name)),
    list(resource, namespace) {
      const shelf = shelfOf(resource)
      return (namespace === undefined ? shelf.all : inNamespace(shelf, namespace)).list()
    },
    changes: (resource) => (shelfOf(resource).changes ??= []),
    truth: (subject) => truths.get(subject),
    truths(prefix) {
      const known = subjects.get(kindOf(prefix))?.list() ?? []
      return kindOf(prefix) === prefix ? known : known.filter((subject) => subject.startsWith(prefix))
    },
    apply(entry) {
      last = entry
      const kind = timeline.kind(entry)
      if (kind === 'revision') {
        const change = timeline.data(entry) as Revision
        revision = change.revision
        put(resourceName(change.resource), (change.object ?? change.before)!, change.object !== undefined)
      } else if (kind === 'truth') {
        const subject = timeline.subject(entry)
        if (!truths.has(subject)) {
          const group = kindOf(subject)
          let known = subjects.get(group)
          if (known === undefined) subjects.set(group, (known = createKeyedList<string>()))
          known.set(subject, subject)
        }
        truths.set(subject, timeline.data(entry))
      }
    },
  }
}
