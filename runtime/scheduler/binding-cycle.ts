import { goDurationText } from '../../api/durations/go-duration.ts'
import type { ApiRequest } from '../../api/protocol/request.ts'
import type { Resource } from '../../api/protocol/resource.ts'
import type { Client } from '../client/client.ts'
import type { Actor } from '../kernel/actor.ts'
import type { Kernel } from '../kernel/kernel.ts'
import type { Micros } from '../kernel/micros.ts'
import type { Attempt, Engine } from './engine.ts'
import type { EventBroadcaster } from './event-broadcaster.ts'
import type { BindStep, Cycle, Plugin, StepAnswer } from './framework.ts'
import { podStatusPatch } from './pod-status-patch.ts'
import type { Framework } from './runner.ts'
import { isRejected, status, statusMessage, type Status } from './status.ts'

export type PlacedAttempt = Extract<Attempt, { readonly kind: 'placed' }>

/** What the scheduler's fibers ask for: a request, time to pass, or whatever answers by itself. */
export type Step =
  ApiRequest | { readonly wait: Micros } | { readonly ask: (answered: (answer: unknown) => void) => void }

interface Around {
  readonly kernel: Kernel
  readonly actor: Actor
  readonly engine: Engine
  readonly client: Client
  readonly events: EventBroadcaster
  readonly podResource: Resource
  /** The binding is on its way. */
  readonly bound: (attempt: PlacedAttempt) => void
}

/** Why a binding came to nothing. `early`: the pod may still count as unschedulable. */
export interface BindingFailure {
  readonly verdict: Status
  readonly early: boolean
}

type Steps<A> = Generator<Step, A, unknown>

/** bindingCycle (pkg/scheduler/schedule_one.go): Permit, PreBind, the binding itself, PostBind. undefined: the pod is bound. */
export type BindingCycle = (attempt: PlacedAttempt) => Steps<BindingFailure | undefined>

export const createBindingCycle = (around: Around): BindingCycle => {
  const { kernel, actor, engine, client, events, podResource } = around

  /** WaitOnPermit, with the timers of its plugins. */
  function* permitted({ pod, permits }: PlacedAttempt): Steps<Status | undefined> {
    if (permits.size === 0) return undefined
    const timers = [...permits].map(([plugin, seconds]) =>
      kernel.after(Math.round(seconds * 1_000_000), actor, () => {
        const held = goDurationText(BigInt(Math.round(seconds * 1e9)))
        const message = `rejected due to timeout after waiting ${held} at plugin ${plugin}`
        engine.waiting.get(pod.uid)?.reject(plugin, message)
      }),
    )
    // Its own goroutine upstream: whoever decides goes on first.
    const verdict = yield {
      ask: (answered) =>
        engine.waiting.whenDecided(pod.uid, (decided) => void kernel.at(kernel.now, actor, () => answered(decided))),
    }
    for (const timer of timers) kernel.cancel(timer)
    return verdict as Status | undefined
  }

  function* writeBinding(attempt: PlacedAttempt, node: string): Steps<StepAnswer> {
    around.bound(attempt)
    const { name, namespace, uid } = attempt.pod.pod.metadata
    const answer = yield* client.request({
      verb: 'create',
      resource: podResource,
      subresource: 'binding',
      namespace: namespace ?? 'default',
      name,
      body: {
        apiVersion: 'v1',
        kind: 'Binding',
        metadata: { name, namespace, uid },
        target: { kind: 'Node', name: node },
      },
    })
    return answer
  }

  /** One step of a PreBind or Bind plugin. */
  function* perform(attempt: PlacedAttempt, step: BindStep): Steps<unknown> {
    if (step.kind === 'wait') return yield { wait: step.seconds * 1_000_000 }
    if (step.kind === 'bind') return yield* writeBinding(attempt, step.node)
    if (step.kind === 'read')
      return yield* client.get(step.resourceKind, step.namespace === '' ? step.name : `${step.namespace}/${step.name}`)
    const { object } = step
    return step.verb === 'create'
      ? yield* client.create(object)
      : yield* step.verb === 'update' ? client.update(object) : client.updateStatus(object)
  }

  function* driven<A>(attempt: PlacedAttempt, steps: Generator<BindStep, A, unknown>): Steps<A> {
    let result = steps.next()
    while (result.done !== true) result = steps.next(yield* perform(attempt, result.value))
    return result.value
  }

  function* preBound(attempt: PlacedAttempt, working: readonly Plugin[]): Steps<Status | undefined> {
    for (const plugin of working) {
      const steps = plugin.preBind?.(attempt.decision.cycle, attempt.node)
      const verdict = steps === undefined ? undefined : yield* driven(attempt, steps)
      if (verdict === undefined) continue
      const { name } = plugin
      return isRejected(verdict)
        ? verdict
        : status(name, 'Error', `running PreBind plugin "${name}": ${statusMessage(verdict)}`)
    }
    return undefined
  }

  /** extendersBinding: the first interested extender that binds is asked; 'skip' if none is. */
  function* boundByExtender({ extenders }: Framework, attempt: PlacedAttempt): Steps<Status | 'skip' | undefined> {
    const { pod, node } = attempt
    for (const extender of extenders) {
      if (!extender.binds || !extender.interested(pod)) continue
      const refusal = (yield { ask: (answered) => extender.bind(pod, node, answered) }) as string | undefined
      if (refusal === undefined) return undefined
      if (!extender.ignorable) return status('', 'Error', refusal)
    }
    return 'skip'
  }

  function* boundByPlugin({ bindPlugins }: Framework, attempt: PlacedAttempt): Steps<Status | undefined> {
    const { cycle }: { readonly cycle: Cycle } = attempt.decision
    for (const plugin of bindPlugins) {
      const verdict = yield* driven(attempt, plugin.bind!(cycle, attempt.node))
      if (verdict === undefined) return undefined
      if (verdict === 'skip') continue
      const { name } = plugin
      return isRejected(verdict)
        ? verdict
        : status(name, 'Error', `running Bind plugin "${name}": ${statusMessage(verdict)}`)
    }
    // All of them leave it to the others: upstream's Skip is a failure without words.
    return status('', 'Error', '')
  }

  return function* cycleOf(attempt) {
    const { pod, node, decision } = attempt
    const framework = engine.frameworkOf(pod.pod)
    const working = framework.preBindPlugins.filter((one) => one.preBindPreFlight?.(decision.cycle, node) !== 'skip')
    if (working.length > 0 || attempt.permits.size > 0) {
      const patch = podStatusPatch(attempt.queued.pod.pod, undefined, node, '')
      if (patch !== undefined) yield* client.patch(pod.pod, patch, { subresource: 'status' })
    }
    const refused = yield* permitted(attempt)
    if (refused !== undefined) return { verdict: refused, early: true }
    engine.bindingBegins(pod)
    let verdict: Status | 'skip' | undefined = yield* preBound(attempt, working)
    if (verdict === undefined) {
      verdict = yield* boundByExtender(framework, attempt)
      if (verdict === 'skip') verdict = yield* boundByPlugin(framework, attempt)
    }
    if (verdict !== undefined) return { verdict, early: false }
    events.emit({
      controller: framework.schedulerName,
      regarding: pod.pod,
      type: 'Normal',
      reason: 'Scheduled',
      action: 'Binding',
      note: `Successfully assigned ${pod.key} to ${node}`,
    })
    for (const plugin of framework.postBindPlugins) plugin.postBind!(decision.cycle, node)
    return undefined
  }
}
