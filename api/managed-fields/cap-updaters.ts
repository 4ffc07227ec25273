import { union } from './field-set.ts'
import { managerKey, type ManagedSet, type Managers } from './manager.ts'

const secondsOf = (time: string | undefined): number => (time === undefined ? 0 : Math.floor(Date.parse(time) / 1000))

/** capManagersManager: more than `max` plain writers, and the oldest of each version become one, `ancient-changes`. */
export const capUpdaters = (managers: Managers, max: number): Managers => {
  const updaters = [...managers].filter(([, manager]) => manager.operation === 'Update')
  if (updaters.length <= max) return managers
  updaters.sort(([keyA, a], [keyB, b]) => secondsOf(a.time) - secondsOf(b.time) || (keyA < keyB ? -1 : 1))
  const capped = new Map(managers)
  const firstOfVersion = new Map<string, string>()
  let count = updaters.length
  for (const [key, manager] of updaters) {
    if (count <= max) break
    const first = firstOfVersion.get(manager.apiVersion)
    if (first === undefined) {
      firstOfVersion.set(manager.apiVersion, key)
      continue
    }
    const identity = {
      name: 'ancient-changes',
      operation: 'Update',
      apiVersion: manager.apiVersion,
      subresource: '',
    } as const
    const bucketKey = managerKey(identity)
    const bucket: ManagedSet | undefined = capped.get(bucketKey) ?? capped.get(first)
    if (bucket === undefined) continue
    if (!capped.has(bucketKey)) capped.delete(first)
    capped.set(bucketKey, { ...identity, set: union(manager.set, bucket.set), time: manager.time })
    capped.delete(key)
    count -= 1
  }
  return capped
}
