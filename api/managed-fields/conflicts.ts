import { eachPath, type FieldSet } from './field-set.ts'
import { managerText, type ManagedSet } from './manager.ts'
import { pathText, type PathElement } from './path-element.ts'

export interface Conflict {
  readonly manager: ManagedSet
  readonly path: readonly PathElement[]
}

export interface ConflictReport {
  /** Message of the Status, reason Conflict. */
  readonly message: string
  /** Its details.causes. */
  readonly causes: readonly { readonly reason: string; readonly message: string; readonly field: string }[]
}

/** ConflictsFromManagers, by manager: `sets` holds for each manager's key what it would lose. */
export const conflictsOf = (
  sets: ReadonlyMap<string, { readonly manager: ManagedSet; readonly set: FieldSet }>,
): Conflict[] => {
  const conflicts: Conflict[] = []
  for (const key of [...sets.keys()].sort()) {
    const entry = sets.get(key)
    if (entry !== undefined) eachPath(entry.set, (path) => conflicts.push({ manager: entry.manager, path: [...path] }))
  }
  return conflicts
}

/** NewConflictError. */
export const reportConflicts = (conflicts: readonly Conflict[]): ConflictReport => {
  const causes = conflicts.map(({ manager, path }) => ({
    reason: 'FieldManagerConflict',
    message: `conflict with ${managerText(manager)}`,
    field: pathText(path),
  }))
  const [first] = causes
  if (causes.length === 1 && first !== undefined) {
    return { message: `Apply failed with 1 conflict: ${first.message}: ${first.field}`, causes }
  }
  const lines: string[] = []
  let last: ManagedSet | undefined
  for (const { manager, path } of conflicts) {
    if (manager !== last) lines.push(`conflicts with ${managerText(manager)}:`)
    last = manager
    lines.push(`- ${pathText(path)}`)
  }
  return { message: `Apply failed with ${causes.length} conflicts: ${lines.join('\n')}`, causes }
}
