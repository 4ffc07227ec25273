import type { Actor, Lane } from './actor.ts'
import { createChoices, type Choice, type Choices } from './choices.ts'
import { createEventHeap } from './event-heap.ts'
import { InvariantError } from './invariant-error.ts'
import type { Micros } from './micros.ts'
import type { Timer, TimerTag } from './timer.ts'

/** Virtual time, chance and the queue of what is to happen. One for each run; nothing in it is shared with another. */
export interface Kernel {
  readonly now: Micros
  /** Timeline entry that caused what runs now, or -1. Set it before scheduling the consequences of an entry just appended. */
  cause: number
  /** Registers an actor. Names are unique in a run; asking again for the same name gives the same actor. */
  actor(name: string, lane?: Lane): Actor
  /** Runs `run` at the instant `time` (not before now). */
  at(time: Micros, actor: Actor, run: () => void, timing?: Timing): Timer
  after(delay: Micros, actor: Actor, run: () => void, timing?: Timing): Timer
  cancel(timer: Timer | undefined): void
  /** What reaches the actor now is an event of its own: an explored run holds it up, or draws the order of what it hears. */
  isHeldUp(actor: Actor): boolean
  /** A number in 0 … n−1 from the stream of this label. The only source of chance. */
  choose(label: string, n: number): number
  /** Runs the next event, unless it lies after `until`. False: there was none. Time stands at the event. */
  step(until: Micros): boolean
  /** Moves time forward over nothing. */
  idleUntil(time: Micros): void
  /** Instant of the next event; undefined when nothing is pending. */
  nextAt(): Micros | undefined
  /** No actor of the cluster can run now, and all that is still to come from it is housekeeping. */
  readonly settled: boolean
  /** The cluster's pending progress timers, earliest first: what a cluster that has not settled waits for. */
  pending(): readonly Timer[]
  readonly eventCount: number
  /** Wall clock at t=0, in microseconds since 1970: object timestamps are epoch + now. */
  readonly epoch: Micros
  readonly choices: readonly Choice[]
}

export interface Timing {
  /** progress, unless given */
  readonly tag?: TimerTag
  readonly label?: string
}

export interface KernelOptions {
  readonly seed: string
  readonly replay?: readonly Choice[]
  /** Where the clock starts; the cluster boots before t=0. Default 0. */
  readonly startAt?: Micros
  /** Wall clock at t=0, microseconds since 1970. Default 0. */
  readonly epoch?: Micros
  /** Order of what happens in one instant: by actor and sequence (default), or drawn. */
  readonly interleaving?: 'stable' | 'drawn'
  /** When an event that is due at `time` really reaches its actor: an explored run holds actors up. Never before `time`. */
  readonly heldUp?: (actor: Actor, time: Micros) => Micros
}

const scriptOrder = 1_000_000_000

export const createKernel = (options: KernelOptions): Kernel => {
  const heap = createEventHeap()
  const actors = new Map<string, Actor>()
  const choices: Choices = createChoices(options.seed, options.replay)
  const drawn = options.interleaving === 'drawn'
  const { heldUp } = options
  let sequence = 0
  let clusterActors = 0
  let scriptActors = 0
  let progress = 0

  const progresses = (by: number): void => {
    progress += by
    kernel.settled = progress === 0
  }
  const counts = (timer: Timer): boolean => timer.tag === 'progress' && timer.order < scriptOrder

  /**
   * Takes one of the cluster events that are due at the top's instant, by chance; the others keep their places. Those of one
   * actor stay in their order: what it hears first it heard first.
   */
  const drawDue = (top: Timer): Timer => {
    if (top.order >= scriptOrder) return top
    const due = [top]
    for (
      let next = heap.peek();
      next !== undefined && next.at === top.at && next.order < scriptOrder;
      next = heap.peek()
    ) {
      due.push(heap.pop()!)
    }
    // They come sorted by actor, and by sequence in it.
    const firsts = due.flatMap((one, place) => (one.order === due[place - 1]?.order ? [] : [place]))
    const [chosen] = due.splice(firsts[choices.choose('interleaving', firsts.length)]!, 1)
    for (const rest of due) heap.push(rest)
    return chosen!
  }

  const dueAt = (actor: Actor, time: Micros): Micros =>
    heldUp === undefined || actor.order >= scriptOrder ? time : heldUp(actor, time)

  const at = (time: Micros, actor: Actor, run: () => void, timing?: Timing): Timer => {
    if (!Number.isSafeInteger(time) || time < kernel.now) {
      throw new InvariantError('kernel', 'an event must lie at a whole microsecond, not before now', {
        time,
        now: kernel.now,
        actor: actor.name,
      })
    }
    sequence += 1
    const timer: Timer = {
      at: dueAt(actor, time),
      order: actor.order,
      sequence,
      actor,
      tag: timing?.tag ?? 'progress',
      label: timing?.label ?? '',
      cause: kernel.cause,
      run,
    }
    if (counts(timer)) progresses(1)
    heap.push(timer)
    return timer
  }

  // Fields and no accessors: those of a literal would make the object that everybody asks a hash table.
  const kernel: { -readonly [K in keyof Kernel]: Kernel[K] } = {
    now: options.startAt ?? 0,
    cause: -1,
    settled: true,
    eventCount: 0,
    actor(name, lane = 'cluster') {
      const known = actors.get(name)
      if (known !== undefined) return known
      const order = lane === 'cluster' ? (clusterActors += 1) : scriptOrder + (scriptActors += 1)
      const actor: Actor = Object.freeze({ name, order })
      actors.set(name, actor)
      return actor
    },
    at,
    after: (delay, actor, run, timing) => at(kernel.now + delay, actor, run, timing),
    isHeldUp: (actor) =>
      dueAt(actor, kernel.now) > kernel.now || (drawn && kernel.now >= 0 && actor.order < scriptOrder),
    cancel(timer) {
      if (timer?.run === undefined) return
      timer.run = undefined
      if (counts(timer)) progresses(-1)
    },
    choose: (label, n) => choices.choose(label, n),
    step(until) {
      const top = heap.peek()
      if (top === undefined || top.at > until) return false
      heap.pop()
      const timer = drawn ? drawDue(top) : top
      const run = timer.run!
      timer.run = undefined
      if (counts(timer)) progresses(-1)
      kernel.now = timer.at
      kernel.cause = timer.cause
      kernel.eventCount += 1
      run()
      kernel.cause = -1
      return true
    },
    idleUntil(time) {
      const next = heap.peek()
      if (time < kernel.now || (next !== undefined && next.at < time)) {
        throw new InvariantError('kernel', 'time cannot jump over an event or backwards', {
          now: kernel.now,
          time,
          next: next?.at,
        })
      }
      kernel.now = time
    },
    nextAt: () => heap.peek()?.at,
    pending: () =>
      heap
        .all()
        .filter((timer) => timer.run !== undefined && counts(timer))
        .sort((a, b) => a.at - b.at || a.order - b.order || a.sequence - b.sequence),
    epoch: options.epoch ?? 0,
    choices: choices.recorded,
  }
  return kernel
}
