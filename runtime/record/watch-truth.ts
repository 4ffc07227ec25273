/**
 * Data of the truth entries `watches/<number>`: what a client has just heard on one of its watches. Written only in runs that ask
 * for it (ClusterOptions.tellWatches).
 */
export interface WatchTruth {
  /** Name of the process: `kube-scheduler`, `kubelet/workers-0`. */
  readonly client: string
  /** `pods`, `deployments.apps` */
  readonly resource: string
  readonly namespace: string | undefined
  readonly name: string | undefined
  readonly fieldSelector: string
  readonly labelSelector: string
  /** The state comes first, and a bookmark closes it: until then this is true. */
  readonly initial: boolean
  /** The revision that the watch was asked to go on from; undefined: it names none. */
  readonly after: number | undefined
  readonly heard: WatchHeard
}

export type WatchHeard =
  | { readonly kind: 'opened' }
  | { readonly kind: 'ADDED' | 'MODIFIED' | 'DELETED'; readonly subject: string; readonly revision: number }
  | { readonly kind: 'BOOKMARK'; readonly revision: number }
  /** The server ended it, or told of an error: nothing more comes. */
  | { readonly kind: 'ended' }
