import type { Credentials } from '../../api/protocol/request.ts'
import { createControllerManager } from '../reconcile/controller-manager.ts'
import { storageProvisioner } from '../storage/provisioner.ts'
import { createProcess } from './create-process.ts'
import type { World } from './world.ts'

/** The provisioners of the `storageclass` blocks, a process each, outside the cluster and with every right in it. */
export const startStorage = (world: World): void => {
  const { kernel, timeline: trace, spec, processes, heartbeats } = world
  for (const storage of spec.storageClasses) {
    const controller = storageProvisioner(storage)
    const { name } = controller
    const actor = kernel.actor(name)
    const credentials: Credentials = { kind: 'certificate', commonName: name, organizations: ['system:masters'] }
    const component = createControllerManager({
      kernel,
      trace,
      transport: () => world.connect(actor, [name]),
      name,
      controllers: [controller],
      heartbeats,
      scheme: () => world.servers[0]!.server.scheme(),
      flags: { 'kube-api-qps': '0' },
      options: { credentials, credentialsOf: () => credentials },
    })
    processes.set(name, createProcess({ kernel, trace, name, component, actor }))
  }
}
