import type { JsonObject } from '../../api/object.ts'
import type { Resource } from '../../api/protocol/resource.ts'
import type { Pod } from '../../api/types/core-v1.generated.ts'
import type { Manifests } from '../node/manifests.ts'
import { staticPod } from './static-manifest.ts'
import type { StaticPodSource } from './static-pod-source.ts'

export interface ManifestSourceParts {
  readonly manifests: Manifests
  readonly node: string
  readonly pods: () => Resource
  /** The moment as config.seen tells it. */
  readonly seen: () => string
}

/**
 * pkg/kubelet/config/file.go: a file is read when it changes, and again by a new kubelet. Those that hold no pod are left out.
 * Differs: what inotify misses is not looked for every 20 s, for nothing is missed.
 */
export const createManifestSource = (parts: ManifestSourceParts): StaticPodSource => {
  const read = new Map<string, { readonly manifest: JsonObject; readonly pod: Pod | undefined }>()

  const podOf = (name: string, manifest: JsonObject): Pod | undefined => {
    const known = read.get(name)
    if (known?.manifest === manifest) return known.pod
    const result = staticPod({ name, manifest, node: parts.node, seen: parts.seen() }, parts.pods())
    const pod = 'pod' in result ? result.pod : undefined
    read.set(name, { manifest, pod })
    return pod
  }

  return {
    list: () => parts.manifests.list().flatMap(([name, manifest]) => podOf(name, manifest) ?? []),
    subscribe: (listener) => parts.manifests.subscribe(listener),
  }
}
