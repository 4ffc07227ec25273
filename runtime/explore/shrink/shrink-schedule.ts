import { millisecond } from '../../kernel/micros.ts'
import { canonicalSchedule, isCanonical, type Disturbance } from '../../runner/schedule.ts'
import { lower, minimize } from '../minimize.ts'
import type { Attempt } from './attempt.ts'

/** Whole tenths of a second read better than the last millisecond. */
const grain = 100 * millisecond

/** No disturbance at all, then fewer of them, then shorter and earlier ones. */
export const shrinkSchedule = (attempt: Attempt): void => {
  const { schedule } = attempt.now
  if (isCanonical(schedule) || attempt.take({ schedule: canonicalSchedule })) return
  if (schedule.drawn) attempt.take({ schedule: { ...attempt.now.schedule, drawn: false } })
  if (schedule.jitter) attempt.take({ schedule: { ...attempt.now.schedule, jitter: false } })
  const withOnly = (disturbances: readonly Disturbance[]): boolean =>
    attempt.take({ schedule: { ...attempt.now.schedule, disturbances } })
  minimize(attempt.now.schedule.disturbances, withOnly)
  for (let index = 0; index < attempt.now.schedule.disturbances.length; index += 1) {
    const replaced = (one: Disturbance): boolean =>
      withOnly(attempt.now.schedule.disturbances.map((other, at) => (at === index ? one : other)))
    const current = (): Disturbance => attempt.now.schedule.disturbances[index]!
    const shorter = (micros: number, of: (length: number) => Disturbance): void => {
      lower(1, Math.ceil(micros / grain), (tenths) => tenths * grain < micros && replaced(of(tenths * grain)))
    }
    const one = current()
    if (one.kind === 'refuse') {
      lower(1, one.write, (write) => write < one.write && replaced({ ...one, write }))
      continue
    }
    if (one.kind === 'slow') shorter(one.by, (by) => ({ ...one, by }))
    else shorter(one.for, (length) => ({ ...one, for: length }))
    const shortened = current()
    if (shortened.kind === 'crash')
      lower(1, shortened.write, (write) => write < shortened.write && replaced({ ...shortened, write }))
    else if ('at' in shortened && shortened.at > 0 && !replaced({ ...shortened, at: 0 })) {
      // From the beginning it is another run; on a whole tenth of a second it is the same one, easier to read.
      const tenth = Math.floor(shortened.at / grain) * grain
      if (tenth < shortened.at) replaced({ ...shortened, at: tenth })
    }
  }
}
