import type { Node } from '../../../api/types/core-v1.generated.ts'
import type { Micros } from '../../kernel/micros.ts'

export type ExtenderVerb = 'filter' | 'prioritize' | 'preempt' | 'bind'

export interface ExtenderCall {
  /** As the configuration says it. */
  readonly urlPrefix: string
  /** With the verb's path. */
  readonly url: string
  /** What is asked, whatever its path is called. */
  readonly verb: ExtenderVerb
  /** How long the scheduler waits. */
  readonly timeout: Micros
  readonly body: unknown
  /** The nodes that it is about. One that is `nodeCacheCapable` has them from a watch of its own, not from the body. */
  readonly nodes: readonly Node[]
}

/** What comes back of a call. */
export type ExtenderReply =
  /** `body` is the value of the JSON that was sent; undefined: nothing was. */
  | { readonly kind: 'response'; readonly code: number; readonly body: unknown }
  /** Nobody is there: what the dialler says. */
  | { readonly kind: 'unreachable'; readonly why: string }
  /** It did not answer in time. */
  | { readonly kind: 'silent' }

/** Whoever plays the extenders, in place of the connections to them. */
export interface ExtenderHost {
  /** Answers at once; `took` is the virtual time that it would have taken, no more than the timeout. */
  ask(call: ExtenderCall): { readonly reply: ExtenderReply; readonly took: Micros }
  /** A binding is work in the cluster: its answer comes later. */
  bind(call: ExtenderCall, answered: (reply: ExtenderReply) => void): void
}
