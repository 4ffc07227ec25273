import type { ScenarioPlan } from '../../../dsl/plan/plan.ts'
import type { Controller } from '../../../runtime/reconcile/controller.ts'
import { gapsOf } from './crash-gaps.ts'
import { undeclaredWrites } from './declared-kinds.ts'
import { difference } from './difference.ts'
import { patient } from './patient.ts'
import { observe, type WholeObservation } from './observe.ts'

export interface Subject {
  readonly scenario: ScenarioPlan
  readonly seen: WholeObservation
  readonly planted?: readonly Controller[]
}

/** Which of many runs are made: all of them, or one in so many. */
export type Sample = 'all' | { readonly pick: number }

export interface LawReport {
  /** How often the law was put to the test. */
  readonly tried: number
  /** What broke it. */
  readonly broken: readonly string[]
}

export interface Law {
  readonly name: string
  readonly sentence: string
  check(subject: Subject, sample: Sample): LawReport
}

/** So many orders of events are drawn for each scenario. */
const orders = 4

const chosen = <A>(all: readonly A[], sample: Sample): readonly A[] =>
  sample === 'all' || all.length === 0 ? all : [all[sample.pick % all.length]!]

const once = (broken: readonly string[]): LawReport => ({ tried: 1, broken })

/** Runs it otherwise, and says how the end differs. */
const otherwise = (subject: Subject, how: Parameters<typeof observe>[1], label: string): readonly string[] => {
  const { scenario, seen, planted } = subject
  const other = observe(patient(scenario), { ...how, ...(planted === undefined ? {} : { planted }) })
  const lines = difference(seen.final, other.final)
  return lines.length === 0 ? [] : [[label, ...lines].join('\n  ')]
}

export const laws: readonly Law[] = [
  {
    name: 'converges',
    sentence: 'left alone, the controllers come to rest',
    check: ({ seen }) => once(seen.unrest),
  },
  {
    name: 'idempotent',
    sentence: 'a second reconcile on unchanged state writes nothing',
    check: ({ seen }) => ({
      tried: 2,
      broken: [...seen.rewritten, ...seen.renewed.map((one) => `a new process: ${one}`)],
    }),
  },
  {
    name: 'declared',
    sentence: 'writes stay in the declared kinds',
    check: ({ seen, planted }) => once(undeclaredWrites(seen, planted)),
  },
  {
    name: 'order',
    sentence: 'the order of events does not matter for the final state',
    check(subject, sample) {
      const seeds = chosen(
        Array.from({ length: orders }, (_, index) => `order ${index}`),
        sample,
      )
      const broken = seeds.flatMap((seed) =>
        otherwise(subject, { seed, shuffled: true }, `in the order of seed "${seed}"`),
      )
      return { tried: seeds.length, broken }
    },
  },
  {
    name: 'crash',
    sentence: 'a crash before or after any write converges to the same final state',
    check(subject, sample) {
      const gaps = chosen(gapsOf(subject.seen), sample)
      const broken = gaps.flatMap((crash) => otherwise(subject, { crash }, `crash ${JSON.stringify(crash)}`))
      return { tried: gaps.length, broken }
    },
  },
]
