import { describe, expect, it } from 'vitest'
import { json } from '../../../reporters/json.ts'
import { pretty } from '../../../reporters/pretty.ts'
import { reporters } from '../../../reporters/registry.ts'
import type { ReportContext } from '../../../reporters/reporter.ts'
import type { SentenceResult } from '../../../runtime/record/record.ts'
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

const failed = recordOf({
  verdict: 'FAIL',
  seed: 'it is',
  findings: [
    findingOf({
      span: { file: 'web.kscn', start: 26, end: 70 },
      comparisons: [
        {
          subject: 'deployment/web',
          expected: 'RolledOut',
          actual: 'Progressing',
          rows: [{ what: '.status.updatedReplicas', expected: '10', actual: '2' }],
        },
      ],
      why: [
        {
          what: 'deployment/web waits for availability',
          detail: '9 of 10 available',
          entry: undefined,
          span: undefined,
        },
        { what: 'pod/web-x not Ready', detail: 'ImagePullBackOff', entry: undefined, span: undefined },
      ],
      lookAhead: { outcome: 'settled-false', at: 609_000_000 },
      nearMiss: 'updatedReplicas reached 2 of 10',
    }),
  ],
})

describe('pretty', () => {
  it('shows sentence, expected against actual, why, look-ahead and replay', () => {
    expect(pretty.record(failed, context) + pretty.end([failed], context)).toMatchInlineSnapshot(`
      "FAIL  a scenario  41.2s virtual  web.kscn:1:1

        expect deployment/web is RolledOut within 5m
        web.kscn:2:3   began t=9.214s, deadline t=5m9.214s

        broke[F101] deployment/web was not RolledOut within 5m
        deployment/web  expected RolledOut, was Progressing
          .status.updatedReplicas  expected 10  actual 2

        why  (each line caused by the one below it)
          deployment/web waits for availability  9 of 10 available
          └ pod/web-x not Ready  ImagePullBackOff

        look-ahead  still false when the cluster had settled at t=10m9s
        near miss   updatedReplicas reached 2 of 10
        replay      kscn run web.kscn:1 --seed 'it is'


      1 scenario: 1 failed
      "
    `)
  })

  it('says what a later deadline would have done', () => {
    const finding = findingOf({
      deadline: undefined,
      began: 21_000,
      at: 21_000,
      lookAhead: { outcome: 'became-true', at: 4_821_000 },
    })
    expect(pretty.record(recordOf({ verdict: 'FAIL', findings: [finding] }), context)).toContain(
      'became true 4.8s later (t=4.821s): add `within 5s`',
    )
  })

  it('shows a difference as expected against actual', () => {
    const finding = findingOf({
      difference: {
        subject: 'deployments.apps/default/web',
        expected: { status: { readyReplicas: 3 } },
        actual: { status: { readyReplicas: 2 } },
        rows: [{ path: '.status.readyReplicas', expected: '3', actual: '2' }],
      },
    })
    const text = pretty.record(recordOf({ verdict: 'FAIL', findings: [finding] }), context)
    expect(text).toContain('-  readyReplicas: 3')
    expect(text).toContain('+  readyReplicas: 2')
  })

  it('prints colours only when asked to, and the same words either way', () => {
    const plain = pretty.record(failed, context)
    const coloured = pretty.record(failed, { ...context, color: true })
    expect(plain).not.toContain('\u001b')
    expect(coloured).toContain('\u001b[31m')

    expect(coloured.replace(/\u001b\[\d+m/g, '')).toBe(plain)
  })
})

describe('every reporter', () => {
  it.each(Object.keys(reporters))('%s is total, deterministic and ends with a newline', (name) => {
    const reporter = reporters[name]!
    expect(reporter.name).toBe(name)
    const text = (): string =>
      [recordOf(), failed].map((record) => reporter.record(record, context)).join('') +
      reporter.end([recordOf(), failed], context)
    expect(text()).toBe(text())
    expect(text().endsWith('\n')).toBe(true)
    expect(reporter.end([], context).endsWith('\n')).toBe(true)
  })

  it('json has a version, positions, and one entry a scenario', () => {
    const document = JSON.parse(json.end([recordOf(), failed], context)) as {
      schemaVersion: number
      scenarios: { line: number; findings: { line: number; column: number }[] }[]
    }
    expect(document.schemaVersion).toBe(1)
    expect(document.scenarios.map((one) => one.line)).toEqual([1, 1])
    expect(document.scenarios[1]!.findings[0]).toMatchObject({ line: 2, column: 3 })
  })

  it('tells what held in the last tenth of its time, three of it at most', () => {
    const span = { file: 'web.kscn', start: 26, end: 70 }
    const text = 'expect deployment/web is RolledOut within 5m'
    const second = 1_000_000
    const sentence = (slack: number | undefined): SentenceResult => ({
      text, span, began: 10 * second, ended: 20 * second, deadline: 110 * second, held: true,
      ...(slack === undefined ? {} : { slack }),
    }) // prettier-ignore
    const shown = (verdict: 'PASS' | 'FAIL', ...slacks: readonly (number | undefined)[]): string =>
      pretty.record(recordOf({ verdict, sentences: slacks.map(sentence) }), context)
    expect(shown('PASS', 10 * second, undefined)).not.toContain('tight')
    expect(shown('FAIL', 0)).not.toContain('tight')
    expect(shown('PASS', 9_900_000)).toContain(
      '  tight  expect deployment/web is RolledOut within 5m: 9.9s of 1m40s left\n      web.kscn:2:3\n',
    )
    expect(shown('PASS', 0)).toContain('within 5m: nothing of 1m40s left')
    const many = shown('PASS', 0, 0, 0, 0, 0)
    expect(many.match(/ {2}tight /g)).toHaveLength(3)
    expect(many).toContain('and 2 more that held in the last tenth of their time\n')
  })
})
