import { allOf } from './all-of.ts'
import type { Fault } from './fault.ts'

/** `timeout webhook/x`: it never answers, and every request that asks it waits out the configuration's timeout. */
export const timeoutWebhook: Fault = {
  name: 'timeout webhook',
  inject: ({ cluster, targets }) => allOf(targets.map((target) => cluster.network.cut('apiserver/*', target))),
}
