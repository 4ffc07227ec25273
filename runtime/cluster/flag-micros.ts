import { parseGoDuration } from '../../api/durations/go-duration.ts'
import type { Micros } from '../kernel/micros.ts'

/** A flag's time; undefined where it is not given. Its text has been checked with the scenario. */
export const microsOfFlag = (text: string | undefined): Micros | undefined => {
  if (text === undefined) return undefined
  const parsed = parseGoDuration(text)
  return 'error' in parsed ? undefined : Number(parsed.nanos / 1000n)
}
