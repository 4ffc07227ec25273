import { merged } from '../../api/json/merged.ts'
import { objectSubject } from '../../api/object-key.ts'
import type { KubeObject } from '../../api/object.ts'
import type { ApiResponse } from '../../api/protocol/response.ts'
import type { ObjectReference } from '../../api/types/core-v1.generated.ts'
import type { Actor } from '../kernel/actor.ts'
import type { Kernel } from '../kernel/kernel.ts'
import type { Timer } from '../kernel/timer.ts'
import type { Trace } from '../kernel/trace.ts'
import type { ApiRequest } from '../../api/protocol/request.ts'
import { createEventCorrelator, eventRetryDelay, maxTriesPerEvent, type CorrelatedEvent } from './event-correlator.ts'
import { timestamp } from './timestamp.ts'
import type { ClientOptions } from './client.ts'

/** A component's core/v1 event recorder: client-go's record.EventBroadcaster with its correlator and one sink. */
export interface EventRecorder {
  event(object: KubeObject, type: 'Normal' | 'Warning', reason: string, message: string): void
  /** About a part of an object, or about something that is not cached. */
  emit(event: EmittedEvent): void
  /** The process ends: what is not written is lost. */
  stop(): void
}

export interface EmittedEvent {
  readonly regarding: ObjectReference
  readonly type: 'Normal' | 'Warning'
  readonly reason: string
  readonly message: string
}

export interface EventRecorderOptions extends ClientOptions {
  readonly kernel: Kernel
  readonly trace: Trace
  readonly actor: Actor
  readonly component: string
  readonly host?: string
}

// client-go tools/record/event.go: the broadcaster's queue drops what does not fit.
const maxQueuedEvents = 1000

interface Pending {
  readonly regarding: ObjectReference
  readonly raw: EmittedEvent
  readonly correlated: CorrelatedEvent
  readonly at: number
  readonly cause: number
}

export const referenceTo = (object: KubeObject, fieldPath?: string): ObjectReference => ({
  kind: object.kind,
  ...(object.metadata.namespace === undefined ? {} : { namespace: object.metadata.namespace }),
  name: object.metadata.name ?? '',
  ...(object.metadata.uid === undefined ? {} : { uid: object.metadata.uid }),
  apiVersion: object.apiVersion,
  ...(object.metadata.resourceVersion === undefined ? {} : { resourceVersion: object.metadata.resourceVersion }),
  ...(fieldPath === undefined ? {} : { fieldPath }),
})

/**
 * Each emission is a timeline entry at once; Event objects are written in the background, one after the other, as the
 * broadcaster's single goroutine does.
 */
export const createEventRecorder = (options: EventRecorderOptions): EventRecorder => {
  const { kernel, trace, actor, transport, credentials, userAgent, component } = options
  const host = options.host ?? ''
  const served = (): ReturnType<Extract<typeof options.scheme, () => unknown>> =>
    typeof options.scheme === 'function' ? options.scheme() : options.scheme
  const correlator = createEventCorrelator()
  const queue: Pending[] = []
  let busy = false
  let stopped = false
  let timer: Timer | undefined
  let sequence = 0

  const subjectOf = (regarding: ObjectReference): string => {
    const resource = served().byKind(`${regarding.apiVersion ?? 'v1'}/${regarding.kind ?? ''}`)
    if (resource === undefined) return `${regarding.kind ?? ''}/${regarding.namespace ?? ''}/${regarding.name ?? ''}`
    return objectSubject(resource, regarding.namespace, regarding.name ?? '')
  }

  const bodyOf = ({ regarding, raw, correlated, at }: Pending): object => ({
    apiVersion: 'v1',
    kind: 'Event',
    metadata: { name: correlated.name, namespace: regarding.namespace ?? 'default' },
    involvedObject: regarding,
    reason: raw.reason,
    message: correlated.message,
    source: { component, ...(host === '' ? {} : { host }) },
    firstTimestamp: timestamp(kernel.epoch + correlated.firstAt),
    lastTimestamp: timestamp(kernel.epoch + at),
    count: correlated.count,
    type: raw.type,
    eventTime: null,
    reportingComponent: component,
    reportingInstance: host,
  })

  const self = { component, host }

  const requestOf = (pending: Pending, verb: 'create' | 'patch'): ApiRequest => {
    const resource = served().byKind('v1/Event')!
    const namespace = pending.regarding.namespace ?? 'default'
    const common = { resource, namespace, credentials, userAgent }
    if (verb === 'create') return { verb, ...common, body: bodyOf(pending) }
    const { correlated, at } = pending
    const body = { count: correlated.count, lastTimestamp: timestamp(kernel.epoch + at), message: correlated.message }
    return { verb, ...common, name: correlated.name, patchType: 'strategic', body }
  }

  const next = (): void => {
    busy = false
    const pending = queue.shift()
    if (pending === undefined || stopped) return
    busy = true
    kernel.cause = pending.cause
    attempt(pending, pending.correlated.count > 1 ? 'patch' : 'create', 1)
  }

  const attempt = (pending: Pending, verb: 'create' | 'patch', tries: number): void => {
    transport.send(requestOf(pending, verb), (response: ApiResponse) => {
      if (stopped) return
      if (response.code === 404 && verb === 'patch') attempt(pending, 'create', tries)
      else if (response.code === 0 && tries < maxTriesPerEvent) {
        const draw = kernel.choose('event-recorder/retry', 1000)
        const delay = tries === 1 ? (eventRetryDelay / 1000) * draw : eventRetryDelay
        timer = kernel.after(delay, actor, () => attempt(pending, verb, tries + 1), {
          label: `${actor.name} writes an event again`,
        })
      } else next()
    })
  }

  const emit = (raw: EmittedEvent): void => {
    if (stopped) return
    const { regarding } = raw
    const data = Object.freeze({ type: raw.type, reason: raw.reason, message: raw.message, source: component })
    const entry = trace.append('emission', actor, raw.reason, subjectOf(regarding), data)
    if (queue.length >= maxQueuedEvents) return
    // Upstream names events by the nanosecond; virtual time has microseconds, so the rest counts.
    sequence = (sequence + 1) % 1000
    const nanos = BigInt(kernel.epoch + kernel.now) * 1000n + BigInt(sequence)
    const name = `${regarding.name ?? ''}.${nanos.toString(16)}`
    const correlated = correlator.correlate(merged(raw, self), name, kernel.now)
    if (correlated === undefined) return
    queue.push({ regarding, raw, correlated, at: kernel.now, cause: entry })
    if (busy) return
    busy = true
    const { cause } = kernel
    kernel.cause = entry
    kernel.at(kernel.now, actor, next)
    kernel.cause = cause
  }

  return {
    event: (object, type, reason, message) => emit({ regarding: referenceTo(object), type, reason, message }),
    emit,
    stop() {
      stopped = true
      queue.length = 0
      kernel.cancel(timer)
    },
  }
}
