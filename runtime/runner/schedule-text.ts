import { durationText } from '../expect/text-of.ts'
import type { Micros } from '../kernel/micros.ts'
import { canonicalSchedule, type Disturbance, type Schedule } from './schedule.ts'

/** The arguments of `@schedule(…)`. */
export const scheduleTexts = (schedule: Schedule): readonly string[] => [
  ...(schedule.drawn ? ['interleaving'] : []),
  ...(schedule.jitter ? ['latency'] : []),
  ...schedule.disturbances.map(disturbanceText),
]

export const disturbanceText = (one: Disturbance): string => {
  switch (one.kind) {
    case 'slow':
      return `slow ${one.actor} by ${durationText(one.by)}`
    case 'hold':
      return `hold ${one.actor} at ${durationText(one.at)} for ${durationText(one.for)}`
    case 'stale-cache':
    case 'drop-watch':
      return `${one.kind} ${one.process} at ${durationText(one.at)} for ${durationText(one.for)}`
    case 'refuse':
      return `refuse ${one.process} write ${one.write}`
    case 'crash':
      return `crash ${one.process} after write ${one.write} for ${durationText(one.for)}`
  }
}

const units: Readonly<Record<string, number>> = { ms: 1000, s: 1_000_000, m: 60_000_000, h: 3_600_000_000 }

/** Microseconds of `1m1.2s`. */
const micros = (text: string): Micros => {
  let total = 0
  for (const [, number, unit] of text.matchAll(/([0-9.]+)(ms|s|m|h)/g)) total += Number(number) * units[unit!]!
  return Math.round(total)
}

const duration = String.raw`((?:[0-9]+(?:\.[0-9]+)?(?:ms|s|m|h))+)`
const name = String.raw`(\S+)`
const forms: readonly (readonly [RegExp, (found: RegExpExecArray) => Disturbance])[] = [
  [new RegExp(`^slow ${name} by ${duration}$`), (f) => ({ kind: 'slow', actor: f[1]!, by: micros(f[2]!) })],
  [
    new RegExp(`^hold ${name} at ${duration} for ${duration}$`),
    (f) => ({ kind: 'hold', actor: f[1]!, at: micros(f[2]!), for: micros(f[3]!) }),
  ],
  [new RegExp(`^refuse ${name} write ([0-9]+)$`), (f) => ({ kind: 'refuse', process: f[1]!, write: Number(f[2]) })],
  [
    new RegExp(`^stale-cache ${name} at ${duration} for ${duration}$`),
    (f) => ({ kind: 'stale-cache', process: f[1]!, at: micros(f[2]!), for: micros(f[3]!) }),
  ],
  [
    new RegExp(`^drop-watch ${name} at ${duration} for ${duration}$`),
    (f) => ({ kind: 'drop-watch', process: f[1]!, at: micros(f[2]!), for: micros(f[3]!) }),
  ],
  [
    new RegExp(`^crash ${name} after write ([0-9]+) for ${duration}$`),
    (f) => ({ kind: 'crash', process: f[1]!, write: Number(f[2]), for: micros(f[3]!) }),
  ],
]

/** What `@schedule(…)` says, or the argument that says nothing. */
export const parseSchedule = (args: readonly string[]): Schedule | { readonly unknown: string } => {
  let schedule = canonicalSchedule
  for (const arg of args) {
    if (arg === 'interleaving') schedule = { ...schedule, drawn: true }
    else if (arg === 'latency') schedule = { ...schedule, jitter: true }
    else {
      const form = forms.find(([pattern]) => pattern.test(arg))
      if (form === undefined) return { unknown: arg }
      schedule = { ...schedule, disturbances: [...schedule.disturbances, form[1](form[0].exec(arg)!)] }
    }
  }
  return schedule
}
