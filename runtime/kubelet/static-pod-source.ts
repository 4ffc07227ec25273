import type { Pod } from '../../api/types/core-v1.generated.ts'

/**
 * The pods whose manifests lie on the node's disk, as pkg/kubelet/config/common.go: applyDefaults leaves them: named after the node,
 * with the manifest's hash as UID and the annotations `kubernetes.io/config.{source,hash,seen}`.
 */
export interface StaticPodSource {
  list(): readonly Pod[]
  /** Tells of every change of the folder. Returns how to stop listening. */
  subscribe(listener: () => void): () => void
}
