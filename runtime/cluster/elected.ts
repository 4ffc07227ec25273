import type { Credentials } from '../../api/protocol/request.ts'
import type { KubeObject } from '../../api/object.ts'
import { createClient } from '../client/client.ts'
import { createEventRecorder } from '../client/event-recorder.ts'
import { createLeaderElection } from '../client/leader-election.ts'
import type { Component, StopMode } from '../kernel/component.ts'
import { second, type Micros } from '../kernel/micros.ts'
import type { Process } from './cluster.ts'
import { createProcess } from './create-process.ts'
import { microsOfFlag } from './flag-micros.ts'
import type { World } from './world.ts'

/** A component of which one replica at a time is at work: whoever holds the lease. */
export interface Elected {
  /** As scenarios name all of its replicas: `scheduler`, `controller/website`. Each is `<name>/<n>`, or what `replica` makes of it. */
  readonly name: string
  readonly replica: (index: number) => string
  readonly replicas: number
  /** The lease in kube-system, the user agent, and the source of the events. */
  readonly lease: string
  /** Where the lease is, if not under that name in kube-system. */
  readonly leaseAt?: { readonly namespace?: string; readonly name?: string }
  readonly eventSource: string
  readonly credentials: Credentials
  readonly flags: Readonly<Record<string, string>>
  /** Gives its lease up when it ends in order (ReleaseOnCancel): kube-scheduler does, kube-controller-manager does not. */
  readonly releases: boolean
  /** The work of one replica, begun when it leads; `ends` are the names under which cuts and delays meet it. */
  readonly work: (ends: readonly string[], index: number) => Component
}

/** How long a process that has lost its lease, and so ended itself, takes to be there again. Differs: no crash back-off. */
const restartTime: Micros = second

const hexadecimal = '0123456789abcdef'

/** What os.Hostname and uuid.NewUUID give upstream: no process has the identity of the one before it. */
const identityOf = (name: string, world: World): string => {
  const digits = Array.from(
    { length: 32 },
    () => hexadecimal[world.kernel.choose('leader-election/identity', 16)]!,
  ).join('')
  const uuid = [digits.slice(0, 8), digits.slice(8, 12), digits.slice(12, 16), digits.slice(16, 20), digits.slice(20)]
  return `${name.replaceAll('/', '-')}_${uuid.join('-')}`
}

/** Whether a component elects a leader. Differs: with one replica only if `leader-elect` says so, not unless it says no. */
export const elects = (flags: Readonly<Record<string, string>>, replicas: number): boolean =>
  flags['leader-elect'] === undefined ? replicas > 1 : flags['leader-elect'] === 'true'

const startReplica = (
  world: World,
  elected: Elected,
  index: number,
): { readonly process: Process; leads(): boolean } => {
  const { kernel, timeline: trace, processes } = world
  const { lease, credentials, flags, eventSource } = elected
  const name = elected.replica(index)
  const actor = kernel.actor(name)
  const ends = [...new Set([name, elected.name])]
  const scheme = (): ReturnType<World['servers'][number]['server']['scheme']> => world.servers[0]!.server.scheme()
  const component = elected.work(ends, index)
  let stopElection: ((how: StopMode) => void) | undefined
  let leading = false

  const duration = (flag: string): Micros | undefined => microsOfFlag(flags[`leader-elect-${flag}`])
  const start = (): void => {
    const identity = identityOf(name, world)
    const transport = world.connect(actor, ends)
    const common = { transport, credentials, userAgent: lease, scheme }
    const recorder = createEventRecorder({ ...common, kernel, trace, actor, component: eventSource })
    const tell = (held: KubeObject, what: string): void =>
      recorder.event(held, 'Normal', 'LeaderElection', `${identity} ${what}`)
    const [leaseDuration, renewDeadline, retryPeriod] = ['lease-duration', 'renew-deadline', 'retry-period'].map(
      duration,
    )
    const election = createLeaderElection({
      kernel,
      actor,
      client: createClient(common),
      namespace: elected.leaseAt?.namespace ?? 'kube-system',
      name: elected.leaseAt?.name ?? lease,
      identity,
      ...(leaseDuration === undefined ? {} : { leaseDuration }),
      ...(renewDeadline === undefined ? {} : { renewDeadline }),
      ...(retryPeriod === undefined ? {} : { retryPeriod }),
      rivals: () => true,
      onStarted(held) {
        leading = true
        kernel.cause = trace.append(
          'truth',
          actor,
          'lead',
          `components/${name}`,
          Object.freeze({ up: true, leader: true }),
        )
        tell(held, 'became leader')
        component.start()
      },
      onStopped(held) {
        tell(held, 'stopped leading')
        const process = processes.get(name)!
        process.stop('crash')
        kernel.after(restartTime, actor, () => process.start(), { label: `${name} starts again` })
      },
    })
    stopElection = (how) => {
      election.stop(elected.releases && how === 'graceful')
      recorder.stop()
      // What it still sends (the lease that it gives up) is on its way by then.
      if (how === 'graceful') kernel.after(second, actor, () => transport.close(), { tag: 'housekeeping' })
      else transport.close()
    }
    election.start()
  }

  const process = createProcess({
    kernel,
    trace,
    name,
    actor,
    component: {
      name,
      start,
      stop(how) {
        if (leading) component.stop(how)
        leading = false
        stopElection?.(how)
        stopElection = undefined
      },
    },
  })
  processes.set(name, process)
  return { process, leads: () => leading }
}

/** Starts the replicas. Their common name means whoever leads; while nobody does, the first of them. */
export const startElected = (world: World, elected: Elected): { readonly leader: () => number | undefined } => {
  const replicas: ReturnType<typeof startReplica>[] = []
  const leader = (): number | undefined => {
    const found = replicas.findIndex((one) => one.leads())
    return found < 0 ? undefined : found
  }
  world.leaders.set(elected.name, () => replicas[leader() ?? 0]?.process)
  for (let index = 0; index < elected.replicas; index += 1) replicas.push(startReplica(world, elected, index))
  return { leader }
}
