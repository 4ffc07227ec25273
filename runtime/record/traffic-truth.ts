/** Data of a `truth` entry about the requests to a Service since the run began. Subject `traffic/<namespace>/<service>`. */
export interface TrafficTruth {
  readonly requests: number
  readonly errors: number
  /** The last of the errors that this instant has brought. */
  readonly failure?: TrafficFailure
}

/**
 * refused: nobody listens, or the rules reject; dropped: the rules drop it; timeout: the way is cut; no-host: the address is
 * nobody's any more; no-route: no rule takes it.
 */
export interface TrafficFailure {
  readonly kind: 'refused' | 'dropped' | 'timeout' | 'no-host' | 'no-route'
  /** `10.244.1.2:8080`, or the virtual address. */
  readonly at: string
}
