import type { Credentials } from '../../api/protocol/request.ts'
import type { Scheme } from '../../api/scheme/scheme.ts'
import { createClient } from '../client/client.ts'
import type { Heartbeats } from '../client/heartbeats.ts'
import { createInformers, type Informers } from '../client/informers.ts'
import { interferedInformers } from '../client/interfered-informers.ts'
import { interferedTransport } from '../client/interfered-transport.ts'
import type { Interference } from '../client/interference.ts'
import { createLeaderElection, type LeaderElection } from '../client/leader-election.ts'
import { throttledTransport } from '../client/throttled-transport.ts'
import type { Transport } from '../client/transport.ts'
import type { Actor } from '../kernel/actor.ts'
import type { Component, StopMode } from '../kernel/component.ts'
import type { Kernel } from '../kernel/kernel.ts'
import type { Trace } from '../kernel/trace.ts'
import type { Controller } from './controller.ts'
import { createControllerLoop, type ControllerLoop } from './controller-loop.ts'

/** A process that runs controllers: kube-controller-manager, or a user's. */
export interface ControllerManager extends Component {
  readonly running: boolean
  /** Names of its controllers, in their order. */
  readonly controllers: readonly string[]
  /** One controller of it: `deployment-controller`, or `deployment`. Stopping it leaves the others alone. */
  controller(name: string): Component | undefined
}

export interface ControllerManagerOptions {
  readonly kernel: Kernel
  readonly trace: Trace
  /** The process's connection; a function makes a new one at each start (a crashed process's is closed). */
  readonly transport: Transport | (() => Transport)
  readonly name: string
  readonly controllers: readonly Controller[]
  readonly heartbeats: Heartbeats
  readonly scheme: Scheme | (() => Scheme)
  /** `kube-api-qps` (20), `kube-api-burst` (30): the limit of each controller's own client; qps 0 is none. */
  readonly flags?: Readonly<Record<string, string>>
  readonly options?: {
    /** First part of the user agent; the process's name, unless given. */
    readonly userAgent?: string
    /** Identity of the shared informers and of the lease. */
    readonly credentials?: Credentials
    /** Identity of a controller; its service account in kube-system, unless given. */
    readonly credentialsOf?: (controller: Controller) => Credentials
    /** What faults do to single controllers, by the names `endOf` gives them. */
    readonly interference?: { readonly faults: Interference; readonly endOf: (controller: Controller) => string }
    /** What a controller hears of the shared informers; all of it, as it comes, unless given. */
    readonly hearing?: (informers: Informers, of: { readonly actor: Actor; readonly kernel: Kernel }) => Informers
    /** Runs the controllers only while it holds this lease. `lost`: the process has ended itself, as upstream's does. */
    readonly leaderElection?: {
      readonly identity: string
      readonly lease: string
      readonly rivals: () => boolean
      readonly lost: () => void
    }
  }
}

const accountOf = (controller: Controller): Credentials => ({
  kind: 'serviceaccount',
  namespace: 'kube-system',
  name: controller.account ?? controller.name,
})

/** Runs Controller objects on shared informers, each with its own queue, workers, client limit and identity. */
export const createControllerManager = (options: ControllerManagerOptions): ControllerManager => {
  const { kernel, trace, name, controllers, heartbeats } = options
  const given = options.options ?? {}
  const actor = kernel.actor(name)
  for (const one of controllers) kernel.actor(one.name)
  const scheme = (): Scheme => (typeof options.scheme === 'function' ? options.scheme() : options.scheme)
  const qps = Number(options.flags?.['kube-api-qps'] ?? 20)
  const burst = Number(options.flags?.['kube-api-burst'] ?? 30)
  const userAgent = given.userAgent ?? name
  const credentials: Credentials = given.credentials ?? {
    kind: 'certificate',
    commonName: `system:${name}`,
    organizations: [],
  }
  const stoppedByName = new Set<string>()
  const loops = new Map<string, ControllerLoop>()
  /** What single controllers see of the shared informers. */
  const views = new Map<string, Informers>()
  let transport: Transport | undefined
  let informers: Informers | undefined
  let election: LeaderElection | undefined
  let leading = false

  const startLoop = (one: Controller): void => {
    if (informers === undefined || transport === undefined || !leading || loops.has(one.name)) return
    const loopActor = kernel.actor(one.name)
    const { interference } = given
    const met =
      interference === undefined
        ? undefined
        : { kernel, actor: loopActor, interference: interference.faults, ends: [interference.endOf(one)] }
    const throttled = throttledTransport(transport, { kernel, actor: loopActor, qps, burst })
    const seen = met === undefined ? informers : interferedInformers(informers, met)
    if (met !== undefined) views.set(one.name, seen)
    const loop = createControllerLoop(one, {
      kernel,
      trace,
      transport: met === undefined ? throttled : interferedTransport(throttled, met),
      informers: given.hearing === undefined ? seen : given.hearing(seen, { actor: loopActor, kernel }),
      heartbeats,
      scheme,
      userAgent,
      credentials: given.credentialsOf?.(one) ?? (one.account === name ? credentials : accountOf(one)),
    })
    loops.set(one.name, loop)
    informers.whenSynced(() => loop.begin())
  }

  const stopLoop = (one: Controller): void => {
    loops.get(one.name)?.stop()
    loops.delete(one.name)
    views.get(one.name)?.stop()
    views.delete(one.name)
  }

  const lead = (): void => {
    leading = true
    for (const one of controllers) if (!stoppedByName.has(one.name)) startLoop(one)
    informers?.start()
  }

  const start = (): void => {
    if (transport !== undefined) return
    transport = typeof options.transport === 'function' ? options.transport() : options.transport
    informers = createInformers({ kernel, actor, transport, credentials, userAgent, scheme: options.scheme })
    if (given.leaderElection === undefined) {
      lead()
      return
    }
    const { identity, lease, rivals, lost } = given.leaderElection
    election = createLeaderElection({
      kernel,
      actor,
      client: createClient({ transport, credentials, userAgent, scheme: options.scheme }),
      namespace: 'kube-system',
      name: lease,
      identity,
      rivals,
      onStarted: lead,
      onStopped() {
        stop('crash')
        lost()
      },
    })
    election.start()
  }

  const stop = (how: StopMode): void => {
    // kube-controller-manager does not release its lease, whichever way it ends.
    election?.stop(false)
    election = undefined
    for (const one of controllers) stopLoop(one)
    informers?.stop()
    informers = undefined
    leading = false
    if (how === 'crash' || typeof options.transport === 'function') transport?.close()
    transport = undefined
  }

  const component = (one: Controller): Component => ({
    name: one.name,
    start() {
      stoppedByName.delete(one.name)
      startLoop(one)
    },
    stop() {
      stoppedByName.add(one.name)
      stopLoop(one)
    },
  })

  return {
    name,
    get running() {
      return transport !== undefined
    },
    controllers: controllers.map((one) => one.name),
    controller(wanted) {
      const one = controllers.find((each) => each.name === wanted || each.name === `${wanted}-controller`)
      return one === undefined ? undefined : component(one)
    },
    start,
    stop,
  }
}
