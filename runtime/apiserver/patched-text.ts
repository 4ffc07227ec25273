import type { Resource } from '../../api/protocol/resource.ts'
import type { KubeObject } from '../../api/object.ts'
import { goValueText } from '../../api/json/go-value-text.ts'
import { wireObject, type ManagersOf } from './wire.ts'

type Fields = Readonly<Record<string, unknown>>

const isObject = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** A tree of the keys that a patch goes through: those maps are parsed, changed and written anew, with sorted keys. */
interface Touched {
  readonly below: Map<string, Touched>
}
const untouched = (): Touched => ({ below: new Map() })

const ofMerge = (patch: unknown): Touched => {
  const touched = untouched()
  if (isObject(patch)) {
    for (const [key, value] of Object.entries(patch)) if (isObject(value)) touched.below.set(key, ofMerge(value))
  }
  return touched
}

const ofOperations = (patch: unknown): Touched => {
  const root = untouched()
  for (const one of Array.isArray(patch) ? (patch as readonly Fields[]) : []) {
    for (const pointer of [one['path'], one['from']]) {
      if (typeof pointer !== 'string') continue
      let at = root
      for (const step of pointer.split('/').slice(1, -1)) {
        const key = step.replaceAll('~1', '/').replaceAll('~0', '~')
        let next = at.below.get(key)
        if (next === undefined) at.below.set(key, (next = untouched()))
        at = next
      }
    }
  }
  return root
}

const written = (value: unknown, touched: Touched | undefined): string => {
  if (touched === undefined || typeof value !== 'object' || value === null) return JSON.stringify(value)
  if (Array.isArray(value)) {
    return `[${value.map((item: unknown, i) => written(item, touched.below.get(String(i)))).join(',')}]`
  }
  const fields = value as Fields
  const keys = Object.keys(fields).sort()
  return `{${keys.map((key) => `${JSON.stringify(key)}:${written(fields[key], touched.below.get(key))}`).join(',')}}`
}

export interface PatchedText {
  readonly type: 'json' | 'merge' | 'strategic'
  readonly patch: unknown
  readonly current: KubeObject
  readonly patched: unknown
}

/** What upstream tells of a patched object that is none: the patched text, or of a strategic patch the patch itself. */
export const patchedText = (resource: Resource, managersOf: ManagersOf, given: PatchedText): string => {
  if (given.type === 'strategic') return goValueText(given.patch)
  const touched = given.type === 'merge' ? ofMerge(given.patch) : ofOperations(given.patch)
  const { metadata } = wireObject(resource, given.current, managersOf)
  const patched = given.patched as { readonly metadata?: unknown }
  // The patch was applied to the object as it is served, managers and all.
  const managers = metadata.managedFields
  const own =
    isObject(patched.metadata) && managers !== undefined
      ? { ...patched.metadata, managedFields: managers }
      : patched.metadata
  return written({ ...patched, ...(own === undefined ? {} : { metadata: own }) }, touched)
}
