import type { ClusterSpec } from '../../dsl/plan/cluster-spec.ts'
import { millisecond, type Micros } from '../kernel/micros.ts'

/** How long each hop takes. Test fixtures, not predictions: see the language reference, 3.5. */
export interface LatencyProfile {
  readonly apiserver: Micros
  readonly etcdCommit: Micros
  readonly watchDelivery: Micros
  /** One scheduling attempt. */
  readonly scheduler: Micros
  /** Largest addition that the network draws for each way; 0: none. */
  readonly jitter: Micros
}

const profiles: Readonly<Record<ClusterSpec['profile'], LatencyProfile>> = {
  steady: {
    apiserver: 2 * millisecond,
    etcdCommit: 5 * millisecond,
    watchDelivery: millisecond,
    scheduler: millisecond,
    jitter: 0,
  },
  instant: { apiserver: 0, etcdCommit: 0, watchDelivery: 0, scheduler: 0, jitter: 0 },
  noisy: {
    apiserver: 2 * millisecond,
    etcdCommit: 5 * millisecond,
    watchDelivery: millisecond,
    scheduler: millisecond,
    jitter: 2 * millisecond,
  },
}

/** The profile's figures, with what the settings say of one of them in its place. */
export const latencyProfile = (spec: ClusterSpec): LatencyProfile => {
  const profile = profiles[spec.profile]
  return {
    ...profile,
    apiserver: spec.apiserver.latency ?? profile.apiserver,
    etcdCommit: spec.etcd.fsync ?? profile.etcdCommit,
  }
}
