import type { NamespaceCondition, NamespaceStatus } from '../../../api/types/core-v1.generated.ts'

// pkg/controller/namespace/deletion/status_condition_utils.go
const fine: readonly (readonly [type: string, reason: string, message: string])[] = [
  ['NamespaceDeletionDiscoveryFailure', 'ResourcesDiscovered', 'All resources successfully discovered'],
  ['NamespaceDeletionGroupVersionParsingFailure', 'ParsedGroupVersions', 'All legacy kube types successfully parsed'],
  [
    'NamespaceDeletionContentFailure',
    'ContentDeleted',
    'All content successfully deleted, may be waiting on finalization',
  ],
  ['NamespaceContentRemaining', 'ContentRemoved', 'All content successfully removed'],
  ['NamespaceFinalizersRemaining', 'ContentHasNoFinalizers', 'All content-preserving finalizers finished'],
]

/** What a pass over the namespace has found. */
export interface Found {
  readonly errors: readonly string[]
  /** `<plural>.<group>` → objects left; undefined while only pods are waited for. */
  readonly remaining: ReadonlyMap<string, number> | undefined
  readonly finalizers: ReadonlyMap<string, number>
}

const troubles = ({
  errors,
  remaining,
  finalizers,
}: Found): ReadonlyMap<string, readonly [reason: string, message: string]> => {
  const found = new Map<string, readonly [string, string]>()
  if (errors.length > 0) {
    const text = `Failed to delete all resource types, ${errors.length} remaining: ${[...errors].sort().join(', ')}`
    found.set('NamespaceDeletionContentFailure', ['ContentDeletionFailed', text])
  }
  if (remaining !== undefined && remaining.size > 0) {
    const left = [...remaining].map(([name, count]) => `${name} has ${count} resource instances`).sort()
    found.set('NamespaceContentRemaining', ['SomeResourcesRemain', `Some resources are remaining: ${left.join(', ')}`])
  }
  if (remaining !== undefined && finalizers.size > 0) {
    const left = [...finalizers].map(([name, count]) => `${name} in ${count} resource instances`).sort()
    const text = `Some content in the namespace has finalizers remaining: ${left.join(', ')}`
    found.set('NamespaceFinalizersRemaining', ['SomeFinalizersRemain', text])
  }
  return found
}

/** updateConditions: the status with all five conditions; the same object if nothing has changed. */
export const withConditions = (status: NamespaceStatus, found: Found, now: string): NamespaceStatus => {
  const wrong = troubles(found)
  const conditions: NamespaceCondition[] = [...(status.conditions ?? [])]
  let changed = false
  for (const [type, okReason, okMessage] of fine) {
    const trouble = wrong.get(type)
    const next = {
      status: trouble === undefined ? 'False' : 'True',
      reason: trouble?.[0] ?? okReason,
      message: trouble?.[1] ?? okMessage,
    }
    const at = conditions.findIndex((one) => one.type === type)
    const old = conditions[at]
    if (old === undefined) conditions.push({ type, ...next, lastTransitionTime: now })
    else if (old.status === next.status && old.reason === next.reason && old.message === next.message) continue
    else {
      const since = old.status === next.status ? old.lastTransitionTime : now
      conditions[at] = { type, ...next, ...(since === undefined ? {} : { lastTransitionTime: since }) }
    }
    changed = true
  }
  return changed ? { ...status, conditions } : status
}
