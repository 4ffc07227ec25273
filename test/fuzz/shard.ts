import type { Fuzzer } from './fuzzer.ts'
import { judge } from './judge.ts'
import { createRandom } from './random.ts'
import { shrink, type Finding } from './shrink.ts'

export interface Shard {
  readonly seed: number
  /** The first input's number, the number behind the last, and the step between two. */
  readonly from: number
  readonly to: number
  readonly step: number
}

/** Findings of one kind with one first line are one finding; a few are enough to begin with. */
const most = 5

/** Judges a share of the inputs. `tell` hears the number of the input before it is judged. */
export const runShard = (fuzzer: Fuzzer, shard: Shard, tell: (index: number) => void): readonly Finding[] => {
  const found = new Map<string, Finding>()
  for (let index = shard.from; index < shard.to && found.size < most; index += shard.step) {
    tell(index)
    const input = fuzzer.input(createRandom(shard.seed, index))
    const problem = judge(fuzzer, input)
    if (problem === undefined) continue
    const small = shrink(fuzzer, { index, input, problem })
    const key = `${small.problem.kind} ${small.problem.detail.split('\n').slice(0, 2).join(' ')}`
    if (!found.has(key)) found.set(key, small)
  }
  return [...found.values()]
}
