import { objectSubject } from '../../api/object-key.ts'
import type { KubeObject } from '../../api/object.ts'
import type { ApiRequest } from '../../api/protocol/request.ts'
import type { ObjectReference, Pod } from '../../api/types/core-v1.generated.ts'
import type { Scheme } from '../../api/scheme/scheme.ts'
import type { Client } from '../client/client.ts'
import { referenceTo } from '../client/event-recorder.ts'
import { microTimestamp } from '../client/timestamp.ts'
import type { Actor } from '../kernel/actor.ts'
import type { Kernel } from '../kernel/kernel.ts'
import type { Trace } from '../kernel/trace.ts'
import { createFibers } from './fibers.ts'

export interface SchedulerEvent {
  /** The profile that speaks: reportingController. */
  readonly controller: string
  readonly regarding: Pod
  readonly related?: Pod
  readonly type: 'Normal' | 'Warning'
  readonly reason: string
  readonly action: string
  readonly note: string
}

/** events.k8s.io events, as client-go's tools/events broadcaster writes them: the scheduler uses no other. */
export interface EventBroadcaster {
  emit(event: SchedulerEvent): void
  stop(): void
}

interface Options {
  readonly kernel: Kernel
  readonly trace: Trace
  readonly actor: Actor
  readonly client: Client
  readonly scheme: Scheme
}

interface Written {
  readonly name: string
  readonly at: number
  count: number
  lastObserved: number
}

// tools/events/event_broadcaster.go: a series is forgotten six minutes after its last event.
const finishTime = 360_000_000
const maxTriesPerEvent = 12
const sleepDuration = 10_000_000

export const createEventBroadcaster = (options: Options): EventBroadcaster => {
  const { kernel, trace, actor, client, scheme } = options
  const resource = scheme.byKind('events.k8s.io/v1/Event')
  const pods = scheme.byKind('v1/Pod')!
  const series = new Map<string, Written>()
  let sequence = 0
  let stopped = false

  const fibers = createFibers<ApiRequest | number>((step, resume) => {
    if (typeof step === 'number') kernel.after(step, actor, () => resume(undefined), { tag: 'housekeeping' })
    else client.send(step, resume)
  })

  const timeOf = (at: number): string => microTimestamp(kernel.epoch + at)

  const bodyOf = (event: SchedulerEvent, reference: ObjectReference, written: Written): KubeObject =>
    ({
      apiVersion: 'events.k8s.io/v1',
      kind: 'Event',
      metadata: { name: written.name, namespace: reference.namespace ?? 'default' },
      eventTime: timeOf(written.at),
      ...(written.count > 1
        ? { series: { count: written.count, lastObservedTime: timeOf(written.lastObserved) } }
        : {}),
      reportingController: event.controller,
      reportingInstance: `${event.controller}-${actor.name}`,
      action: event.action,
      reason: event.reason,
      regarding: reference,
      ...(event.related === undefined ? {} : { related: referenceTo(event.related) }),
      note: event.note,
      type: event.type,
    }) as unknown as KubeObject

  /** attemptRecording: tries again where no answer came. */
  function* write(
    event: SchedulerEvent,
    reference: ObjectReference,
    written: Written,
  ): Generator<ApiRequest | number, void, unknown> {
    const body = bodyOf(event, reference, written)
    let isPatch = written.count > 1
    for (let tries = 1; tries <= maxTriesPerEvent; tries += 1) {
      const patch = (body as unknown as { readonly series?: unknown }).series
      const answer = isPatch ? yield* client.patch(body, { series: patch }) : yield* client.create(body)
      if (answer.ok) return
      if (isPatch && answer.code === 404) isPatch = false
      else if (answer.code !== 0) return
      else yield sleepDuration
    }
  }

  return {
    emit(event) {
      if (stopped) return
      const { regarding, related } = event
      const { metadata } = regarding
      const data = Object.freeze({
        type: event.type,
        reason: event.reason,
        message: event.note,
        source: event.controller,
      })
      const entry = trace.append(
        'emission',
        actor,
        event.reason,
        objectSubject(pods, metadata.namespace, metadata.name),
        data,
      )
      if (resource === undefined) return
      const reference = referenceTo(regarding)
      // What went well is told once: only warnings come in series.
      const key =
        event.type === 'Normal'
          ? undefined
          : JSON.stringify([
              event.action,
              event.reason,
              reference,
              related?.metadata.uid,
              related?.metadata.resourceVersion,
            ])
      const known = key === undefined ? undefined : series.get(key)
      let written: Written
      if (known !== undefined && kernel.now - known.lastObserved <= finishTime) {
        known.count += 1
        known.lastObserved = kernel.now
        // From the third on only the count in memory grows; upstream writes it out when it refreshes, every half hour.
        if (known.count > 2) return
        written = known
      } else {
        // Upstream names events by the nanosecond; virtual time has microseconds, so the rest counts.
        sequence = (sequence + 1) % 1000
        const nanos = BigInt(kernel.epoch + kernel.now) * 1000n + BigInt(sequence)
        written = { name: `${metadata.name}.${nanos.toString(16)}`, at: kernel.now, count: 1, lastObserved: kernel.now }
        if (key !== undefined) series.set(key, written)
        if (series.size > 10_000)
          for (const [old, one] of series) if (kernel.now - one.lastObserved > finishTime) series.delete(old)
      }
      const { cause } = kernel
      kernel.cause = entry
      fibers.run(write(event, reference, written))
      kernel.cause = cause
    },
    stop() {
      stopped = true
      fibers.stop()
    },
  }
}
