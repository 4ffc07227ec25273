import type { RequestNote } from '../record/request-note.ts'
import { millisecond, type Micros } from '../kernel/micros.ts'
import type { Record } from '../record/record.ts'
import { isWrite, processOf } from '../runner/disturb.ts'

export interface Write {
  readonly process: string
  /** Counted a process, from 1. */
  readonly write: number
  readonly at: Micros
  /** `create pods`: writes of one process that say the same are likely to fail alike. */
  readonly what: string
}

/** What an undisturbed run teaches about where one could be disturbed. */
export interface Reference {
  /** Actors that did something after the cluster had booted, sorted. */
  readonly actors: readonly string[]
  /** Every write of a process: where it could have died, or could have stopped hearing what comes of it. */
  readonly writes: readonly Write[]
  /** When one of those actors did something, each instant once, in order: what a hold can put off. */
  readonly moments: readonly { readonly actor: string; readonly at: Micros }[]
  readonly duration: number
}

/** Hears for all controllers in it. */
const controllerManager = 'kube-controller-manager'
const outside = /^(script|judge|faults|probe)/

export const learnReference = (record: Record): Reference => {
  const { timeline } = record
  const actors = new Set<string>()
  const moments: { actor: string; at: Micros }[] = []
  const latest = new Map<string, Micros>()
  const counts = new Map<string, number>()
  const writes: Write[] = []
  const act = (actor: string, time: Micros): void => {
    actors.add(actor)
    // Whole milliseconds, which a schedule can say.
    const at = time - (time % millisecond)
    if (latest.get(actor) !== at) moments.push({ actor, at })
    latest.set(actor, at)
  }
  for (let entry = 0; entry < timeline.length; entry += 1) {
    const booting = timeline.time(entry) < 0
    const actor = timeline.actor(entry)
    if (!booting && !outside.test(actor)) act(actor, timeline.time(entry))
    // Who watches hears of each commit at once, unless he is held up.
    if (!booting && timeline.kind(entry) === 'revision') act(controllerManager, timeline.time(entry))
    if (timeline.kind(entry) !== 'request') continue
    const note = timeline.data(entry) as RequestNote
    const process = processOf(note)
    if (booting || process === undefined || !isWrite(note)) continue
    const write = (counts.get(process) ?? 0) + 1
    counts.set(process, write)
    const { verb, resource, subresource } = note
    const what = `${verb} ${resource}${subresource === undefined ? '' : `/${subresource}`}`
    writes.push({ process, write, at: timeline.time(entry), what })
  }
  return { actors: [...actors].sort(), writes, moments, duration: record.duration }
}
