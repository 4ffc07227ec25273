import { allOf } from './all-of.ts'
import type { Fault } from './fault.ts'
import { registryHost } from './registry-host.ts'

/** `down registry/docker.io`: a pull from it fails once the connection has timed out. Images on the disk are not concerned. */
export const downRegistry: Fault = {
  name: 'down registry',
  inject: ({ cluster, targets }) =>
    allOf(targets.map((target) => cluster.dials.disturbRegistry(registryHost(target), { kind: 'down' }))),
}
