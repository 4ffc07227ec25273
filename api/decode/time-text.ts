export type TimeResult = { readonly ok: true; readonly text: string } | { readonly ok: false; readonly message: string }

const layouts = { seconds: '2006-01-02T15:04:05Z07:00', micros: '2006-01-02T15:04:05.000000Z07:00' } as const

/** Layout elements in order, each with what it matches. */
const elements: readonly (readonly [element: string, pattern: RegExp])[] = [
  ['2006', /^\d{4}/],
  ['-', /^-/],
  ['01', /^\d{2}/],
  ['-', /^-/],
  ['02', /^\d{2}/],
  ['T', /^T/],
  ['15', /^\d{2}/],
  [':', /^:/],
  ['04', /^\d{2}/],
  [':', /^:/],
  ['05', /^\d{2}/],
]

const daysIn = (year: number, month: number): number =>
  month === 2
    ? year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0)
      ? 29
      : 28
    : [4, 6, 9, 11].includes(month)
      ? 30
      : 31

/**
 * Mirrors metav1.Time and MicroTime UnmarshalJSON: time.Parse with RFC3339 (a fraction is taken and dropped) or RFC3339Micro
 * (exactly six digits), then written in UTC.
 */
export const canonicalTime = (text: string, micro: boolean): TimeResult => {
  const layout = micro ? layouts.micros : layouts.seconds
  const fail = (rest: string, element: string): TimeResult => ({
    ok: false,
    message: `parsing time ${JSON.stringify(text)} as "${layout}": cannot parse ${JSON.stringify(rest)} as "${element}"`,
  })
  const outside = (what: string): TimeResult => ({
    ok: false,
    message: `parsing time ${JSON.stringify(text)}: ${what} out of range`,
  })
  let rest = text
  const numbers: number[] = []
  for (const [element, pattern] of elements) {
    const found = pattern.exec(rest)?.[0]
    if (found === undefined) return fail(rest, element)
    rest = rest.slice(found.length)
    if (element.length > 1) numbers.push(Number(found))
  }
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0] = numbers
  if (month < 1 || month > 12) return outside('month')
  if (hour > 23) return outside('hour')
  if (minute > 59) return outside('minute')
  if (second > 59) return outside('second')
  const fraction = /^[.,](\d+)/.exec(rest)
  if (micro && fraction?.[1]?.length !== 6) return fail(rest, '.000000')
  if (fraction !== null) rest = rest.slice(fraction[0].length)
  const zone = /^(?:Z|([+-])(\d\d):(\d\d))/.exec(rest)
  if (zone === null) return fail(rest, 'Z07:00')
  if (rest.length > zone[0].length) {
    return {
      ok: false,
      message: `parsing time ${JSON.stringify(text)}: extra text: ${JSON.stringify(rest.slice(zone[0].length))}`,
    }
  }
  if (day < 1 || day > daysIn(year, month)) return outside('day')
  const offset = zone[1] === undefined ? 0 : (zone[1] === '-' ? -1 : 1) * (Number(zone[2]) * 60 + Number(zone[3]))
  // Date.UTC reads years below 100 as 19xx; such times are kept as they are.
  const seconds =
    offset === 0 || year < 100
      ? text.slice(0, 19)
      : new Date(Date.UTC(year, month - 1, day, hour, minute - offset, second)).toISOString().slice(0, 19)
  return { ok: true, text: micro ? `${seconds}.${fraction?.[1] ?? '000000'}Z` : `${seconds}Z` }
}
