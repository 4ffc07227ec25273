import { allOf } from './all-of.ts'
import type { Fault } from './fault.ts'
import { registryHost } from './registry-host.ts'

/** `slow registry/docker.io by 10s`: every pull from it that begins now takes so much longer. */
export const slowRegistry: Fault = {
  name: 'slow registry',
  inject: ({ cluster, targets, by = 0 }) =>
    allOf(targets.map((target) => cluster.dials.disturbRegistry(registryHost(target), { kind: 'slow', by }))),
}
