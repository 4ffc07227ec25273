import type { CreateFuzzer } from '../fuzzer.ts'
import type { Random } from '../random.ts'
import { runSteps } from './run.ts'

const keys = ['a', 'b', 'c', 'd']
const watchers = ['w1', 'w2', 'w3']
const ends = ['etcd/0', 'etcd/1', 'etcd/2', 'apiserver/0', 'apiserver/1']

const stepOf = (random: Random): string => {
  switch (random.below(20)) {
    case 0:
    case 1:
    case 2:
    case 3:
    case 4:
      return `put ${random.below(2)} ${random.pick(keys)} ${random.pick(['a', 'b'])}`
    case 5:
      return `delete ${random.below(2)} ${random.pick(keys)}`
    case 6:
      return `both ${random.pick(keys)} ${random.pick(keys)}`
    case 7:
      return `crash ${random.below(3)}`
    case 8:
    case 9:
      return `start ${random.below(3)}`
    case 10:
      return `cut ${random.pick(ends)} ${random.pick(ends)}`
    case 11:
    case 12:
      return 'heal'
    case 13:
      return random.oneIn(2) ? `compact ${random.below(3)}` : `lag ${random.below(3)} ${random.below(3000)}`
    case 14:
      return random.oneIn(2) ? `crash s${random.below(2)}` : `close ${random.pick(watchers)}`
    case 15:
      return `start s${random.below(2)}`
    case 16:
    case 17:
      return `wait ${random.pick([1, 5, 50, 1500, 4000])}`
    default:
      return `watch ${random.below(2)} ${random.pick(watchers)}${random.oneIn(2) ? '' : ` ${random.pick(['a', 'b'])}`}`
  }
}

/** Crashes, partitions, slow members and compaction under watchers: what they hear keeps every guarantee of a watch. */
export const createEtcdFuzzer: CreateFuzzer = (_corpus, planted) => ({
  input(random) {
    const steps = ['watch 0 w1', 'watch 1 w2', 'watch 1 w3 a']
    const count = 20 + random.below(60)
    for (let index = 0; index < count; index += 1) steps.push(stepOf(random))
    return steps.join('\n')
  },
  check: (input) => runSteps(input.split('\n'), planted),
})
