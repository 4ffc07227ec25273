/**
 * Whoever does something in a run, under upstream's name: `kube-scheduler`, `replicaset-controller`, `kubelet/workers-0`,
 * `script/1`. `order` ranks actors within one instant: the cluster's in the order of their registration, then the script's
 * tracks, so that a track goes on only after all cluster work of the instant.
 */
export interface Actor {
  readonly name: string
  readonly order: number
}

export type Lane = 'cluster' | 'script'
