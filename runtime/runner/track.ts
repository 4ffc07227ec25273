import type { Transport } from '../client/transport.ts'
import type { Actor } from '../kernel/actor.ts'
import type { Run } from './run.ts'
import type { ScriptScope } from './script-scope.ts'

/** One line of the script: the body, a `background`, a child of `parallel`. */
export interface Track {
  readonly actor: Actor
  readonly transport: Transport
  done: boolean
  /** Called when the track has come to its end. */
  readonly finished: (() => void)[]
}

/** What the code of a statement works with. */
export interface ScriptContext {
  readonly run: Run
  readonly track: Track
  readonly scope: ScriptScope
  /** Inside a plan that was drawn: what has nothing to act on is skipped, and what the API refuses stays refused. */
  readonly drawn?: boolean
}
