import { canonicalText } from '../../api/quantity/canonical-quantity.ts'
import { milliValue } from '../../api/quantity/quantity-values.ts'
import type { Literal } from '../../dsl/plan/expression.ts'
import type { Random } from '../kernel/random.ts'

/** A draw is among at most so many; wider ranges are drawn in coarser steps. */
const finest = 4_000_000_000

const numberBetween = (from: number, to: number, random: Random): number => {
  // Bugs live at the ends: one draw in four takes one of them.
  const edge = random.below(8)
  if (edge === 0) return from
  if (edge === 1) return to
  const step = Math.ceil((to - from + 1) / finest)
  return from + step * random.below(Math.floor((to - from) / step) + 1)
}

/** Durations that read well: whole tenths of a second where the range has room for them. */
const grain = (from: number, to: number): number =>
  [1_000_000, 100_000, 10_000, 1000].find((one) => to - from >= one * 10 && from % one === 0) ?? 1

/** A value of a range, both ends included. */
export const drawBetween = (from: Literal, to: Literal, random: Random): Literal => {
  if (from.type === 'duration' && to.type === 'duration') {
    const step = grain(from.micros, to.micros)
    const steps = numberBetween(0, Math.floor((to.micros - from.micros) / step), random)
    return { type: 'duration', micros: from.micros + steps * step }
  }
  if (from.type === 'quantity' && to.type === 'quantity') {
    const milli = numberBetween(milliValue(from.text), milliValue(to.text), random)
    return { type: 'quantity', text: canonicalText(`${milli}m`) }
  }
  if ('value' in from && 'value' in to && typeof from.value === 'number' && typeof to.value === 'number')
    return { type: 'int', value: numberBetween(from.value, to.value, random) }
  return from
}
