import type { Actor } from '../kernel/actor.ts'
import type { Kernel } from '../kernel/kernel.ts'
import { createTokenBucket } from './rate-limiter.ts'
import type { Transport } from './transport.ts'

export interface Throttle {
  readonly kernel: Kernel
  readonly actor: Actor
  /** client-go rest.Config QPS and Burst; 0 = no limit. */
  readonly qps: number
  readonly burst: number
}

/**
 * A client's own rate limit (client-go flowcontrol): requests beyond it wait for their token. Watches are not held back. Its `close`
 * drops what waits; the connection below belongs to the process and stays open.
 */
export const throttledTransport = (transport: Transport, throttle: Throttle): Transport => {
  const { kernel, actor, qps, burst } = throttle
  const bucket = qps > 0 ? createTokenBucket(qps, burst) : undefined
  let closed = false
  return {
    send(request, reply) {
      const wait = bucket?.reserve(kernel.now) ?? 0
      if (wait === 0) transport.send(request, reply)
      else {
        const send = (): void => {
          if (!closed) transport.send(request, reply)
        }
        kernel.after(wait, actor, send, { label: `${actor.name} waits for its client's rate limit` })
      }
    },
    watch: (request, sink) => transport.watch(request, sink),
    close() {
      closed = true
    },
  }
}
