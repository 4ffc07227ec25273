import type { Key } from '../../api/kind.ts'
import type { EndpointSlice } from '../../api/types/discovery-v1.generated.ts'
import { serviceKeyOf } from './slice-names.ts'

/** k8s.io/endpointslice/util EndpointSliceTracker: generations that the controller has written, to notice a stale cache. */
export interface SliceTracker {
  has(slice: EndpointSlice): boolean
  /** The slice was written by somebody else, or is newer than what was written here. */
  shouldReconcile(slice: EndpointSlice): boolean
  /** The cache has not caught up with this controller's own writes. */
  stale(service: Key, slices: readonly EndpointSlice[]): boolean
  wrote(slice: EndpointSlice): void
  expectDeletion(slice: EndpointSlice): void
  /** Whether the deletion was expected. */
  deleted(slice: EndpointSlice): boolean
  forget(service: Key): void
}

const deletionExpected = -1

export const createSliceTracker = (): SliceTracker => {
  const services = new Map<Key, Map<string, number>>()
  const generationsOf = (slice: EndpointSlice): Map<string, number> | undefined =>
    services.get(serviceKeyOf(slice) ?? '')
  const set = (slice: EndpointSlice, generation: number): void => {
    const key = serviceKeyOf(slice) ?? ''
    let generations = services.get(key)
    if (generations === undefined) {
      generations = new Map()
      services.set(key, generations)
    }
    generations.set(slice.metadata.uid ?? '', generation)
  }
  return {
    has: (slice) => generationsOf(slice)?.has(slice.metadata.uid ?? '') === true,
    shouldReconcile(slice) {
      const known = generationsOf(slice)?.get(slice.metadata.uid ?? '')
      return known === undefined || (slice.metadata.generation ?? 0) > known
    },
    stale(service, slices) {
      const generations = services.get(service)
      if (generations === undefined) return false
      const provided = new Set<string>()
      for (const slice of slices) {
        const uid = slice.metadata.uid ?? ''
        provided.add(uid)
        const known = generations.get(uid)
        if (known !== undefined && (known === deletionExpected || known > (slice.metadata.generation ?? 0))) return true
      }
      for (const [uid, known] of generations) if (known !== deletionExpected && !provided.has(uid)) return true
      return false
    },
    wrote: (slice) => set(slice, slice.metadata.generation ?? 0),
    expectDeletion: (slice) => set(slice, deletionExpected),
    deleted(slice) {
      const generations = generationsOf(slice)
      const known = generations?.get(slice.metadata.uid ?? '')
      generations?.delete(slice.metadata.uid ?? '')
      return known === undefined || known === deletionExpected
    },
    forget: (service) => services.delete(service),
  }
}
