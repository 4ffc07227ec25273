import type { Key, Kind } from '../../api/kind.ts'
import type { KubeObject } from '../../api/object.ts'
import type { ApiRequest } from '../../api/protocol/request.ts'
import type { ApiResponse } from '../../api/protocol/response.ts'
import type { Informer } from '../client/informers.ts'

/** Upstream's ConsistencyStore (pkg/controller/util/consistency, v1.36): the newest write of each key, by kind. */
export interface WriteTracker {
  wrote(key: Key, request: ApiRequest, response: ApiResponse): void
  /** Whether the informers have heard of everything the key's reconciles wrote; forgets it then. */
  seen(key: Key, informerOf: (kind: Kind) => Informer | undefined): boolean
  forget(key: Key): void
}

export const createWriteTracker = (): WriteTracker => {
  const writes = new Map<Key, Map<Kind, number>>()
  return {
    wrote(key, request, response) {
      if (request.verb !== 'create' && request.verb !== 'update' && request.verb !== 'patch') return
      if (response.code < 200 || response.code >= 300) return
      const version = Number((response.body as KubeObject).metadata.resourceVersion)
      if (!Number.isFinite(version)) return
      let ofKey = writes.get(key)
      if (ofKey === undefined) {
        ofKey = new Map()
        writes.set(key, ofKey)
      }
      const kind = request.resource.id
      if (version > (ofKey.get(kind) ?? 0)) ofKey.set(kind, version)
    },
    seen(key, informerOf) {
      const ofKey = writes.get(key)
      if (ofKey === undefined) return true
      for (const [kind, version] of ofKey) {
        const informer = informerOf(kind)
        if (informer !== undefined && Number(informer.resourceVersion) < version) return false
      }
      writes.delete(key)
      return true
    },
    forget(key) {
      writes.delete(key)
    },
  }
}
