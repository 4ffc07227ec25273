import type { ApiRequest } from '../../api/protocol/request.ts'
import type { ApiResponse } from '../../api/protocol/response.ts'
import type { WatchEvent } from '../../api/protocol/watch-event.ts'
import type { CacheTap } from './cache-view.ts'

/**
 * One process's connection to the API servers. The cluster plugs it into network and apiserver; a component knows nothing
 * else of the world. Time passes between `send` and `reply`.
 */
export interface Transport {
  /** `reply` is called once, unless the transport is closed first. No answer (partition, dead server) is code 0, reason Timeout. */
  send(request: ApiRequest, reply: (response: ApiResponse) => void): void
  /** Opens a watch. A refusal arrives as `closed(response)`. */
  watch(request: ApiRequest, sink: WatchSink): WatchHandle
  /** The process has died: no reply and no event comes any more. */
  close(): void
  /** Set where somebody looks into the caches of the process. */
  readonly caches?: CacheTap
}

export interface WatchSink {
  event(event: WatchEvent): void
  /** The server ended the watch or refused it; `response` says why, if anything did. */
  closed(response: ApiResponse | undefined): void
}

export interface WatchHandle {
  close(): void
}
