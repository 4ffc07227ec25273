import type { ApiRequest } from '../../api/protocol/request.ts'
import type { Pod } from '../../api/types/core-v1.generated.ts'
import type { Client } from '../client/client.ts'
import { timestamp } from '../client/timestamp.ts'
import type { Engine } from './engine.ts'
import type { EventBroadcaster } from './event-broadcaster.ts'
import { schedulerNameOf, type Preemption } from './framework.ts'
import type { PodInfo } from './pod-info.ts'
import { podStatusPatch } from './pod-status-patch.ts'
import { preemptedNote, preemptionCondition } from './texts.ts'

export interface Evicting {
  readonly engine: Engine
  readonly client: Client
  readonly events: EventBroadcaster
  readonly wallClock: () => number
}

type Requests<A> = Generator<ApiRequest, A, unknown>

/** Marks the victim, then deletes it; undefined if that was done, else whether it was gone already. */
function* remove(
  { client, wallClock }: Pick<Evicting, 'client' | 'wallClock'>,
  preemptor: PodInfo,
  victim: PodInfo,
): Requests<boolean | undefined> {
  const { generation } = victim.pod.metadata
  const patch = podStatusPatch(
    victim.pod,
    {
      type: 'DisruptionTarget',
      ...(generation === undefined ? {} : { observedGeneration: generation }),
      status: 'True',
      reason: 'PreemptionByScheduler',
      message: preemptionCondition(preemptor),
    },
    undefined,
    timestamp(wallClock()),
  )
  if (patch !== undefined) {
    const marked = yield* client.patch(victim.pod, patch, { subresource: 'status' })
    if (!marked.ok) return marked.code === 404
  }
  const deleted = yield* client.delete(victim.pod)
  return deleted.ok ? undefined : deleted.code === 404
}

/** Executor.PreemptPod. False: the API refused. */
function* evict(
  { engine, client, events, wallClock }: Evicting,
  preemptor: PodInfo,
  victim: PodInfo,
  node: string,
): Requests<boolean> {
  // One that a Permit plugin holds back loses its place, not its life.
  const spared = engine.waiting.preempt(victim.uid, 'DefaultPreemption')
  if (!spared) {
    const gone = yield* remove({ client, wallClock }, preemptor, victim)
    if (gone !== undefined) return gone
  }
  events.emit({
    controller: schedulerNameOf(preemptor.pod),
    regarding: victim.pod,
    related: preemptor.pod,
    type: 'Normal',
    reason: 'Preempted',
    action: 'Preempting',
    note: `${preemptedNote(preemptor, node)}${spared ? ' (in kube-scheduler memory).' : ''}`,
  })
  return true
}

/**
 * Makes room for a nominated pod (prepareCandidateAsync, pkg/scheduler/framework/preemption/executor.go): withdraws lower
 * nominations, then evicts all victims but the last, then that one. The preemptor stays gated until the last is on its way.
 * Differs: upstream evicts the first ones in parallel.
 */
export function* carryOut(evicting: Evicting, preemptor: PodInfo, preemption: Preemption): Requests<void> {
  const { engine, client } = evicting
  const victims = preemption.victims.filter((one) => !one.terminating)
  if (victims.length === 0) return
  let held = true
  for (const nominated of engine.nominator.on(preemption.node)) {
    if (nominated.priority >= preemptor.priority) continue
    const pod: Pod = nominated.pod
    const patch = podStatusPatch(pod, undefined, '', '')
    if (patch === undefined) continue
    const cleared = yield* client.patch(pod, patch, { subresource: 'status' })
    if (!cleared.ok) held = false
  }
  for (const victim of victims.slice(0, -1)) {
    if (!(yield* evict(evicting, preemptor, victim, preemption.node))) held = false
  }
  const last = victims[victims.length - 1]!
  if (held) {
    engine.lastVictim(preemptor.uid, last)
    if (!(yield* evict(evicting, preemptor, last, preemption.node))) held = false
  }
  engine.preemptionEnds(preemptor.uid)
  if (!held) engine.queue.activate(preemptor)
}
