import type { ApiRequest } from '../../api/protocol/request.ts'
import type { ApiResponse } from '../../api/protocol/response.ts'
import type { WatchEvent } from '../../api/protocol/watch-event.ts'
import type { Component } from '../kernel/component.ts'

/** One kube-apiserver. The only room that reaches etcd. Network time lies outside; its own latency and etcd's lie inside. */
export interface ApiServer extends Component {
  /** Answers once, at this or a later instant. A server that is down answers nothing: the network notices. */
  serve(request: ApiRequest, reply: (response: ApiResponse) => void): void
  /** `opened` is the status (200, or the refusal); then events in order, each at its own instant, until `closed`. */
  watch(request: ApiRequest, sink: ServerWatchSink): ServerWatch
}

export interface ServerWatchSink {
  opened(response: ApiResponse | undefined): void
  event(event: WatchEvent): void
  closed(): void
}

export interface ServerWatch {
  close(): void
}
