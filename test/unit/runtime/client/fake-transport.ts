import type { ApiRequest } from '../../../../api/protocol/request.ts'
import type { ApiResponse } from '../../../../api/protocol/response.ts'
import type { Transport, WatchSink } from '../../../../runtime/client/transport.ts'

/** A world that answers what a test tells it to. */
export interface FakeTransport extends Transport {
  readonly sent: ApiRequest[]
  readonly watches: { readonly request: ApiRequest; readonly sink: WatchSink; closed: boolean }[]
}

export const createFakeTransport = (
  answer: (request: ApiRequest) => ApiResponse | undefined = () => undefined,
): FakeTransport => {
  const sent: ApiRequest[] = []
  const watches: FakeTransport['watches'] = []
  return {
    sent,
    watches,
    send(request, reply) {
      sent.push(request)
      const response = answer(request)
      if (response !== undefined) reply(response)
    },
    watch(request, sink) {
      const watch = { request, sink, closed: false }
      watches.push(watch)
      return {
        close() {
          watch.closed = true
        },
      }
    },
    close: () => undefined,
  }
}

export const objectNamed = (name: string, version: string, more: object = {}): never =>
  Object.freeze({
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name, namespace: 'ns', uid: `uid-${name}`, resourceVersion: version },
    ...more,
  }) as never
