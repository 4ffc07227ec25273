import type { Key } from '../../api/kind.ts'
import { InvariantError } from '../kernel/invariant-error.ts'
import type { Micros } from '../kernel/micros.ts'
import type { Complaint, LastWrite } from '../record/complaint.ts'
import type { Result } from './controller.ts'
import { faultOf } from './user-program.ts'
import type { UserSession } from './user-session.ts'

/** What a user's controller is judged by while it runs: things that no working controller does, each told once with its last writes. */
export interface UserConduct {
  /** False: it is to go no further. */
  began(key: Key): boolean
  wrote(write: LastWrite): void
  returned(key: Key, session: UserSession, result: Result): void
  failed(key: Key, session: UserSession, error: unknown): void
  /** It wrote an object of a kind that it owns, but whose controller is another. */
  took(what: string, owner: string, reconciles: string): void
  /** A handler of events threw. */
  threw(what: string, error: unknown): void
  /** Its code never came back, and was stopped. */
  stuck(): void
}

export interface UserConductOptions {
  readonly name: string
  readonly now: () => Micros
  readonly complain: (complaint: Complaint) => void
  /** Stops the process: it would run for ever. */
  readonly halt: () => void
}

const kept = 5
/** Failures of one key in a row for which nothing outside can be blamed. */
const patience = 5
/** Reconciles of one key in one instant. */
const mostInAnInstant = 1_000

const textOf = (error: unknown): string => (error instanceof Error ? error.message : String(error))

export const createUserConduct = ({ name, now, complain, halt }: UserConductOptions): UserConduct => {
  const lastWrites: LastWrite[] = []
  const failures = new Map<Key, number>()
  let instant: Micros = -1
  let last: Key | undefined
  let inInstant = new Map<Key, number>()

  const told = new Set<string>()
  /** Once for each `what`: the next key does the same. */
  const tell = (what: string, message: string, ...help: readonly string[]): void => {
    if (told.has(what)) return
    told.add(what)
    complain({ message: `${name}: ${message}`, help, severity: 'fail', writes: [...lastWrites] })
  }

  const placed = (error: unknown): string => {
    const place = faultOf(error)?.place
    return place === undefined ? textOf(error) : `${textOf(error)} (${place})`
  }

  return {
    began(key) {
      last = key
      if (now() !== instant) {
        instant = now()
        inInstant = new Map()
      }
      const times = (inInstant.get(key) ?? 0) + 1
      inInstant.set(key, times)
      if (times < mostInAnInstant) return true
      if (times > mostInAnInstant) return false
      tell(
        'hot',
        `${key} was reconciled ${mostInAnInstant} times in one instant: a hot loop`,
        'let time pass before it looks again: return { requeueAfter: second }',
      )
      halt()
      return false
    },
    wrote(write) {
      lastWrites.push(write)
      if (lastWrites.length > kept) lastWrites.shift()
    },
    returned(key, session, result) {
      if (typeof result === 'object' && 'retry' in result) failures.set(key, (failures.get(key) ?? 0) + 1)
      else failures.delete(key)
      const [unsent] = session.unsent()
      if (unsent !== undefined)
        tell(
          `unsent ${unsent}`,
          `its reconcile of ${key} made a request that never left: ${unsent}`,
          'a request leaves with `yield*` (in code for `fromAsync`: with `await`)',
        )
      if (result !== 'done') return
      // A lost race (409) comes back as an event; what is gone already, or there already, is as it was wanted.
      const lost = session
        .unseen()
        .find((one) => one.code !== 409 && !(one.code === 404 && /^(delete|evict) /.test(one.what)))
      if (lost !== undefined)
        tell(
          `lost ${lost.reason}`,
          `${lost.what} was refused (${lost.code} ${lost.reason}), and its reconcile of ${key} returned without looking at the answer`,
          'a refusal is an answer: look at `answer.ok`, and throw or return { retry: reason } to be run again',
        )
    },
    failed(key, session, error) {
      if (error instanceof InvariantError) return
      const fault = faultOf(error)
      if (fault?.kind === 'bug' || fault?.kind === 'misuse') {
        tell(
          placed(error),
          `its reconcile of ${key}${fault.kind === 'bug' ? ' threw' : ':'} ${placed(error)}`,
          'the key is tried again with the back-off of the rate limiter',
        )
        return
      }
      if (fault?.kind === 'escape') {
        tell(
          placed(error),
          `its reconcile of ${key} left the simulation: ${placed(error)}`,
          'a run is the same each time only if nothing comes from outside',
        )
        return
      }
      if (session.excused) return
      const times = (failures.get(key) ?? 0) + 1
      failures.set(key, times)
      if (times === patience)
        tell(
          placed(error),
          `its reconcile of ${key} failed ${patience} times in a row, with nothing outside to blame: ${placed(error)}`,
          'an error that a retry cannot mend belongs into the status of the object',
        )
    },
    stuck() {
      tell(
        'stuck',
        `its code never came back${last === undefined ? '' : ` from the reconcile of ${last}`}: a loop without an end that asks for nothing`,
        'the code between two requests is one instant; waiting is returning { requeueAfter: second }',
      )
      halt()
    },
    took(what, owner, reconciles) {
      tell(
        `took ${owner}`,
        `${what} took what belongs to ${owner}: a selector alone does not make an object its own`,
        `look at the controller in metadata.ownerReferences too: \`read.owned(kind, owner)\` gives what a ${reconciles} owns`,
      )
    },
    threw(what, error) {
      tell(what, `its ${what} threw ${placed(error)}`, 'the event queues what it would have queued without it')
    },
  }
}
