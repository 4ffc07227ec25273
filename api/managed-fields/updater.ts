import { compareValues, type Comparison } from './compare-values.ts'
import { conflictsOf, type Conflict } from './conflicts.ts'
import { difference, intersection, noFields, union, type FieldSet } from './field-set.ts'
import { managerKey, type ManagedSet, type ManagerIdentity, type Managers } from './manager.ts'
import { mergeValues } from './merge-values.ts'
import { ensureNamedFields } from './named-fields.ts'
import { removeItems } from './remove-items.ts'
import type { ResetFilter } from './reset-fields.ts'
import { toFieldSet } from './to-field-set.ts'
import type { Atom } from './value-schema.ts'

// merge/update.go of structured-merge-diff v6.
// Differs: all managers are compared in the version that is written; upstream converts to each manager's own.

/** What stays the same while an object is written. */
export interface WriteContext {
  readonly atom: Atom
  /** Takes away fields that the strategy resets: nobody owns them through this endpoint. */
  readonly reset: ResetFilter
}

type Sets = Map<string, ManagedSet>

const withSet = (manager: ManagedSet, set: FieldSet): ManagedSet => ({ ...manager, set })

const filtered = (comparison: Comparison, reset: ResetFilter): Comparison => ({
  removed: reset(comparison.removed),
  modified: reset(comparison.modified),
  added: reset(comparison.added),
})

/** Updater.update: takes changed and removed fields from all other managers. */
const takeFromOthers = (sets: Sets, self: string, comparison: Comparison, force: boolean): readonly Conflict[] => {
  const changed = union(comparison.modified, comparison.added)
  const conflicts = new Map<string, { manager: ManagedSet; set: FieldSet }>()
  for (const [key, manager] of sets) {
    if (key === self) continue
    const set = intersection(manager.set, changed)
    if (set.size > 0) conflicts.set(key, { manager, set })
  }
  if (!force && conflicts.size > 0) return conflictsOf(conflicts)
  for (const [key, manager] of [...sets]) {
    if (key !== self) {
      const kept = difference(difference(manager.set, conflicts.get(key)?.set ?? noFields), comparison.removed)
      if (kept !== manager.set) sets.set(key, withSet(manager, kept))
      if (kept.size === 0) sets.delete(key)
    } else if (manager.set.size === 0) sets.delete(key)
  }
  return []
}

/**
 * Updater.Update under managedFieldsUpdater: a plain write. The writer owns what it changed, all others lose it. Answers the
 * same map if nothing changed hands.
 */
export const updateOwnership = (
  context: WriteContext,
  managers: Managers,
  [live, written]: readonly [live: unknown, written: unknown],
  writer: ManagerIdentity & { readonly time: string; readonly strip: FieldSet },
): Managers => {
  const whole = compareValues(context.atom, live, written)
  const comparison = filtered(whole, context.reset)
  if (comparison.added.size === 0 && comparison.modified.size === 0 && comparison.removed.size === 0) return managers
  const sets: Sets = new Map(managers)
  takeFromOthers(sets, '', comparison, true)
  const owned = difference(union(comparison.modified, comparison.added), writer.strip)
  if (owned.size > 0) {
    const { strip: _, ...identity } = writer
    const key = managerKey(identity)
    sets.set(key, { ...identity, set: union(owned, sets.get(key)?.set ?? noFields) })
  }
  return sets
}

/** Updater.prune: fields that the manager applied last and now leaves out go, unless somebody else owns them. */
const prune = (atom: Atom, merged: unknown, managed: FieldSet, last: FieldSet): unknown => {
  if (last.size === 0) return merged
  const lastNamed = ensureNamedFields(last, atom)
  let pruned = removeItems(atom, merged, lastNamed)
  const mergedSet = ensureNamedFields(toFieldSet(atom, merged), atom)
  const keptSet = union(ensureNamedFields(toFieldSet(atom, pruned), atom), ensureNamedFields(managed, atom))
  pruned = removeItems(atom, merged, difference(mergedSet, keptSet))
  const prunedSet = ensureNamedFields(toFieldSet(atom, pruned), atom)
  return removeItems(atom, merged, intersection(difference(mergedSet, prunedSet), lastNamed))
}

export interface Applied {
  readonly object: unknown
  readonly managers: Map<string, ManagedSet>
}

/** Updater.Apply: merge, prune, and take over or complain. */
export const applyOwnership = (
  context: WriteContext,
  managers: Managers,
  [live, config]: readonly [live: unknown, config: unknown],
  writer: ManagerIdentity & { readonly force: boolean },
): Applied | { readonly conflicts: readonly Conflict[] } => {
  const { atom, reset } = context
  const { force, ...identity } = writer
  const key = managerKey(identity)
  const last = managers.get(key)
  const merged = mergeValues(atom, live, config)
  const sets: Sets = new Map(managers)
  sets.set(key, { ...identity, time: last?.time, set: reset(toFieldSet(atom, config)) })
  let managed: FieldSet = noFields
  for (const manager of sets.values()) managed = union(managed, manager.set)
  const object = prune(atom, merged, managed, last?.set ?? noFields)
  const comparison = filtered(compareValues(atom, live, object), reset)
  const conflicts = takeFromOthers(sets, key, comparison, force)
  return conflicts.length > 0 ? { conflicts } : { object, managers: sets }
}
