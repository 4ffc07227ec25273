import type { KubeObject } from '../../api/object.ts'
import { startNote } from './start-managers.ts'
import type { Etcd } from '../etcd/etcd.ts'
import type { ManagedFieldsEntry } from '../../api/types/meta-v1.generated.ts'

/** How a stored object came to be from the one before it: enough to derive its managedFields when somebody reads them. */
export interface LedgerNote {
  readonly before: KubeObject | undefined
  /** The writer's object, decoded and defaulted, before admission; undefined: the stored one. */
  readonly written?: KubeObject
  readonly manager: string
  /** `Server`: the server's own change (a deletion's marks, a binding): managers stay as they were. */
  readonly operation: 'Apply' | 'Update' | 'Server'
  readonly apiVersion: string
  readonly subresource: string
  readonly time: string
  /** Given where they were computed anyway: by an apply. */
  readonly managers?: readonly ManagedFieldsEntry[]
  /** The writer sent `managedFields` of its own (an empty list resets them). */
  readonly given?: readonly ManagedFieldsEntry[]
}

/**
 * managedFields live beside the objects, by revision: whom nobody asks costs one place in an array. One ledger for each store,
 * shared by the servers of the store and outliving them, as the stored bytes would.
 */
export interface Ledger {
  /** What the commit of this revision was. To be called before the commit tells anybody. */
  commit(revision: number, note: LedgerNote): void
  /** For an object that is shown but not stored: a dry run's, a deleted one's. */
  show<T extends KubeObject>(object: T, note: LedgerNote): T
  /** `object` is `before` in another form: its managers are the same. */
  readonly carry: (object: KubeObject, before: KubeObject) => void
  readonly managersOf: (object: KubeObject) => readonly ManagedFieldsEntry[]
  /** What the managers would be after a write, without noting it. */
  derive(object: KubeObject, note: LedgerNote): readonly ManagedFieldsEntry[]
}

export type DeriveManagers = (
  object: KubeObject,
  note: LedgerNote,
  before: readonly ManagedFieldsEntry[],
) => readonly ManagedFieldsEntry[]

const none: readonly ManagedFieldsEntry[] = Object.freeze([])

const unchanged = (before: KubeObject): LedgerNote => ({
  before,
  manager: '',
  operation: 'Server',
  apiVersion: '',
  subresource: '',
  time: '',
})

export const createLedger = (derive: DeriveManagers): Ledger => {
  const notes = new Map<number, LedgerNote>()
  const shown = new WeakMap<KubeObject, LedgerNote>()
  const derived = new WeakMap<KubeObject, readonly ManagedFieldsEntry[]>()

  const noteOf = (object: KubeObject): LedgerNote | undefined =>
    shown.get(object) ?? notes.get(Number(object.metadata.resourceVersion))

  const managersOf = (object: KubeObject): readonly ManagedFieldsEntry[] => {
    // The chain of writes is walked back to the last derived object, then forwards: no recursion, it may be long.
    const chain: { readonly object: KubeObject; readonly note: LedgerNote }[] = []
    let at: KubeObject | undefined = object
    let managers: readonly ManagedFieldsEntry[] = none
    while (at !== undefined) {
      const known = derived.get(at)
      if (known !== undefined) {
        managers = known
        break
      }
      const note: LedgerNote | undefined = noteOf(at) ?? startNote(at)
      if (note === undefined) break
      chain.push({ object: at, note })
      at = note.before
    }
    for (let index = chain.length - 1; index >= 0; index -= 1) {
      const { object: one, note } = chain[index]!
      if (note.managers !== undefined) managers = note.managers
      else if (note.operation !== 'Server') managers = derive(one, note, managers)
      derived.set(one, managers)
    }
    return managers
  }

  return {
    commit(revision, note) {
      notes.set(revision, note)
    },
    show(object, note) {
      shown.set(object, note)
      return object
    },
    carry(object, before) {
      if (object !== before) shown.set(object, unchanged(before))
    },
    managersOf,
    derive(object, note) {
      if (note.managers !== undefined) return note.managers
      return derive(object, note, note.before === undefined ? none : managersOf(note.before))
    },
  }
}

export const ledgerOf = ({ beside }: Etcd, derive: DeriveManagers): Ledger => {
  const known = beside.get(createLedger) as Ledger | undefined
  if (known !== undefined) return known
  const ledger = createLedger(derive)
  beside.set(createLedger, ledger)
  return ledger
}
