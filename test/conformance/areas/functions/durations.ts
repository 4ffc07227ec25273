import { goDurationText, parseGoDuration, roundGoDuration } from '../../../../api/durations/go-duration.ts'
import { humanDuration, shortHumanDuration } from '../../../../api/durations/human-duration.ts'
import type { Topic } from './topic.ts'

export const durations: Topic = {
  humanDuration: ({ ms }: { ms: number }) => ({
    human: humanDuration(ms),
    short: shortHumanDuration(ms),
    go: goDurationText(BigInt(ms) * 1_000_000n),
  }),
  parse: ({ Value }: { Value: string }) => {
    const result = parseGoDuration(Value)
    if ('error' in result) return result
    return {
      ns: String(result.nanos),
      string: goDurationText(result.nanos),
      rounded: goDurationText(roundGoDuration(result.nanos, 1_000_000_000n)),
    }
  },
}
