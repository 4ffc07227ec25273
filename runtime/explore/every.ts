import { canonicalText } from '../../api/quantity/canonical-quantity.ts'
import { milliValue } from '../../api/quantity/quantity-values.ts'
import type { Literal } from '../../dsl/plan/expression.ts'

/** All values of something, small ones first; each is made when it is asked for. */
export interface Every<A> {
  readonly size: number
  at(index: number): A
}

/** Without `**`, which rounds differently from machine to machine; beyond 2^53 it only has to be large. */
const power = (base: number, exponent: number): number => {
  let result = 1
  for (let turn = 0; turn < exponent; turn += 1) result *= base
  return result
}
export const powerOfTwo = (exponent: number): number => power(2, exponent)

export const mapped = <A, B>(every: Every<A>, to: (value: A) => B): Every<B> => ({
  size: every.size,
  at: (index) => to(every.at(index)),
})

/** All sequences of so many. */
const sequences = <A>(of: Every<A>, length: number): Every<readonly A[]> => ({
  size: power(of.size, length),
  at(index) {
    const items: A[] = []
    for (let place = 0, rest = index; place < length; place += 1, rest = Math.floor(rest / of.size))
      items.push(of.at(rest % of.size))
    return items
  },
})

/** All sequences of up to so many, the short ones first. */
export const sequencesUpTo = <A>(of: Every<A>, max: number): Every<readonly A[]> => {
  const byLength = Array.from({ length: max + 1 }, (_, length) => sequences(of, length))
  return {
    size: byLength.reduce((sum, one) => sum + one.size, 0),
    at(index) {
      let rest = index
      for (const one of byLength) {
        if (rest < one.size) return one.at(rest)
        rest -= one.size
      }
      return []
    },
  }
}

export const among = <A>(values: readonly A[]): Every<A> => ({ size: values.length, at: (index) => values[index]! })

/** Whole numbers are all taken; of durations and quantities, which have no next one, both ends. */
export const everyBetween = (from: Literal, to: Literal): Every<Literal> => {
  if (from.type === 'int' && to.type === 'int')
    return {
      size: Math.max(0, to.value - from.value + 1),
      at: (index) => ({ type: 'int', value: from.value + index }),
    }
  if (from.type === 'quantity' && to.type === 'quantity') {
    const ends = [...new Set([milliValue(from.text), milliValue(to.text)])]
    return among(ends.map((milli): Literal => ({ type: 'quantity', text: canonicalText(`${milli}m`) })))
  }
  const same = 'micros' in from && 'micros' in to && from.micros === to.micros
  return among(same ? [from] : [from, to])
}
