import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { reporters } from '../../../reporters/registry.ts'
import type { ReportContext } from '../../../reporters/reporter.ts'
import { createKernel } from '../../../runtime/kernel/kernel.ts'
import { createTimeline } from '../../../runtime/record/create-timeline.ts'
import type { Finding } from '../../../runtime/record/finding.ts'
import type { Record, Verdict } from '../../../runtime/record/record.ts'
import type { Timeline } from '../../../runtime/record/timeline.ts'
import { findingOf, recordOf } from '../../support/record-of.ts'

const hostile = [
  '<script>alert(1)</script>',
  '\u001b[31mred\u001b]0;title\u0007',
  '\u202egnp.exe',
  '](http://x) `a` |',
  '%0A::error::',
  '\n# SKIP',
  '\ud800',
  ']]>',
  '...\n---',
]
const text = fc.oneof(
  fc.constantFrom(...hostile),
  fc.string(),
  fc.string({ unit: 'binary' }),
  fc.constantFrom('pod/web-0', ''),
)
const micros = fc.integer({ min: -1, max: 10_000_000_000 })
const maybe = <A>(one: fc.Arbitrary<A>): fc.Arbitrary<A | undefined> => fc.option(one, { nil: undefined })
const verdicts: readonly Verdict[] = ['PASS', 'FAIL', 'ERROR', 'VACUOUS', 'SKIP', 'UNSUPPORTED']
const span = fc.record({ file: text, start: fc.nat(200), end: fc.nat(200) })
const row = fc.record({ what: text, expected: text, actual: text, path: text })

const finding: fc.Arbitrary<Finding> = fc.record({
  code: fc.constantFrom('F101', 'E201', 'W301'),
  severity: fc.constantFrom('fail' as const, 'error' as const, 'warning' as const),
  span,
  sentence: text,
  message: text,
  began: micros,
  at: micros,
  deadline: maybe(micros),
  comparisons: fc.array(
    fc.record({ subject: text, expected: text, actual: text, rows: fc.array(row, { maxLength: 2 }) }),
    { maxLength: 2 },
  ),
  difference: maybe(
    fc.record({
      subject: text,
      expected: fc.dictionary(text, text, { maxKeys: 2 }),
      actual: fc.dictionary(text, text, { maxKeys: 2 }),
      rows: fc.array(row, { maxLength: 2 }),
    }),
  ),
  nearMiss: maybe(text),
  lookAhead: maybe(
    fc.record({
      outcome: fc.constantFrom('became-true' as const, 'settled-false' as const, 'still-false' as const),
      at: micros,
    }),
  ),
  subjects: fc.array(fc.oneof(text, fc.constant('pods/default/web')), { maxLength: 3 }),
  why: fc.array(fc.record({ what: text, detail: text, entry: fc.constant(undefined), span: fc.constant(undefined) }), {
    maxLength: 3,
  }),
  help: fc.array(text, { maxLength: 2 }),
})

const timeline: fc.Arbitrary<Timeline> = fc
  .array(fc.tuple(fc.constantFrom('emission', 'step', 'hop', 'fault', 'truth'), text, text, text), { maxLength: 6 })
  .map((entries) => {
    const kernel = createKernel({ seed: 's' })
    const made = createTimeline(kernel)
    for (const [kind, actor, action, subject] of entries)
      made.append(
        kind,
        kernel.actor(actor, 'script'),
        action,
        subject,
        kind === 'emission'
          ? Object.freeze({ type: 'Normal', reason: action, message: subject, source: actor })
          : undefined,
      )
    return made
  })

const record: fc.Arbitrary<Record> = fc
  .record({
    title: text,
    row: text,
    span,
    tags: fc.array(text, { maxLength: 2 }),
    verdict: fc.constantFrom(...verdicts),
    note: maybe(text),
    seed: text,
    timeline,
    findings: fc.array(finding, { maxLength: 2 }),
    sentences: fc.array(
      fc.record({ text, span, began: micros, ended: micros, deadline: maybe(micros), held: fc.boolean() }),
      { maxLength: 2 },
    ),
  })
  .map((parts) => recordOf(parts))

const context: ReportContext = {
  sources: new Map([['web.kscn', 'scenario "a" {\n}\n']]),
  color: false,
  width: 80,
  version: '0.0.0',
  elapsed: undefined,
  interrupted: false,
}
const reportOf = (name: string, records: readonly Record[], how: ReportContext = context): string => {
  const reporter = reporters[name]!
  return records.map((one) => reporter.record(one, how)).join('') + reporter.end(records, how)
}
/** What would steer a terminal or turn text around. Data in JSON keep what they are, as `\u…` or inside of strings. */
const steering = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f\u200e\u200f\u202a-\u202e\u2066-\u2069]/

describe.each(Object.keys(reporters))('the reporter %s', (name) => {
  it('is total on random records, the same twice, and ends its last line', () => {
    fc.assert(
      fc.property(fc.array(record, { maxLength: 3 }), (records) => {
        const report = reportOf(name, records)
        expect(report.endsWith('\n')).toBe(true)
        expect(reportOf(name, records)).toBe(report)
      }),
      { numRuns: 60 },
    )
  })

  it('has a name and a description of its own', () => {
    expect(reporters[name]!.name).toBe(name)
    expect(reporters[name]!.description).not.toBe('')
  })
})

describe.each(['pretty', 'dot', 'tap', 'github', 'markdown'])('the text reporter %s', (name) => {
  it('passes nothing on that would steer a terminal', () => {
    fc.assert(
      fc.property(fc.array(record, { minLength: 1, maxLength: 2 }), (records) => {
        expect(steering.exec(reportOf(name, records))).toBe(null)
      }),
      { numRuns: 100 },
    )
  })

  it('says what it does not pass on', () => {
    const bad = recordOf({
      title: 'a\u001b[2J\u202eb',
      verdict: 'FAIL',
      findings: [findingOf({ message: 'c\u001bd' })],
    })
    const report = reportOf(name, [bad])
    expect(report).toMatch(/a\\+u001b(\\*\[)2J\\+u202eb/)
    expect(report).toMatch(/c\\+u001bd/)
  })
})
