import { parseGoDuration } from '../api/durations/go-duration.ts'
import { UsageError } from './usage-error.ts'

/** `30s`, `t=1m30s` in virtual microseconds. */
export const parseInstant = (text: string, where: string): number => {
  const parsed = parseGoDuration(text.replace(/^t=/, ''))
  if ('error' in parsed || parsed.nanos < 0n)
    throw new UsageError(`${where}: ${JSON.stringify(text)} is no instant`, 'write it as 30s, 1m30s or t=4.2s')
  return Number(parsed.nanos / 1000n)
}
