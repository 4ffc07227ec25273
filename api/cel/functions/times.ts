import { define, type Overload } from '../overloads.ts'
import { fail, type Duration, type Timestamp, type Value } from '../values.ts'

/** Offset in seconds of `+02:00`; of a zone by name, of that zone at that time. */
const offsetOf = (zone: string, seconds: number): number | undefined => {
  if (zone === 'UTC' || zone === 'Z' || zone === '') return 0
  const fixed = /^([+-]?)(\d\d):(\d\d)$/.exec(zone)
  if (fixed !== null) return (fixed[1] === '-' ? -1 : 1) * (Number(fixed[2]) * 3600 + Number(fixed[3]) * 60)
  try {
    const parts = new Intl.DateTimeFormat('en-US', {
      timeZone: zone,
      hourCycle: 'h23',
      year: 'numeric',
      month: 'numeric',
      day: 'numeric',
      hour: 'numeric',
      minute: 'numeric',
      second: 'numeric',
    }).formatToParts(new Date(seconds * 1000))
    const part = (type: string): number => Number(parts.find((one) => one.type === type)!.value)
    return (
      Date.UTC(part('year'), part('month') - 1, part('day'), part('hour'), part('minute'), part('second')) / 1000 -
      seconds
    )
  } catch {
    return undefined
  }
}

const floorDivide = (value: bigint, by: bigint): bigint => (value % by < 0n ? value / by - 1n : value / by)

const day = 86_400_000
const fields: Readonly<Record<string, (date: Date, nanos: bigint) => number>> = {
  getFullYear: (date) => date.getUTCFullYear(),
  getMonth: (date) => date.getUTCMonth(),
  getDate: (date) => date.getUTCDate(),
  getDayOfMonth: (date) => date.getUTCDate() - 1,
  getDayOfWeek: (date) => date.getUTCDay(),
  getDayOfYear: (date) => Math.floor((date.getTime() - Date.UTC(date.getUTCFullYear(), 0, 1)) / day),
  getHours: (date) => date.getUTCHours(),
  getMinutes: (date) => date.getUTCMinutes(),
  getSeconds: (date) => date.getUTCSeconds(),
  getMilliseconds: (_, nanos) => Number((((nanos % 1_000_000_000n) + 1_000_000_000n) % 1_000_000_000n) / 1_000_000n),
}

const ofTime =
  (read: (date: Date, nanos: bigint) => number) =>
  (args: readonly Value[]): Value => {
    const { nanos } = args[0] as Timestamp
    const seconds = Number(floorDivide(nanos, 1_000_000_000n))
    const zone = (args[1] ?? 'UTC') as string
    const offset = offsetOf(zone, seconds)
    if (offset === undefined) return fail(`unknown time zone ${zone}`)
    return BigInt(read(new Date((seconds + offset) * 1000), nanos))
  }

const units: readonly (readonly [string, bigint])[] = [
  ['getHours', 3_600_000_000_000n],
  ['getMinutes', 60_000_000_000n],
  ['getSeconds', 1_000_000_000n],
  ['getMilliseconds', 1_000_000n],
]

export const times: readonly Overload[] = [
  ...Object.entries(fields).flatMap(([name, read]) => [
    define(`.${name}`, 'timestamp -> int', ofTime(read)),
    define(`.${name}`, 'timestamp, string -> int', ofTime(read)),
  ]),
  ...units.map(([name, unit]) => define(`.${name}`, 'duration -> int', ([a]) => (a as Duration).nanos / unit)),
]
