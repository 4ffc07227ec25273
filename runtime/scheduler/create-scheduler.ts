import type { KubeObject } from '../../api/object.ts'
import { objectSubject } from '../../api/object-key.ts'
import type { Credentials } from '../../api/protocol/request.ts'
import type { Scheme } from '../../api/scheme/scheme.ts'
import type { Node, Pod } from '../../api/types/core-v1.generated.ts'
import { createClient, type Client } from '../client/client.ts'
import { createInformers, type Informers } from '../client/informers.ts'
import { timestamp } from '../client/timestamp.ts'
import type { Transport } from '../client/transport.ts'
import type { Component } from '../kernel/component.ts'
import type { Kernel } from '../kernel/kernel.ts'
import type { Micros } from '../kernel/micros.ts'
import type { Timer } from '../kernel/timer.ts'
import type { Trace } from '../kernel/trace.ts'
import { throttledTransport } from '../client/throttled-transport.ts'
import { createBindingCycle, type PlacedAttempt, type Step } from './binding-cycle.ts'
import { createEngine, type Attempt, type Engine, type FailedAttempt } from './engine.ts'
import { createEventBroadcaster, type EventBroadcaster } from './event-broadcaster.ts'
import { carryOut } from './evictions.ts'
import { createFibers } from './fibers.ts'
import { createFlushTimers } from './flush-timers.ts'
import { createExtenders } from './extenders/create-extenders.ts'
import type { ExtenderHost } from './extenders/extender-host.ts'
import { schedulerNameOf } from './framework.ts'
import type { Listers, PluginFactory } from './framework.ts'
import { podStatusPatch } from './pod-status-patch.ts'
import type { SchedulerSettings } from './settings.ts'
import { eventNote } from './texts.ts'
import { verdictOf } from './verdict.ts'
import { watchedKinds } from './watched-kinds.ts'

export interface SchedulerOptions {
  readonly kernel: Kernel
  readonly trace: Trace
  /** A new connection for each start of the process. */
  readonly transport: () => Transport
  readonly scheme: Scheme
  readonly name: string
  readonly settings: SchedulerSettings
  /** Plugins written by the user, by name. */
  readonly plugins?: Readonly<Record<string, PluginFactory | undefined>>
  /** Who plays the extenders of the configuration. */
  readonly extenders?: ExtenderHost
  /** Virtual time that one attempt takes. */
  readonly attemptTime: Micros
  readonly explain?: (key: string) => boolean
  /** The configuration names what cannot be run: the process ends. */
  readonly refused: (message: string) => void
}

const credentials: Credentials = { kind: 'certificate', commonName: 'system:kube-scheduler', organizations: [] }
const userAgent = 'kube-scheduler'

const nobody: ExtenderHost = {
  ask: () => ({ reply: { kind: 'unreachable', why: 'connection refused' }, took: 0 }),
  bind: (_call, answered) => answered({ kind: 'unreachable', why: 'connection refused' }),
}

/** One life of the process: what a crash loses. */
interface Life {
  readonly engine: Engine
  readonly informers: Informers
  stop(): void
}

const startLife = (options: SchedulerOptions): Life => {
  const { kernel, trace, scheme, attemptTime, settings } = options
  const actor = kernel.actor(options.name)
  const transport = options.transport()
  const { configuration, qps, burst } = settings
  /** Each client has a rate limit of its own: the scheduler's, and the one that writes events. */
  const limited = (): Client =>
    createClient({
      transport: throttledTransport(transport, { kernel, actor, qps, burst }),
      credentials,
      userAgent,
      scheme,
    })
  const client = limited()
  const informers = createInformers({ kernel, actor, transport, credentials, userAgent, scheme })
  const podResource = scheme.byKind('v1/Pod')!
  const wallClock = (): number => kernel.epoch + kernel.now
  const events: EventBroadcaster = createEventBroadcaster({
    kernel,
    trace,
    actor,
    client: limited(),
    scheme,
  })
  const pods = informers.informer('v1/Pod', 'status.phase!=Failed,status.phase!=Succeeded')
  const nodes = informers.informer('v1/Node')
  const others = watchedKinds.flatMap(({ kind, resource }) =>
    scheme.byKind(kind) === undefined ? [] : [{ kind, resource, informer: informers.informer(kind) }],
  )
  const byKind = new Map(others.map((one) => [one.kind, one.informer]))
  const listers: Listers = {
    get(kind, namespace, name) {
      const informer = kind === 'v1/Pod' ? pods : kind === 'v1/Node' ? nodes : byKind.get(kind)
      return informer?.get(namespace === '' ? name : `${namespace}/${name}`)
    },
    list: (kind, namespace) => (kind === 'v1/Pod' ? pods : byKind.get(kind))?.list(namespace) ?? [],
  }
  const engine = createEngine({
    configuration,
    plugins: options.plugins ?? {},
    extenders: createExtenders(configuration.extenders, options.extenders ?? nobody),
    listers,
    now: wallClock,
    ...(settings.maxUnschedulable === undefined ? {} : { maxUnschedulable: settings.maxUnschedulable }),
    choose: (label, n) => kernel.choose(label, n),
    ...(options.explain === undefined ? {} : { explain: options.explain }),
  })

  const timers = new Set<Timer>()
  let next: Timer | undefined
  let finishing: Timer | undefined
  let ready = false
  let stopped = false

  const fibers = createFibers<Step>((step, resume) => {
    if ('ask' in step) {
      step.ask(resume)
      return
    }
    if (!('wait' in step)) {
      client.send(step, resume)
      return
    }
    const timer = kernel.after(step.wait, actor, () => {
      timers.delete(timer)
      resume(undefined)
    })
    timers.add(timer)
  })

  const subjectOf = (pod: Pod): string => objectSubject(podResource, pod.metadata.namespace, pod.metadata.name)
  const flushes = createFlushTimers({ kernel, actor, engine, changed: () => kick() })

  /** Tells why a pod was not scheduled, as event and in its status (handleSchedulingFailure). */
  function* report(failed: FailedAttempt): Generator<Step, void, unknown> {
    const queuedAgain = engine.settleFailure(failed)
    const current = (listers.get('v1/Pod', failed.pod.namespace, failed.pod.name) as Pod | undefined) ?? failed.pod.pod
    if (!queuedAgain && current.metadata.uid !== failed.pod.uid) return
    const pod = queuedAgain ? current : failed.pod.pod
    events.emit({
      controller: schedulerNameOf(pod),
      regarding: pod,
      type: 'Warning',
      reason: 'FailedScheduling',
      action: 'Scheduling',
      note: eventNote(failed.message),
    })
    const { generation } = pod.metadata
    const patch = podStatusPatch(
      pod,
      {
        type: 'PodScheduled',
        ...(generation === undefined ? {} : { observedGeneration: generation }),
        status: 'False',
        reason: failed.reason,
        message: failed.message,
      },
      failed.nominate,
      timestamp(wallClock()),
    )
    if (patch !== undefined) yield* client.patch(pod, patch, { subresource: 'status' })
  }

  const bindingCycle = createBindingCycle({
    kernel,
    actor,
    engine,
    client,
    events,
    podResource,
    bound: ({ pod }) => void trace.append('hop', actor, 'bind', subjectOf(pod.pod)),
  })

  function* bind(attempt: PlacedAttempt): Generator<Step, void, unknown> {
    const failure = yield* bindingCycle(attempt)
    if (failure === undefined) return
    yield* report(engine.bindingFailed(attempt, failure))
    kick()
  }

  function* preempt(failed: FailedAttempt): Generator<Step, void, unknown> {
    yield* carryOut({ engine, client, events, wallClock }, failed.pod, failed.preemption!)
    kick()
  }

  function* deallocate(object: KubeObject): Generator<Step, void, unknown> {
    yield* client.updateStatus(object)
  }

  const finish = (attempt: Attempt): void => {
    if (attempt.kind === 'idle') return
    const entry = trace.append(
      'verdict',
      actor,
      'schedule',
      subjectOf(attempt.pod.pod),
      verdictOf(engine.nodes, attempt),
    )
    kernel.cause = entry
    if (attempt.kind === 'skipped') {
      const { note } = attempt
      events.emit({
        controller: schedulerNameOf(attempt.pod.pod),
        regarding: attempt.pod.pod,
        type: 'Warning',
        reason: 'FailedScheduling',
        action: 'Scheduling',
        note,
      })
    } else if (attempt.kind === 'placed') {
      fibers.run(bind(attempt))
    } else {
      const { decision } = attempt
      fibers.run(report(attempt))
      if (decision?.kind === 'unfit' && decision.write !== undefined) fibers.run(deallocate(decision.write))
      if (attempt.preemption !== undefined) fibers.run(preempt(attempt))
    }
  }

  const attemptNext = (): void => {
    next = undefined
    const attempt = engine.attempt()
    if (attempt === undefined) return
    if (attempt.kind !== 'idle') {
      trace.append('hop', actor, 'filter', subjectOf(attempt.pod.pod))
      if (attempt.kind === 'placed' && attempt.decision.scores.length > 0)
        trace.append('hop', actor, 'score', subjectOf(attempt.pod.pod))
    }
    const waited = attempt.kind === 'placed' || attempt.kind === 'failed' ? (attempt.decision?.cycle.waited ?? 0) : 0
    finishing = kernel.after(attemptTime + waited, actor, () => {
      finishing = undefined
      finish(attempt)
      kick()
    })
  }

  /** Has the next attempt made, if somebody waits for one. */
  const kick = (): void => {
    flushes.schedule()
    if (!ready || stopped || next !== undefined || finishing !== undefined || !engine.queue.poppable) return
    next = kernel.at(kernel.now, actor, attemptNext)
  }

  pods.addHandler((type, before, object) => {
    if (type === 'added') engine.podAdded(object as Pod)
    else if (type === 'modified') engine.podUpdated(before as Pod, object as Pod)
    else engine.podDeleted(object as Pod)
    kick()
  })
  nodes.addHandler((type, before, object) => {
    if (type === 'added') engine.nodeAdded(object as Node)
    else if (type === 'modified') engine.nodeUpdated(before as Node, object as Node)
    else engine.nodeDeleted(object as Node)
    kick()
  })
  for (const { kind, resource, informer } of others) {
    informer.addHandler((type, before, object) => {
      const was: KubeObject | undefined = type === 'deleted' ? object : before
      const now: KubeObject | undefined = type === 'deleted' ? undefined : object
      if (kind === 'v1/Namespace') engine.nodes.namespaceLabelsChanged()
      if (resource === undefined) return
      engine.objectChanged(resource, was, now)
      kick()
    })
  }
  informers.whenSynced(() => {
    ready = true
    kick()
  })
  informers.start()

  return {
    engine,
    informers,
    stop() {
      stopped = true
      informers.stop()
      events.stop()
      flushes.stop()
      kernel.cancel(next)
      kernel.cancel(finishing)
      for (const timer of timers) kernel.cancel(timer)
      fibers.stop()
      transport.close()
    },
  }
}

/** kube-scheduler. Event driven: nothing ticks while nobody waits. */
export const createScheduler = (options: SchedulerOptions): Component => {
  let life: Life | undefined
  return {
    name: options.name,
    start() {
      if (life !== undefined) return
      life = startLife(options)
      const broken = life.engine.frameworks.find((one) => one.error !== undefined)
      if (broken === undefined) return
      life.stop()
      life = undefined
      options.refused(
        `initializing profiles: creating profile for scheduler name ${broken.schedulerName}: ${broken.error}`,
      )
    },
    stop() {
      life?.stop()
      life = undefined
    },
  }
}
