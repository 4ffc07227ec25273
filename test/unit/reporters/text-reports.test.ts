import { Parser } from 'tap-parser'
import { describe, expect, it } from 'vitest'
import { dot } from '../../../reporters/dot.ts'
import { github } from '../../../reporters/github.ts'
import { markdown } from '../../../reporters/markdown.ts'
import type { ReportContext, Reporter } from '../../../reporters/reporter.ts'
import { tap } from '../../../reporters/tap.ts'
import type { Record } from '../../../runtime/record/record.ts'
import { findingOf, recordOf } from '../../support/record-of.ts'

const source = 'scenario "a scenario" {\n  expect deployment/web is RolledOut within 5m\n}\n'
const context: ReportContext = {
  sources: new Map([['web.kscn', source]]),
  color: false,
  width: 80,
  version: '0.0.0',
  elapsed: undefined,
  interrupted: false,
}
const inSource = { file: 'web.kscn', start: 26, end: 70 }
const records: readonly Record[] = [
  recordOf(),
  recordOf({ title: 'fails # TODO later', verdict: 'FAIL', findings: [findingOf({ span: inSource })] }),
  recordOf({
    title: 'cannot',
    verdict: 'ERROR',
    findings: [findingOf({ code: 'E201', severity: 'error', span: inSource, message: 'pods "web" not found' })],
  }),
  recordOf({
    title: 'says nothing',
    verdict: 'VACUOUS',
    findings: [findingOf({ code: 'W301', severity: 'warning', span: { ...inSource, start: 0 } })],
  }),
  recordOf({ title: 'later', row: '[a=1 | b=2]', verdict: 'SKIP', note: 'slow' }),
  recordOf({ title: 'not yet', verdict: 'UNSUPPORTED', note: 'webhooks' }),
]
const all = (reporter: Reporter, some: readonly Record[], how: ReportContext = context): string =>
  some.map((one) => reporter.record(one, how)).join('') + reporter.end(some, how)

describe('tap', () => {
  const parsed = (text: string) => {
    const parser = new Parser({ strict: true })
    const points: { ok: boolean; name: string; skip: unknown; diag: unknown }[] = []
    parser.on('assert', (one: { ok: boolean; name: string; skip?: unknown; diag?: unknown }) =>
      points.push({ ok: one.ok, name: one.name, skip: one.skip, diag: one.diag }),
    )
    parser.end(text)
    return { points, result: parser.results! }
  }

  it('is read by a TAP parser: a point for each scenario, skips with their reason, findings as data', () => {
    const { points, result } = parsed(all(tap, records))
    expect(result).toMatchObject({ count: 6, pass: 3, fail: 3, skip: 2, bailout: false })
    expect(result.failures.filter((one) => one.tapError !== null)).toEqual([])
    expect(points.map(({ ok, skip }) => [ok, skip ?? false])).toEqual([
      [true, false],
      [false, false],
      [false, false],
      [false, false],
      [true, 'slow'],
      [true, 'webhooks'],
    ])
    expect(points[1]).toMatchObject({
      name: 'fails # TODO later',
      diag: { verdict: 'FAIL', at: 'web.kscn:1:1', message: 'deployment/web was not RolledOut within 5m' },
    })
    expect((points[1]!.diag as { findings: string }).findings).toContain('expect deployment/web is RolledOut within 5m')
  })

  it('has a plan for nothing, and says when it was cut short', () => {
    expect(parsed(all(tap, [])).result).toMatchObject({ count: 0, ok: true })
    expect(parsed(all(tap, records.slice(0, 1), { ...context, interrupted: true })).result.bailout).toBe('interrupted')
  })

  it('would be refused if a point were missing', () => {
    expect(parsed(all(tap, records).replace('ok 1 - a scenario\n', '')).result.ok).toBe(false)
    expect(parsed(all(tap, [records[0]!]).replace('1..1', '1..2')).result.ok).toBe(false)
  })
})

describe('github', () => {
  it('annotates the sentence of each finding', () => {
    expect(all(github, records)).toMatchSnapshot()
  })

  it('says columns only within one line, and escapes what would end a property', () => {
    const text = all(github, [
      recordOf({
        title: 'a, b: 100%',
        verdict: 'FAIL',
        findings: [findingOf({ span: { ...inSource, start: 0, end: 30 } })],
      }),
    ])
    expect(text).toMatch(/^::error file=web\.kscn,line=1,endLine=2,title=F101 a%2C b%3A 100%25::/)
    expect(text.split('\n').length).toBe(3)
  })
})

describe('markdown', () => {
  it('shows what failed first, then the table', () => {
    expect(all(markdown, records)).toMatchSnapshot()
  })

  it('keeps markup out of the text, and the fence around the report', () => {
    const text = all(markdown, [
      recordOf({
        title: '<img src=x> [a](b) | `c`',
        verdict: 'FAIL',
        findings: [findingOf({ sentence: 'matches ````yaml' })],
      }),
    ])
    expect(text).toContain('&lt;img src=x&gt; \\[a\\]\\(b\\) \\| \\`c\\`')
    expect(text).toContain('\n`````text\n')
  })
})

describe('dot', () => {
  it('says a character for each scenario, and the failures at the end', () => {
    const text = all(dot, records)
    expect(text.split('\n')[0]).toBe('.FEVsu')
    expect(text).toContain('FAIL fails # TODO later\n\n  expect deployment/web is RolledOut within 5m\n')
    expect(text).toMatch(/6 scenarios: 1 passed, 1 failed, 1 in error, 1 vacuous, 1 skipped, 1 not supported\n$/)
  })

  it('is coloured only when asked', () => {
    expect(all(dot, records, { ...context, color: true })).toContain('\u001b[31mF')
    expect(all(dot, records)).not.toContain('\u001b')
  })
})
