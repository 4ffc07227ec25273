import type { Inputs, PropertyPlan, Variation } from '../../dsl/plan/property.ts'
import { millisecond, second } from '../kernel/micros.ts'
import { canonicalSchedule, type Disturbance } from '../runner/schedule.ts'
import type { Course } from './case.ts'
import { sweptFaults } from './draw-schedule.ts'
import { everyInput } from './every-input.ts'
import type { Reference } from './reference-run.ts'

/** Long enough to come behind what follows at once, and behind everything short of a lease. */
const lengths = [100 * millisecond, 4 * second]

/** Every action of every actor put off: with enough of them at once, every schedule is one of these. */
const everyHold = ({ moments }: Reference): readonly Disturbance[] =>
  lengths.flatMap((length) => moments.map(({ actor, at }): Disturbance => ({ kind: 'hold', actor, at, for: length })))

/** What may be disturbed in a run that went as the reference did: faults before holds. */
const everyDisturbance = (varying: readonly Variation[], reference: Reference): readonly Disturbance[] => [
  ...(varying.includes('faults') ? sweptFaults(reference) : []),
  ...(varying.includes('interleaving') ? everyHold(reference) : []),
]

/** Pairs out of so many, in the order (0, 1), (0, 2), (1, 2), (0, 3) … */
const pairAt = (index: number): readonly [number, number] => {
  let second = 1
  let rest = index
  while (rest >= second) {
    rest -= second
    second += 1
  }
  return [rest, second]
}

interface Part {
  readonly inputs: number
  readonly begin: number
  readonly size: number
}

/**
 * Everything in a small scope, the simplest first: each combination of inputs undisturbed, then each with one disturbance at
 * every place of its own undisturbed run, then with two. What it finds first is among the smallest that there is.
 */
export const bounded = (
  property: PropertyPlan,
  {
    seed,
    runs,
    learn,
  }: { readonly seed: string; readonly runs: number; readonly learn: (inputs: Inputs) => Reference },
): Course => {
  const inputs = everyInput(property)
  const known = new Map<number, readonly Disturbance[]>()
  const disturbances = (index: number): readonly Disturbance[] => {
    let found = known.get(index)
    if (found === undefined) known.set(index, (found = everyDisturbance(property.varying, learn(inputs.at(index)))))
    return found
  }
  const undisturbed = Math.min(runs, inputs.size)
  const parts: { readonly single: Part[]; readonly double: Part[] } = { single: [], double: [] }
  /** Where each input's disturbances lie among the runs: learnt only as far as the runs go. */
  const layOut = (into: Part[], from: number, sizeOf: (count: number) => number): number => {
    let begin = from
    for (let index = 0; index < inputs.size && begin < runs; index += 1) {
      const size = sizeOf(disturbances(index).length)
      into.push({ inputs: index, begin, size })
      begin += size
    }
    return begin
  }
  const disturbed = property.varying.includes('faults') || property.varying.includes('interleaving')
  const single = disturbed && undisturbed < runs ? layOut(parts.single, undisturbed, (count) => count) : undisturbed
  const double =
    disturbed && single < runs ? layOut(parts.double, single, (count) => (count * (count - 1)) / 2) : single
  const total = Math.min(runs, double)

  const partOf = (among: readonly Part[], drawn: number): Part => {
    let low = 0
    let high = among.length - 1
    while (low < high) {
      const middle = Math.ceil((low + high) / 2)
      if (among[middle]!.begin <= drawn) low = middle
      else high = middle - 1
    }
    return among[low]!
  }
  const disturbancesOf = (drawn: number): readonly [number, readonly Disturbance[]] => {
    if (drawn < undisturbed) return [drawn, []]
    const part = partOf(drawn < single ? parts.single : parts.double, drawn)
    const all = disturbances(part.inputs)
    if (drawn < single) return [part.inputs, [all[drawn - part.begin]!]]
    const [first, second] = pairAt(drawn - part.begin)
    return [part.inputs, [all[first]!, all[second]!]]
  }
  const level = (what: string, made: number, { all, known: isKnown }: { all: number; known: boolean }): string =>
    made <= 0
      ? ''
      : `${isKnown ? (made >= all ? `all ${all}` : `${made} of ${all}`) : `the first ${made}`} with ${what}`
  const wholeInputs = (among: readonly Part[]): boolean => among.length === inputs.size

  return {
    total,
    caseOf(drawn) {
      const [index, chosen] = disturbancesOf(drawn)
      return {
        strategy: 'bounded',
        inputs: inputs.at(index),
        schedule: { ...canonicalSchedule, disturbances: chosen },
        seed,
      }
    },
    scope(made) {
      const told = [
        level('no disturbance', Math.min(made, undisturbed), { all: inputs.size, known: true }),
        level('one', Math.min(made, single) - undisturbed, {
          all: single - undisturbed,
          known: wholeInputs(parts.single),
        }),
        level('two', made - single, { all: double - single, known: wholeInputs(parts.double) }),
      ].filter((one) => one !== '')
      const some = inputs.size === 1 ? 'one combination of inputs' : `${inputs.size} combinations of inputs`
      return `${some}; ${told.join(', ')}`
    },
  }
}
