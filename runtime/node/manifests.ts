import type { JsonObject } from '../../api/object.ts'
import { createListeners } from '../kernel/listeners.ts'

/** The folder of static pod manifests on a machine's disk (KubeletConfiguration: staticPodPath), by name of the file. */
export interface Manifests {
  /** In order of their names. */
  list(): readonly (readonly [name: string, manifest: JsonObject])[]
  put(name: string, manifest: JsonObject): void
  /** False: there was none of that name. */
  remove(name: string): boolean
  /** Tells of every change. Returns how to stop listening. */
  subscribe(listener: () => void): () => void
}

export const createManifests = (): Manifests => {
  const files = new Map<string, JsonObject>()
  const listeners = createListeners()
  return {
    list: () => [...files].sort(([a], [b]) => (a < b ? -1 : 1)),
    put(name, manifest) {
      files.set(name, manifest)
      listeners.tell()
    },
    remove(name) {
      const was = files.delete(name)
      if (was) listeners.tell()
      return was
    },
    subscribe: listeners.add,
  }
}
