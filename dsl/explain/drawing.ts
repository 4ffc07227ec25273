import type { Drawing } from './explanation.ts'

/** Columns of a window: from t0 to its end. */
const width = 24
const on = (count: number): string => '━'.repeat(count)
const off = (count: number): string => '·'.repeat(count)

type Row = Drawing['rows'][number]
const row = (label: string, line: string, note = ''): Row => ({ label, line, note })
const from = { at: 0, label: 't0' } as const
const until = (label: string, at: number = width): { readonly at: number; readonly label: string } => ({ at, label })
const scope = [{ at: 0, label: 'here' }, until('end of { }', 32)] as const

/** One picture a form: how it holds, and how it fails. `━` true, `·` false, `▶` the script goes on, `✗` it fails. */
export const drawings = {
  now: (p: string): Drawing => ({
    instants: [from],
    rows: [row(p, `${on(1)}▶`, 'holds: no time passes'), row(p, `${off(1)}✗`, 'fails at once')],
  }),
  within: (p: string, limit: string): Drawing => ({
    instants: [from, until(`t0+${limit}`)],
    rows: [
      row(p, `${off(9)}${on(1)}▶`, 'holds at the first true state'),
      row(p, `${off(width)}✗`, `fails at t0+${limit}`),
    ],
  }),
  for: (p: string, length: string): Drawing => ({
    instants: [from, until(`t0+${length}`)],
    rows: [row(p, `${on(width)}▶`, `holds at t0+${length}`), row(p, `${on(10)}✗`, 'fails at the first false state')],
  }),
  withinFor: (p: string, limit: string, length: string): Drawing => ({
    instants: [from, until(`t0+${limit}`, 12)],
    rows: [
      row(p, `${off(2)}${on(3)}${off(3)}${on(16)}▶`, `holds: a stretch of ${length} that begins in time`),
      row(p, `${off(2)}${on(3)}${off(3)}${on(6)}✗`, 'fails: no stretch is left that could be long enough'),
    ],
  }),
  until: (p: string, q: string, limit: string): Drawing => ({
    instants: [from, until(`t0+${limit}`)],
    rows: [
      row(p, on(12)),
      row(q, `${off(12)}${on(1)}▶`, `holds: ${p} all the way to ${q}`),
      row(p, `${on(6)}${off(6)}`),
      row(q, `${off(6)}✗`, `fails: neither ${p} nor ${q}`),
    ],
  }),
  eventually: (p: string): Drawing => ({
    instants: [from, until('settled')],
    rows: [
      row(p, `${off(14)}${on(1)}▶`, 'holds at the first true state'),
      row(p, `${off(width)}✗`, 'fails as soon as the cluster is settled'),
    ],
  }),
  before: (p: string, q: string, limit: string): Drawing => ({
    instants: [from, until(`t0+${limit}`)],
    rows: [
      row(p, `${off(8)}${on(1)}▶`, `holds: ${p} comes first`),
      row(q, `${off(14)}${on(4)}`),
      row(q, `${off(5)}✗`, `fails: ${q} comes first`),
    ],
  }),
  sequence: (letters: readonly string[], limit: string): Drawing => ({
    instants: [from, until(`t0+${limit}`)],
    rows: [
      ...letters.map((letter, index) => {
        const last = index === letters.length - 1
        return row(
          letter,
          `${off(4 + 4 * index)}${on(1)}${last ? '▶' : ''}`,
          last ? 'holds when the last one has come' : '',
        )
      }),
      row(letters.at(-1) ?? '', `${off(width)}✗`, `fails at t0+${limit}`),
    ],
  }),
  chain: (words: readonly string[], limit: string | undefined, fromNow: boolean): Drawing => {
    const line = words.map((word) => (word === '...' ? ' … ' : `${word}${on(2)}`)).join('')
    const start = fromNow ? 't0' : 'its creation'
    return {
      instants: [{ at: 0, label: start }],
      rows: [
        row('', `${line}▶`, 'holds when the last one is reached'),
        ...(limit === undefined ? [] : [row('', `${on(1)}${off(6)}✗`, `fails at t0+${limit}`)]),
      ],
    }
  },
  always: (p: string): Drawing => ({
    instants: scope,
    rows: [row(p, on(32), 'holds'), row(p, `${on(14)}✗`, 'fails at the first false state')],
  }),
  alwaysWithin: (p: string, limit: string): Drawing => ({
    instants: scope,
    rows: [
      row(p, `${on(8)}${off(3)}${on(9)}${off(2)}${on(10)}`, `holds: every gap is shorter than ${limit}`),
      row(p, `${on(8)}${off(10)}✗`, `fails ${limit} after a gap began`),
    ],
  }),
  never: (p: string): Drawing => ({
    instants: scope,
    rows: [row(p, off(32), 'holds'), row(p, `${off(14)}✗`, 'fails at the first true state')],
  }),
  neverFor: (p: string, length: string): Drawing => ({
    instants: scope,
    rows: [
      row(p, `${off(8)}${on(3)}${off(9)}${on(2)}${off(10)}`, `holds: no stretch lasts ${length}`),
      row(p, `${off(8)}${on(10)}✗`, `fails ${length} after it began`),
    ],
  }),
  wheneverWithin: (a: string, b: string, limit: string): Drawing => ({
    instants: scope,
    rows: [
      row(a, `${off(4)}${on(10)}${off(6)}${on(6)}${off(6)}`),
      row(b, `${off(8)}${on(3)}${off(11)}${on(4)}${off(6)}`, `holds: ${b} within ${limit} of each start of ${a}`),
      row(b, `${off(12)}✗`, `fails ${limit} after ${a} turned true`),
    ],
  }),
  wheneverFor: (a: string, b: string, length: string): Drawing => ({
    instants: scope,
    rows: [
      row(a, `${off(6)}${on(4)}${off(22)}`),
      row(b, `${off(4)}${on(18)}${off(10)}`, `holds: ${b} for ${length} from each start of ${a}`),
      row(b, `${off(4)}${on(8)}✗`, `fails at the first state without ${b}`),
    ],
  }),
  sometimes: (p: string): Drawing => ({
    instants: [{ at: 0, label: 'here' }],
    rows: [
      row('run 1', off(20)),
      row('run 2', `${off(11)}${on(4)}${off(5)}`, `holds: one run reached ${p}`),
      row('run 3', off(20)),
    ],
  }),
  /** Something that takes no time. */
  instant: (): Drawing => ({ instants: [from], rows: [row('script', '▶', 'no time passes')] }),
  rounds: (note: string): Drawing => ({
    instants: [from],
    rows: [
      row('block', `▌${'─'.repeat(6)}▌${'─'.repeat(6)}▌${'─'.repeat(6)}`, note),
      row('script', `${' '.repeat(21)}▶`),
    ],
  }),
  fault: (end: string | undefined): Drawing => ({
    instants: [from, until(end ?? 'heal, or the end')],
    rows: [row('fault', `${on(width)}${off(6)}`), row('script', '▶', 'goes on at once')],
  }),
  healed: (): Drawing => ({
    instants: [until('t0', 12)],
    rows: [row('fault', `${on(12)}${off(12)}`), row('script', `${' '.repeat(12)}▶`, 'goes on at once')],
  }),
  /** The clock moves to an instant or by a length. */
  sleep: (label: string): Drawing => ({
    instants: [{ at: 0, label: 'here' }, until(label)],
    rows: [row('script', `${' '.repeat(width)}▶`, 'sleeps; the cluster goes on')],
  }),
  settle: (limit: string): Drawing => ({
    instants: [from, until('settled', 14), until(`t0+${limit}`, 26)],
    rows: [
      row('work', `${on(14)}${off(12)}`),
      row('script', `${' '.repeat(14)}▶`, 'goes on when only housekeeping is left'),
      row('work', `${on(26)}✗`, 'fails, and names the timers that are pending'),
    ],
  }),
  every: (interval: string, length: string | undefined): Drawing => ({
    instants: [from, until(`+${interval}`, 8), ...(length === undefined ? [] : [until(`t0+${length}`, 30)])],
    rows: [
      row(
        'block',
        length === undefined ? '▌       ▌       ▌       ▌ …' : '▌       ▌       ▌       ▌     )',
        'one run of the block each',
      ),
    ],
  }),
  tracks: (names: readonly string[], waits: boolean): Drawing => ({
    instants: [{ at: 0, label: 'here' }],
    rows: [
      row('script', waits ? `${' '.repeat(18)}▶` : '▶', waits ? 'goes on when all are through' : 'goes on at once'),
      ...names.map((name, index) => row(name, `▌${'─'.repeat(waits ? 9 + 4 * (index % 3) : 20)}`, '')),
    ],
  }),
} as const
