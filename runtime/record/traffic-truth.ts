/** Data of a `truth` entry about the requests to a Service since the run began. Subject `traffic/<namespace>/<service>`. */
export interface TrafficTruth {
  readonly requests: number
  readonly errors: number
  /** The last of the errors that this instant has brought. */
  readonly failure?: TrafficFailure
  /** Whom this instant's requests have reached, each once. */
  readonly served?: readonly Served[]
  /** Of the clients that loads name, by `pods/default/a` or `nodes/workers-0`. */
  readonly clients?: Readonly<Record<string, { readonly requests: number; readonly errors: number }>>
}

export interface Served {
  readonly namespace: string
  readonly pod: string
  /** The client's address as the pod sees it. */
  readonly source: string
}

/**
 * refused: nobody listens, or the rules reject; dropped: the rules drop it; timeout: the way is cut; no-host: the address is
 * nobody's any more; no-route: no rule takes it; denied: a NetworkPolicy does not let it through.
 */
export interface TrafficFailure {
  readonly kind: 'refused' | 'dropped' | 'timeout' | 'no-host' | 'no-route' | 'denied'
  /** `10.244.1.2:8080`, or the virtual address. */
  readonly at: string
}
