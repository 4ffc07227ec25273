import type { Span } from '../source/span.ts'
import type { Duration } from './cluster-spec.ts'

/** How containers behave: `behavior image "web:*" { … }`, `behavior pod/db-0 container app { … }`. The most specific wins, then the last. */
export interface BehaviorSpec {
  readonly target: BehaviorTarget
  readonly span: Span
  readonly pull: PullSpec | undefined
  readonly start: Duration | undefined
  readonly ready: ProbeScript | undefined
  readonly live: ProbeScript | undefined
  readonly started: ProbeScript | undefined
  /** Each run of a container takes the next one; the last repeats. Empty: runs for ever. */
  readonly runs: readonly RunEnd[]
  readonly memory: readonly UsageSegment[]
  readonly cpu: readonly UsageSegment[]
  readonly writes: { readonly bytes: number; readonly over: Duration } | undefined
  /** From SIGTERM to exit. */
  readonly stop: Duration | undefined
  readonly ignoresSigterm: boolean
  /** What it prints. */
  readonly logs?: readonly LogSpec[]
}

export type BehaviorTarget =
  | { readonly kind: 'image'; readonly glob: string }
  | {
      readonly kind: 'pod'
      readonly namespace: string | undefined
      readonly pod: string
      readonly container: string | undefined
    }

/** `log "ready" after 2s`, `log "tick" every 10s`, `log "bye" at exit` */
export type LogSpec =
  | { readonly kind: 'running'; readonly text: string; readonly after: Duration; readonly every: Duration | undefined }
  | { readonly kind: 'exit'; readonly text: string }

export type PullSpec =
  | { readonly kind: 'takes'; readonly time: Duration }
  | { readonly kind: 'size'; readonly bytes: number }
  /** times undefined: always. `then` is what a pull does after the failures. */
  | { readonly kind: 'fails'; readonly times: number | undefined; readonly then: Duration | undefined }

/** What a probe sees: true from `after` the container's start on (never: undefined), false during the outages. */
export interface ProbeScript {
  readonly after: Duration | undefined
  readonly outages: readonly { readonly after: Duration; readonly lasts: Duration | undefined }[]
}

export interface RunEnd {
  readonly exitCode: number
  readonly reason: 'exit' | 'crash' | 'oom'
  readonly after: Duration
  /** `oom at 256Mi`: not by the clock, but when its memory reaches so many bytes. */
  readonly atMemory?: number
  readonly times: number
}

/** From `from` to `to` (amounts in bytes, or milli-CPU) in `over`; `over` undefined: for ever. */
export interface UsageSegment {
  readonly from: number
  readonly to: number
  readonly over: Duration | undefined
}
