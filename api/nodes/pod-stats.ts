/** What the kubelet's summary says of a pod: the parts of stats/v1alpha1 that eviction reads. */
export interface PodStats {
  readonly podRef: { readonly name: string; readonly namespace: string; readonly uid: string }
  readonly containers?: readonly ContainerStats[]
  readonly memory?: { readonly workingSetBytes?: number }
  readonly volume?: readonly (FileSystemStats & { readonly name: string })[]
  readonly process_stats?: { readonly process_count?: number }
}

export interface ContainerStats {
  readonly name: string
  readonly memory?: { readonly workingSetBytes?: number }
  readonly rootfs?: FileSystemStats
  readonly logs?: FileSystemStats
}

export interface FileSystemStats {
  readonly usedBytes?: number
  readonly inodesUsed?: number
}

/** The stats of a pod, by uid; undefined where the summary has none. */
export type StatsOf = (uid: string) => PodStats | undefined
