import type { Fault } from './fault.ts'

/** `slow etcd by 2s`: commits take so much longer. Of several members a single slow one lags behind the others. */
export const slowEtcd: Fault = {
  name: 'slow etcd',
  inject: ({ cluster, targets, by = 0 }) => ({ heal: cluster.dials.slowEtcd(targets, by) }),
}
