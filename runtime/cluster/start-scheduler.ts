import { createScheduler } from '../scheduler/create-scheduler.ts'
import { schedulerSettings } from '../scheduler/settings.ts'
import type { Complaint } from '../record/complaint.ts'
import type { Component } from '../kernel/component.ts'
import { createProcess } from './create-process.ts'
import type { World } from './world.ts'

/** kube-scheduler, with its configuration. One that it cannot read ends the process as it starts, as upstream's does. */
export const startScheduler = (world: World): void => {
  const { kernel, timeline: trace, spec, scheme, latencies, processes } = world
  const actor = kernel.actor('kube-scheduler')
  const settings = schedulerSettings(spec.schedulerConfig, spec.flags['scheduler'] ?? {})
  const complain = (message: string): void => {
    const complaint: Complaint = {
      message: `kube-scheduler does not start: ${message}`,
      help: ['until its configuration is right no pod is scheduled'],
    }
    trace.append('truth', actor, 'complain', 'complaints/kube-scheduler', Object.freeze(complaint))
  }
  const component: Component = settings.ok
    ? createScheduler({
        kernel,
        trace,
        transport: () => world.connect(actor, ['scheduler']),
        scheme,
        name: 'kube-scheduler',
        settings,
        attemptTime: latencies.scheduler,
        refused: complain,
        ...(world.explain === undefined ? {} : { explain: world.explain }),
      })
    : { name: 'kube-scheduler', start: () => complain(settings.message), stop: () => undefined }
  processes.set('scheduler', createProcess({ kernel, trace, name: 'scheduler', component, actor }))
}
