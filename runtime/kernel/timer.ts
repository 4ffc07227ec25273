import type { Actor } from './actor.ts'
import type { Micros } from './micros.ts'

/** `progress` keeps a cluster from being settled; `housekeeping` goes on for ever in a cluster at rest. */
export type TimerTag = 'progress' | 'housekeeping'

/** A pending event. Only the kernel writes its fields. */
export interface Timer {
  at: Micros
  readonly order: number
  sequence: number
  readonly actor: Actor
  readonly tag: TimerTag
  /** What the wait is for, in words, for "what was pending": `pod/web restarts (CrashLoopBackOff)`. */
  readonly label: string
  /** Timeline entry that caused it, or -1. */
  readonly cause: number
  /** undefined once run or cancelled. */
  run: (() => void) | undefined
}
