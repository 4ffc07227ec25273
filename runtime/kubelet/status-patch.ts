import { structuralEqual } from '../../api/json/structural-equal.ts'
import type { PodCondition, PodStatus } from '../../api/types/core-v1.generated.ts'

/** Lists of a pod's status that a strategic merge joins by a key (patchMergeKey in core/v1); the others are replaced whole. */
const mergeKeys: Readonly<Record<string, string>> = {
  conditions: 'type',
  podIPs: 'ip',
  hostIPs: 'ip',
  resourceClaimStatuses: 'name',
}

type Entry = Readonly<Record<string, unknown>>

/** What turns one status into the other: the strategic merge patch of PatchPodStatus; undefined if they are the same. */
export const statusPatch = (before: PodStatus, now: PodStatus): Readonly<Record<string, unknown>> | undefined => {
  const patch: Record<string, unknown> = {}
  const old = before as Entry
  const next = now as Entry
  for (const field of Object.keys(next)) {
    if (structuralEqual(old[field], next[field])) continue
    const key = mergeKeys[field]
    if (key === undefined)
      patch[field] = isPlain(old[field]) && isPlain(next[field]) ? objectPatch(old[field], next[field]) : next[field]
    else
      mergeList(patch, {
        field,
        key,
        old: (old[field] ?? []) as readonly Entry[],
        now: next[field] as readonly Entry[],
      })
  }
  for (const field of Object.keys(old)) if (old[field] !== undefined && next[field] === undefined) patch[field] = null
  return Object.keys(patch).length === 0 ? undefined : patch
}

const isPlain = (value: unknown): value is Entry => typeof value === 'object' && value !== null && !Array.isArray(value)

const objectPatch = (old: Entry, now: Entry): Entry => {
  const patch: Record<string, unknown> = {}
  for (const field of Object.keys(now)) {
    const a = old[field]
    const b = now[field]
    if (structuralEqual(a, b)) continue
    patch[field] = isPlain(a) && isPlain(b) ? objectPatch(a, b) : b
  }
  for (const field of Object.keys(old)) if (now[field] === undefined) patch[field] = null
  return patch
}

interface ListChange {
  readonly field: string
  readonly key: string
  readonly old: readonly Entry[]
  readonly now: readonly Entry[]
}

const mergeList = (patch: Record<string, unknown>, change: ListChange): void => {
  const { field, key, old, now } = change
  const entries: Entry[] = []
  for (const item of now) {
    const was = old.find((one) => one[key] === item[key])
    if (was === undefined) entries.push(item)
    else if (!structuralEqual(was, item)) entries.push({ [key]: item[key], ...objectPatch(was, item) })
  }
  for (const item of old) {
    if (!now.some((one) => one[key] === item[key])) entries.push({ $patch: 'delete', [key]: item[key] })
  }
  patch[`$setElementOrder/${field}`] = now.map((item) => ({ [key]: item[key] }))
  if (entries.length > 0) patch[field] = entries
}

export type { PodCondition }
