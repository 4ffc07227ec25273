import type { Judge } from '../expect/judge.ts'
import type { Sequence } from '../expect/operators/sequence.ts'
import { instantText } from '../expect/text-of.ts'

/** How close a sentence came. */
export const nearMissOf = (judge: Judge): string | undefined => {
  const { operator } = judge
  if ('reached' in operator) {
    const { reached } = operator as Sequence
    return reached === 0 ? undefined : `${reached} of ${judge.last.length} came, in this order`
  }
  if (judge.lastTrue !== undefined) return `it was last true at ${instantText(judge.lastTrue)}`
  return undefined
}
