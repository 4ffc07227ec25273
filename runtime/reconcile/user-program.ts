import type { Key, Kind } from '../../api/kind.ts'
import type { KubeObject } from '../../api/object.ts'
import type { Micros } from '../kernel/micros.ts'
import type { CacheEvent } from './controller.ts'

/**
 * A module of the user's, as a process runs it: evaluated anew at each start, and cut off from the world but for what `host` gives.
 * integrations/controller makes them; the runtime knows no more of modules than this.
 */
export interface UserProgram {
  /** Throws what the module threw. */
  start(host: ProgramHost): ProgramRun
}

/** Where user programs come from, and what keeps the run alive beside them. */
export interface UserPrograms {
  /** Throws why the module cannot be loaded: a sentence for its author. */
  load(file: string): UserProgram
  /** Runs what may run user code. Not undefined: that code never came back and was stopped where it stood, and this is whose it was. */
  guard(run: () => void): { readonly stuck: string } | undefined
}

export interface ProgramHost {
  /** The controller's. */
  readonly name: string
  /** Wall clock, microseconds since 1970. */
  wall(): Micros
  /** 0 … n−1, from the seed of the run. */
  choose(label: string, n: number): number
  /** What it prints. */
  log(level: string, text: string): void
}

export interface ProgramRun {
  /** Every export that has a name. */
  readonly definitions: readonly UserDefinition[]
}

/** A controller as its author defined it: nothing of it is believed before it has been looked at. */
export interface UserDefinition {
  readonly name: string
  readonly reconciles?: unknown
  readonly owns?: unknown
  readonly watches?: unknown
  readonly reads?: unknown
  readonly when?: unknown
  readonly workers?: unknown
  readonly resync?: unknown
  readonly backoff?: unknown
  readonly requeue?: unknown
  /** What it reconciles with; whether it is code with `await` is settled by then. Undefined: it has no such function. */
  readonly reconcile: ((key: Key, io: UserIo) => Generator<unknown, unknown, unknown>) | undefined
  /** Asks the author's `when`. */
  queues(event: CacheEvent): boolean
  /** Asks the author's `watches` of a kind. */
  keysOf(kind: Kind, object: KubeObject, read: unknown): unknown
}

/** What a reconcile of the user's is given; its shape is the `Io` of `kscn/controller`. */
export interface UserIo {
  readonly read: unknown
  readonly live: Readonly<Record<'get' | 'list', (...args: never[]) => unknown>>
  readonly write: Readonly<Record<WriteVerb, (...args: never[]) => unknown>>
  readonly together: (calls: never) => unknown
  event(...args: unknown[]): void
  now(): Micros
  timestamp(): string
  choose(label: string, n: number): number
}

export type WriteVerb = 'create' | 'update' | 'updateStatus' | 'patch' | 'patchStatus' | 'delete' | 'evict'

/**
 * What went wrong in the user's code. `failure`: it threw an error of its own, as code does to be run again. `bug`: JavaScript threw.
 * `misuse`: it did not keep to the contract (a request without `yield*`). `escape`: it reached for what a run has not (a network).
 */
export interface UserFault {
  readonly kind: 'failure' | 'bug' | 'misuse' | 'escape'
  /** In the author's file: `website.ts:41:7`. */
  readonly place: string | undefined
}

const faults = new WeakMap<Error, UserFault>()

/** An error that carries what it is. */
export const userError = (message: string, fault: UserFault): Error => {
  const error = new Error(message)
  faults.set(error, fault)
  return error
}

export const faultOf = (error: unknown): UserFault | undefined =>
  error instanceof Error ? faults.get(error) : undefined
