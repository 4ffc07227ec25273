import type { Key, Kind } from '../../api/kind.ts'
import type { KubeObject } from '../../api/object.ts'
import type { Informer } from '../client/informers.ts'
import { selectorOf } from './select.ts'
import type { Read, Where } from './controller.ts'

const empty: readonly KubeObject[] = Object.freeze([])

/** Reads of the process's caches. `informerOf` is undefined for a kind that is not served. */
export const createCacheReader = <T extends KubeObject>(
  reconciles: Kind,
  informerOf: (kind: Kind) => Informer | undefined,
): Read<T> => {
  function get(key: Key): T | undefined
  function get(kind: Kind, key: Key): KubeObject | undefined
  function get(first: string, second?: string): KubeObject | undefined {
    return second === undefined ? informerOf(reconciles)?.get(first) : informerOf(first)?.get(second)
  }
  return {
    get,
    list(kind, where?: Where) {
      const objects = informerOf(kind)?.list(where?.namespace) ?? empty
      if (where?.labels === undefined) return objects
      const matches = selectorOf(where.labels)
      return objects.filter((object) => matches(object.metadata.labels ?? {}))
    },
    owned: (kind, owner) => informerOf(kind)?.indexed('controller', owner.metadata.uid ?? '') ?? empty,
    indexed: (kind, index, value) => informerOf(kind)?.indexed(index, value) ?? empty,
  }
}
