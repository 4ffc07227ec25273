import type { ApiRequest } from '../../api/protocol/request.ts'
import type { Judge } from '../expect/judge.ts'
import type { Ruling } from '../expect/operators/operator.ts'
import type { Micros } from '../kernel/micros.ts'
import type { Track } from './track.ts'

/** What a track waits for. Nothing else moves its clock. */
export type Wait =
  /** An answer from the API; resumed with the ApiResponse. */
  | { readonly kind: 'request'; readonly request: ApiRequest }
  /** Several at once; resumed with their answers, in the order of the requests. */
  | { readonly kind: 'requests'; readonly requests: readonly ApiRequest[] }
  | { readonly kind: 'time'; readonly at: Micros }
  /** A time of an endless loop: the scenario's end cuts it off. Resumed with false then. */
  | { readonly kind: 'tick'; readonly at: Micros }
  /** A sentence; resumed with a JudgeAnswer. `decided` is called in the very state that decided. */
  | { readonly kind: 'judge'; readonly judge: Judge; readonly decided?: (answer: JudgeAnswer) => void }
  /** The cluster to settle; resumed with whether it did in time. */
  | { readonly kind: 'settle'; readonly deadline: Micros }
  | { readonly kind: 'tracks'; readonly tracks: readonly Track[] }
  /** Nothing more: the track has failed. */
  | { readonly kind: 'halt' }

/** What became of a sentence; an error if it could not be evaluated. */
export type JudgeAnswer = { readonly ruling: Ruling } | { readonly error: unknown }

/** Code of a track: it yields what it waits for. */
export type Script<A = void> = Generator<Wait, A, unknown>
