import type { CreateCluster } from '../cluster/cluster.ts'
import type { Micros } from '../kernel/micros.ts'
import { crashAtWrites, disturbWatches, refuseWrites } from './disturb.ts'

/**
 * What an explored run changes about when things happen, and nothing else: data that a shrunk scenario carries as
 * `@schedule("hold kube-scheduler at 1.2s for 300ms")`. Empty: the run as it always is.
 */
export interface Schedule {
  /** What happens in one instant happens in an order that chance draws. */
  readonly drawn: boolean
  /** Each way over the network takes up to so much longer. */
  readonly jitter: boolean
  readonly disturbances: readonly Disturbance[]
}

export type Disturbance =
  /** All that reaches the actor comes so much later. */
  | { readonly kind: 'slow'; readonly actor: string; readonly by: Micros }
  /** Nothing reaches the actor from `at` on for so long; then all of it does, in order. */
  | { readonly kind: 'hold'; readonly actor: string; readonly at: Micros; readonly for: Micros }
  /** The process dies in the instant in which its nth write is through, before it hears of it, and starts again. */
  | { readonly kind: 'crash'; readonly process: string; readonly write: number; readonly for: Micros }
  /** The process's nth write is refused, once: the server cannot serve just now. */
  | { readonly kind: 'refuse'; readonly process: string; readonly write: number }
  /** Its caches stand still from `at` on for so long; then they hear all that they missed, in order. */
  | { readonly kind: 'stale-cache'; readonly process: string; readonly at: Micros; readonly for: Micros }
  /** What its watches would have told in that time is lost; then they end, and it lists again. */
  | { readonly kind: 'drop-watch'; readonly process: string; readonly at: Micros; readonly for: Micros }

export const canonicalSchedule: Schedule = Object.freeze({ drawn: false, jitter: false, disturbances: [] })

export const isCanonical = (schedule: Schedule): boolean =>
  !schedule.drawn && !schedule.jitter && schedule.disturbances.length === 0

type Slow = Extract<Disturbance, { kind: 'slow' }>
type Hold = Extract<Disturbance, { kind: 'hold' }>

interface Delays {
  by: Micros
  readonly holds: Hold[]
}

/** The last instant that an event of the actor may be put to: each hold moves what falls into it to its end. */
const heldUpBy = (
  slow: readonly Slow[],
  holds: readonly Hold[],
): ((actor: { name: string }, time: Micros) => Micros) => {
  const delays = new Map<string, Delays>()
  const of = (actor: string): Delays => {
    let found = delays.get(actor)
    if (found === undefined) delays.set(actor, (found = { by: 0, holds: [] }))
    return found
  }
  for (const one of slow) of(one.actor).by += one.by
  for (const one of holds) of(one.actor).holds.push(one)
  for (const one of delays.values()) one.holds.sort((a, b) => a.at - b.at)
  return (actor, time) => {
    const found = delays.get(actor.name)
    // Booting is no part of the run.
    if (found === undefined || time < 0) return time
    let due = time + found.by
    for (const hold of found.holds) if (due >= hold.at && due < hold.at + hold.for) due = hold.at + hold.for
    return due
  }
}

/** The same clusters, in which things happen when the schedule says. */
export const scheduled = (createCluster: CreateCluster, schedule: Schedule): CreateCluster => {
  if (isCanonical(schedule)) return createCluster
  const { disturbances } = schedule
  const slow = disturbances.filter((one) => one.kind === 'slow')
  const holds = disturbances.filter((one) => one.kind === 'hold')
  const crashes = disturbances.filter((one) => one.kind === 'crash')
  const refused = disturbances.filter((one) => one.kind === 'refuse')
  const disturbed = disturbances.filter((one) => one.kind === 'stale-cache' || one.kind === 'drop-watch')
  return (spec, behaviors, options) => {
    const cluster = createCluster(schedule.jitter ? jittery(spec) : spec, behaviors, {
      ...options,
      ...(schedule.drawn ? { interleaving: 'drawn' as const } : {}),
      ...(slow.length + holds.length === 0 ? {} : { heldUp: heldUpBy(slow, holds) }),
    })
    if (crashes.length > 0) crashAtWrites(cluster, crashes)
    if (refused.length > 0) refuseWrites(cluster, refused)
    if (disturbed.length > 0) disturbWatches(cluster, disturbed)
    return cluster
  }
}

type Spec = Parameters<CreateCluster>[0]
/** A spec is the key of its booted cluster, so each has one noisy twin. */
const noisy = new WeakMap<Spec, Spec>()
const jittery = (spec: Spec): Spec => {
  let found = noisy.get(spec)
  if (found === undefined) noisy.set(spec, (found = Object.freeze({ ...spec, profile: 'noisy' as const })))
  return found
}
