import type { ManagedFieldsEntry } from '../types/meta-v1.generated.ts'
import { difference, fieldSetOf, hasPath } from './field-set.ts'
import { decodeManagers, encodeManagers, type ManagedSet } from './manager.ts'
import type { PathElement } from './path-element.ts'

const replicasInScale: readonly PathElement[] = ['f:spec', 'f:replicas']
const scaleVersion = 'autoscaling/v1'

/** Where the replicas of a resource with a scale subresource are; built-in ones: spec.replicas. */
export const builtinReplicasPath: readonly PathElement[] = replicasInScale

/** ScaleHandler.ToSubresource: the managers of a Scale are those of its parent that own the replicas. */
export const scaleEntries = (
  parent: readonly ManagedFieldsEntry[] | undefined,
  path: readonly PathElement[] = builtinReplicasPath,
): readonly ManagedFieldsEntry[] | undefined => {
  const managers = new Map<string, ManagedSet>()
  for (const [key, manager] of decodeManagers(parent) ?? []) {
    if (!hasPath(manager.set, path)) continue
    managers.set(key, { ...manager, apiVersion: scaleVersion, set: fieldSetOf([replicasInScale]) })
  }
  return encodeManagers(managers)
}

/**
 * ScaleHandler.ToParent: the parent's managers after a write through its scale: `scale` is what came of the Scale's. Who lost
 * the replicas there loses them here; who is new there gets them here.
 */
export const parentEntries = (
  parent: readonly ManagedFieldsEntry[] | undefined,
  scale: readonly ManagedFieldsEntry[] | undefined,
  apiVersion: string,
  path: readonly PathElement[] = builtinReplicasPath,
): readonly ManagedFieldsEntry[] | undefined => {
  const replicas = fieldSetOf([path])
  const ofScale = new Map(decodeManagers(scale) ?? [])
  const managers = new Map<string, ManagedSet>()
  for (const [key, manager] of decodeManagers(parent) ?? []) {
    const ownsNow = takeMatching(ofScale, manager)
    if (!hasPath(manager.set, path) || ownsNow) managers.set(key, manager)
    else {
      const set = difference(manager.set, replicas)
      if (set.size > 0) managers.set(key, { ...manager, set })
    }
  }
  for (const [key, manager] of ofScale) {
    if (!hasPath(manager.set, replicasInScale)) continue
    managers.set(key, { ...manager, apiVersion, set: replicas })
  }
  return encodeManagers(managers)
}

/** Removes the Scale's entry of the same manager: identifiers differ in the version, which the Scale's entries carry. */
const takeMatching = (ofScale: Map<string, ManagedSet>, manager: ManagedSet): boolean => {
  for (const [key, one] of ofScale) {
    if (one.name === manager.name && one.operation === manager.operation && one.subresource === manager.subresource) {
      ofScale.delete(key)
      return true
    }
  }
  return false
}
