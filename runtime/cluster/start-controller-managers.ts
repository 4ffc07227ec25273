import { builtinControllers } from '../controllers/registry.ts'
import { createControllerManager, type ControllerManager } from '../reconcile/controller-manager.ts'
import type { Process } from './cluster.ts'
import { createProcess } from './create-process.ts'
import { elects, startElected } from './elected.ts'
import type { World } from './world.ts'

/** A controller as scenarios name it. */
const endOf = (name: string): string => `controller/${name.replace(/-controller$/, '')}`

/** kube-controller-manager, once or several times; each of its controllers can be struck alone. */
export const startControllerManagers = (world: World): void => {
  const { kernel, timeline: trace, spec, processes } = world
  const flags = spec.flags['controller-manager'] ?? {}
  const actor = kernel.actor('kube-controller-manager')
  const managerOf = (ends: readonly string[]): ControllerManager =>
    createControllerManager({
      kernel,
      trace,
      transport: () => world.connect(actor, ends),
      name: 'kube-controller-manager',
      controllers: [...builtinControllers(flags), ...(world.manager.planted ?? [])],
      heartbeats: world.heartbeats,
      scheme: () => world.servers[0]!.server.scheme(),
      flags,
      options: {
        interference: { faults: world.interference, endOf: (one) => endOf(one.name) },
        ...(world.manager.hearing === undefined ? {} : { hearing: world.manager.hearing }),
      },
    })
  /** The controllers of one manager, as processes that share its connections. */
  const partsOf = (manager: ControllerManager, within: string): ReadonlyMap<string, Process> =>
    new Map(
      manager.controllers.map((full) => {
        const name = endOf(full)
        const component = manager.controller(full)!
        return [name, createProcess({ kernel, trace, name, component, actor: kernel.actor(full), within })]
      }),
    )

  const replicas = spec.replicas?.['controller-manager'] ?? 1
  if (!elects(flags, replicas)) {
    const manager = managerOf(['controller-manager'])
    processes.set(
      'controller-manager',
      createProcess({ kernel, trace, name: 'controller-manager', component: manager, actor }),
    )
    for (const [name, process] of partsOf(manager, 'controller-manager')) processes.set(name, process)
    return
  }
  const replica = (index: number): string => `controller-manager/${index}`
  const parts: ReadonlyMap<string, Process>[] = []
  const { leader } = startElected(world, {
    name: 'controller-manager',
    replica,
    replicas,
    lease: 'kube-controller-manager',
    eventSource: 'kube-controller-manager',
    credentials: { kind: 'certificate', commonName: 'system:kube-controller-manager', organizations: [] },
    flags,
    releases: false,
    work(ends, index) {
      const manager = managerOf(ends)
      parts[index] = partsOf(manager, replica(index))
      return manager
    },
  })
  // A controller's name means the one that is at work.
  for (const name of parts[0]?.keys() ?? []) world.leaders.set(name, () => parts[leader() ?? 0]?.get(name))
}
