import { strategies, type Strategy } from '../runtime/explore/strategy.ts'
import { UsageError } from './usage-error.ts'

/** `--strategy pct`; */
export const readStrategy = (text: string | undefined): Strategy | undefined => {
  const found = strategies.find((one) => one === text)
  if (text !== undefined && found === undefined)
    throw new UsageError(
      `there is no strategy ${text}`,
      `there are ${strategies.join(', ')}; without --strategy each run has one of them`,
    )
  return found
}
