import { fail, type Duration, type Failure } from './values.ts'

const units: Readonly<Record<string, bigint>> = {
  ns: 1n,
  us: 1_000n,
  µs: 1_000n,
  μs: 1_000n,
  ms: 1_000_000n,
  s: 1_000_000_000n,
  m: 60_000_000_000n,
  h: 3_600_000_000_000n,
  d: 86_400_000_000_000n,
  w: 604_800_000_000_000n,
}

/** Go's durations, and the days and weeks of the `duration` format. */
export const parseDurationText = (text: string): Duration | Failure => {
  const wrong = fail(`invalid duration ${JSON.stringify(text)}`)
  const sign = text.startsWith('-') ? -1n : 1n
  const body = text.replace(/^[+-]/, '')
  if (body === '0') return { kind: 'duration', nanos: 0n }
  if (!/^(?:(?:\d+(?:\.\d*)?|\.\d+)(?:ns|us|µs|μs|ms|s|m|h|d|w))+$/.test(body)) return wrong
  let nanos = 0n
  for (const [, whole, fraction, unit] of body.matchAll(/(\d*)(?:\.(\d*))?(ns|us|µs|μs|ms|s|m|h|d|w)/g)) {
    const size = units[unit!]!
    nanos += BigInt(whole === '' ? '0' : whole!) * size
    if (fraction !== undefined && fraction !== '') {
      let scale = 1n
      for (let index = 0; index < fraction.length; index += 1) scale *= 10n
      nanos += (BigInt(fraction) * size) / scale
    }
  }
  if (nanos > 9_223_372_036_854_775_807n) return wrong
  return { kind: 'duration', nanos: sign * nanos }
}

/** `string(duration)`: seconds, as in protobuf's JSON. */
export const durationText = ({ nanos }: Duration): string => {
  const absolute = nanos < 0n ? -nanos : nanos
  const fraction = String(absolute % 1_000_000_000n)
    .padStart(9, '0')
    .replace(/0+$/, '')
  return `${nanos < 0n ? '-' : ''}${absolute / 1_000_000_000n}${fraction === '' ? '' : `.${fraction}`}s`
}
