import { resourceName } from '../../api/object-key.ts'
import type { ApiRequest } from '../../api/protocol/request.ts'
import type { Resource } from '../../api/protocol/resource.ts'
import type { WatchEvent } from '../../api/protocol/watch-event.ts'
import type { Actor } from '../kernel/actor.ts'
import type { Trace } from '../kernel/trace.ts'
import type { WatchHeard, WatchTruth } from '../record/watch-truth.ts'
import type { Transport } from './transport.ts'

export interface ToldOptions {
  readonly trace: Trace
  readonly actor: Actor
  /** A number that no watch of the run has had. */
  readonly next: () => number
}

/** Events are served in two groups, and kept once. */
const storedAs = (resource: Resource): string =>
  resource.group === 'events.k8s.io' ? resource.plural : resourceName(resource)

const asked = (request: ApiRequest, client: string): Omit<WatchTruth, 'initial' | 'heard'> => {
  const { resource, namespace, name, options } = request
  const from = options?.resourceVersion
  return {
    client,
    resource: storedAs(resource),
    namespace,
    name,
    fieldSelector: options?.fieldSelector ?? '',
    labelSelector: options?.labelSelector ?? '',
    after: from === undefined || from === '' || from === '0' ? undefined : Number(from),
  }
}

const heardOf = (event: WatchEvent, request: ApiRequest): WatchHeard => {
  if (event.type === 'ERROR') return { kind: 'ended' }
  if (event.type === 'BOOKMARK') return { kind: 'BOOKMARK', revision: Number(event.resourceVersion) }
  const { namespace, name, resourceVersion } = event.object.metadata
  return {
    kind: event.type,
    subject: request.resource.namespaced
      ? `${storedAs(request.resource)}/${namespace ?? ''}/${name}`
      : `${storedAs(request.resource)}/${name}`,
    revision: Number(resourceVersion),
  }
}

/** A connection that tells what its client hears on its watches, event by event. */
export const toldTransport = (transport: Transport, { trace, actor, next }: ToldOptions): Transport => ({
  ...transport,
  watch(request, sink) {
    const subject = `watches/${next()}`
    const given = asked(request, actor.name)
    let initial = request.options?.sendInitialEvents === true
    const tell = (heard: WatchHeard): void => {
      trace.append('truth', actor, 'hear', subject, Object.freeze({ ...given, initial, heard: Object.freeze(heard) }))
    }
    tell({ kind: 'opened' })
    return transport.watch(request, {
      event(event) {
        if (event.type === 'BOOKMARK' && event.initialEventsEnd) initial = false
        tell(heardOf(event, request))
        sink.event(event)
      },
      closed(response) {
        tell({ kind: 'ended' })
        sink.closed(response)
      },
    })
  },
})
