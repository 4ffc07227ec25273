import type { KubeObject } from '../../api/object.ts'
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

/** managedFields live beside the objects: whom nobody asks costs one entry of a WeakMap. */
export interface Ledger {
  note(object: KubeObject, note: LedgerNote): void
  /** `object` is `before` in another form: its managers are the same. */
  carry(object: KubeObject, before: KubeObject): void
  managersOf(object: KubeObject): readonly ManagedFieldsEntry[]
  /** What the managers would be after a write, without noting it. */
  derive(object: KubeObject, note: LedgerNote): readonly ManagedFieldsEntry[]
}

export type DeriveManagers = (
  object: KubeObject,
  note: LedgerNote,
  before: readonly ManagedFieldsEntry[],
) => readonly ManagedFieldsEntry[]

const none: readonly ManagedFieldsEntry[] = Object.freeze([])

export const createLedger = (derive: DeriveManagers): Ledger => {
  const notes = new WeakMap<KubeObject, LedgerNote>()
  const derived = new WeakMap<KubeObject, readonly ManagedFieldsEntry[]>()

  const managersOf = (object: KubeObject): readonly ManagedFieldsEntry[] => {
    // The chain of writes is walked back to the last derived object, then forwards: no recursion, it may be long.
    const chain: KubeObject[] = []
    let at: KubeObject | undefined = object
    let managers: readonly ManagedFieldsEntry[] = none
    while (at !== undefined) {
      const known = derived.get(at)
      if (known !== undefined) {
        managers = known
        break
      }
      const note = notes.get(at)
      if (note === undefined) break
      chain.push(at)
      at = note.before
    }
    for (let index = chain.length - 1; index >= 0; index -= 1) {
      const one = chain[index]!
      const note = notes.get(one)!
      if (note.managers !== undefined) managers = note.managers
      else if (note.operation !== 'Server') managers = derive(one, note, managers)
      derived.set(one, managers)
    }
    return managers
  }

  return {
    note(object, note) {
      notes.set(object, note)
    },
    carry(object, before) {
      if (object !== before) notes.set(object, { before, manager: '', operation: 'Server', apiVersion: '', subresource: '', time: '' })
    },
    managersOf,
    derive(object, note) {
      if (note.managers !== undefined) return note.managers
      return derive(object, note, note.before === undefined ? none : managersOf(note.before))
    },
  }
}
