import type { KubeObject } from '../../api/object.ts'
import type { ChangeSet, ReachChange } from './judge-delta.ts'
import type { World } from './moment.ts'
import { netChanges, touchedSince } from './net-changes.ts'
import { reachingResources, reachOf } from './reach.ts'

const uidOf = (object: KubeObject): string => object.metadata.uid

/**
 * What differs between the state before an entry of the timeline and the present one. `reachCounts`: what selectors reach has to
 * be listed as well.
 */
export const changeSetSince = (world: World, from: number, reachCounts: boolean): ChangeSet => ({
  changes: netChanges(world, from),
  reaches: reachChanges(world, from),
  reachCounts,
})

const reachChanges = (world: World, from: number): readonly ReachChange[] => {
  const { state } = world
  const touched = touchedSince(world.timeline, from)
  const now = (resource: string): readonly KubeObject[] => state.list(resource, undefined)
  const remembered = new Map<string, readonly KubeObject[]>()
  /** The present objects, with what was written since put back. */
  const then = (resource: string): readonly KubeObject[] => {
    let objects = remembered.get(resource)
    if (objects === undefined) {
      const own = [...touched.values()].filter((one) => one.resource === resource)
      const fresh = new Set(own.flatMap((one) => (one.now === undefined ? [] : [uidOf(one.now)])))
      objects = [
        ...now(resource).filter((one) => !fresh.has(uidOf(one))),
        ...own.flatMap((one) => (one.before === undefined ? [] : [one.before])),
      ]
      remembered.set(resource, objects)
    }
    return objects
  }
  return reachingResources.flatMap((resource) => {
    const before = new Map(then(resource).map((one) => [uidOf(one), one]))
    return now(resource).flatMap((object): ReachChange[] => {
      const was = before.get(uidOf(object))
      const old = was === undefined ? undefined : reachOf(resource, was, then)
      const fresh = reachOf(resource, object, now)
      if (old === undefined || fresh === undefined || old.count === fresh.count) return []
      const { namespace, name } = object.metadata
      const subject = namespace === undefined ? `${resource}/${name}` : `${resource}/${namespace}/${name}`
      return [{ subject, resource, object, what: fresh.what, before: old.count, after: fresh.count }]
    })
  })
}
