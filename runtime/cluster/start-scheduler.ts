import type { PluginFactory } from '../scheduler/framework.ts'
import { guardPlugin } from '../scheduler/guard-plugin.ts'
import { createScheduler } from '../scheduler/create-scheduler.ts'
import { schedulerSettings } from '../scheduler/settings.ts'
import type { Complaint } from '../record/complaint.ts'
import type { Component } from '../kernel/component.ts'
import { createExtenderHost } from './extender-servers.ts'
import { elects, startElected } from './elected.ts'
import { createProcess } from './create-process.ts'
import type { World } from './world.ts'

/** The plugins that the user wrote, by the names of the functions that make them. */
const userPlugins = (
  { spec, scripts }: World,
  complain: (message: string, ...help: readonly string[]) => void,
): Readonly<Record<string, PluginFactory>> => {
  const found: Record<string, PluginFactory> = {}
  for (const module of spec.schedulerPlugins ?? []) {
    const factory = scripts?.(module, 'default')
    if (typeof factory !== 'function' || factory.name === '' || factory.name === 'default')
      complain(
        `scheduler plugin ${module}: its default export is no function with a name`,
        'export default function MyPlugin(handle, args, index) { return { filter(cycle, slot) { … } } }',
      )
    else found[factory.name] = guardPlugin(factory.name, factory as PluginFactory, complain)
  }
  return found
}

/** kube-scheduler, with its configuration. One that it cannot read ends the process as it starts, as upstream's does. */
export const startScheduler = (world: World): void => {
  const { kernel, timeline: trace, spec, scheme, latencies, processes } = world
  const actor = kernel.actor('kube-scheduler')
  const tell = (message: string, ...help: readonly string[]): void => {
    const complaint: Complaint = { message, help }
    trace.append('truth', actor, 'complain', 'complaints/kube-scheduler', Object.freeze(complaint))
  }
  const plugins = userPlugins(world, tell)
  const settings = schedulerSettings(spec.schedulerConfig, spec.flags['scheduler'] ?? {}, Object.keys(plugins))
  const complain = (message: string): void =>
    tell(`kube-scheduler does not start: ${message}`, 'until its configuration is right no pod is scheduled')
  const component = (ends: readonly string[]): Component =>
    settings.ok
      ? createScheduler({
          kernel,
          trace,
          transport: () => world.connect(actor, ends),
          scheme,
          name: 'kube-scheduler',
          settings,
          attemptTime: latencies.scheduler,
          refused: complain,
          plugins,
          extenders: createExtenderHost(world, ends),
          ...(world.explain === undefined ? {} : { explain: world.explain }),
        })
      : { name: 'kube-scheduler', start: () => complain(settings.message), stop: () => undefined }
  const flags = { ...(settings.ok ? settings.election : {}), ...spec.flags['scheduler'] }
  const replicas = spec.replicas?.scheduler ?? 1
  if (elects(flags, replicas))
    startElected(world, {
      name: 'scheduler',
      replica: (index) => `scheduler/${index}`,
      replicas,
      lease: 'kube-scheduler',
      ...(settings.ok && settings.lease !== undefined ? { leaseAt: settings.lease } : {}),
      eventSource: 'default-scheduler',
      credentials: { kind: 'certificate', commonName: 'system:kube-scheduler', organizations: [] },
      flags,
      releases: true,
      work: component,
    })
  else
    processes.set(
      'scheduler',
      createProcess({ kernel, trace, name: 'scheduler', component: component(['scheduler']), actor }),
    )
}
