import type { Json } from '../../api/object.ts'
import type { Edit } from './history-document.ts'

type Fields = Readonly<Record<string, Json>>

const isMap = (value: Json | undefined): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

const gather = (before: Json | undefined, after: Json, path: readonly (string | number)[], out: Edit[]): void => {
  if (before === after) return
  if (isMap(before) && isMap(after)) {
    for (const key of Object.keys(before))
      if (before[key] !== undefined && (!Object.hasOwn(after, key) || after[key] === undefined))
        out.push([[...path, key]])
    for (const key of Object.keys(after)) {
      const value = after[key]
      if (value !== undefined) gather(Object.hasOwn(before, key) ? before[key] : undefined, value, [...path, key], out)
    }
    return
  }
  if (Array.isArray(before) && Array.isArray(after) && before.length === after.length) {
    const old = before as readonly Json[]
    for (const [index, item] of (after as readonly Json[]).entries()) gather(old[index], item, [...path, index], out)
    return
  }
  out.push([path, after])
}

/** What has to be written where to make one value of another. Shared subtrees are not looked into. */
export const editsBetween = (before: Json, after: Json): readonly Edit[] => {
  const out: Edit[] = []
  gather(before, after, [], out)
  return out
}

const put = (value: Json, path: readonly (string | number)[], at: number, edit: Edit): Json => {
  const key = path[at]
  if (key === undefined) return edit[1] as Json
  if (Array.isArray(value)) {
    const copy = [...(value as readonly Json[])]
    copy[Number(key)] = put(copy[Number(key)] ?? null, path, at + 1, edit)
    return copy
  }
  const fields = isMap(value) ? value : {}
  if (at === path.length - 1 && edit.length === 1)
    return Object.fromEntries(Object.entries(fields).filter(([name]) => name !== key))
  const inner = Object.hasOwn(fields, key) ? fields[key] : undefined
  // A computed key makes an own field of every name.
  return { ...fields, [key]: put(inner ?? null, path, at + 1, edit) }
}

/** The other way round; what no edit touches stays shared. */
export const applyEdits = (before: Json, edits: readonly Edit[]): Json =>
  edits.reduce((value, edit) => put(value, edit[0], 0, edit), before)
