import { fail, type Failure, type Timestamp } from './values.ts'

const pattern = /^(\d{4})-(\d\d)-(\d\d)[Tt](\d\d):(\d\d):(\d\d)(?:\.(\d{1,9})\d*)?([Zz]|[+-]\d\d:\d\d)$/
const billion = 1_000_000_000n

/** RFC 3339, or a date alone, as a time. */
export const parseTimeText = (text: string): Timestamp | Failure => {
  const full = /^\d{4}-\d\d-\d\d$/.test(text) ? `${text}T00:00:00Z` : text
  const found = pattern.exec(full)
  if (found === null) return fail(`invalid timestamp ${JSON.stringify(text)}`)
  const [, year, month, day, hour, minute, second, fraction, zone] = found
  const parts = [year, month, day, hour, minute, second].map(Number) as [number, number, number, number, number, number]
  const millis = Date.UTC(parts[0], parts[1] - 1, parts[2], parts[3], parts[4], parts[5])
  const back = new Date(millis)
  if (back.getUTCMonth() !== parts[1] - 1 || back.getUTCDate() !== parts[2])
    return fail(`invalid timestamp ${JSON.stringify(text)}`)
  const offset =
    zone === 'Z' || zone === 'z'
      ? 0
      : (zone![0] === '-' ? -1 : 1) * (Number(zone!.slice(1, 3)) * 3600 + Number(zone!.slice(4)) * 60)
  const nanos = BigInt((fraction ?? '').padEnd(9, '0'))
  return { kind: 'timestamp', nanos: BigInt(millis / 1000 - offset) * billion + nanos }
}

/** RFC 3339 with as many digits of a second as there are. */
export const timeText = (time: Timestamp): string => {
  let seconds = time.nanos / billion
  let rest = time.nanos % billion
  if (rest < 0n) {
    rest += billion
    seconds -= 1n
  }
  const text = new Date(Number(seconds) * 1000).toISOString().slice(0, 19)
  const fraction = rest === 0n ? '' : `.${String(rest).padStart(9, '0').replace(/0+$/, '')}`
  return `${text}${fraction}Z`
}
