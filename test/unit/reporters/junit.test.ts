import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { validateXML } from 'xmllint-wasm'
import { junit } from '../../../reporters/junit.ts'
import type { ReportContext } from '../../../reporters/reporter.ts'
import type { Record } from '../../../runtime/record/record.ts'
import { findingOf, recordOf } from '../../support/record-of.ts'

const context: ReportContext = {
  sources: new Map([['web.kscn', 'scenario "a scenario" {\n  expect deployment/web is RolledOut within 5m\n}\n']]),
  color: true,
  width: 80,
  version: '0.0.0',
  elapsed: 12,
  interrupted: false,
}
const schema = readFileSync(new URL('../../support/junit.xsd', import.meta.url), 'utf8')
const problemsOf = async (xml: string): Promise<readonly string[]> => {
  const result = await validateXML({ xml: [{ fileName: 'report.xml', contents: xml }], schema: [schema] })
  return result.errors.map((error) => error.message)
}
const everyVerdict: readonly Record[] = [
  recordOf(),
  recordOf({ title: 'fails', verdict: 'FAIL', findings: [findingOf()] }),
  recordOf({ title: 'cannot', verdict: 'ERROR', findings: [findingOf({ code: 'E201', severity: 'error' })] }),
  recordOf({ title: 'says nothing', verdict: 'VACUOUS', findings: [findingOf({ code: 'W301', severity: 'warning' })] }),
  recordOf({ title: 'later', verdict: 'SKIP', note: 'slow' }),
  recordOf({
    title: 'not yet',
    verdict: 'UNSUPPORTED',
    note: 'webhooks',
    span: { file: 'other.kscn', start: 0, end: 1 },
  }),
]

describe('junit', () => {
  it('is valid against the schema, with a suite a file and every verdict', async () => {
    const xml = junit.end(everyVerdict, context)
    expect(await problemsOf(xml)).toEqual([])
    expect(xml).toContain('<testsuites name="kscn" tests="6" failures="2" errors="1" skipped="2" time="247.200">')
    expect(xml).toContain('<testsuite name="other.kscn" tests="1" failures="0" errors="0" skipped="1"')
    expect(xml).toContain('<failure message="deployment/web was not RolledOut within 5m" type="F101">')
  })

  it('stays valid whatever stands in titles and messages', async () => {
    await fc.assert(
      fc.asyncProperty(fc.string({ unit: 'binary' }), fc.string({ unit: 'binary' }), async (title, message) => {
        const xml = junit.end(
          [
            recordOf({
              title,
              verdict: 'FAIL',
              findings: [findingOf({ message, sentence: `${message}]]>\u001b[31m` })],
            }),
          ],
          context,
        )
        expect(await problemsOf(xml)).toEqual([])
        expect(xml).not.toContain('\u001b')
      }),
      { numRuns: 25 },
    )
  })

  it('would notice an invalid report: the schema can fail', async () => {
    expect(await problemsOf(junit.end(everyVerdict, context).replace('tests="6"', 'tests="six"'))).not.toEqual([])
  })

  it('is an empty but valid report of nothing', async () => {
    expect(await problemsOf(junit.end([], context))).toEqual([])
  })
})
