import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { kscn, root } from './kscn.ts'

const fixture = 'test/e2e/fixtures/ten-failures.kscn'
const titles = [...readFileSync(join(root, fixture), 'utf8').matchAll(/^scenario "(.*)"/gm)].map(([, title]) => title!)

// One run for all of them: each report has to read well alone.
const { code, out } = kscn(['run', fixture, '--deterministic', '--no-color'])
const reports = new Map(
  titles.map((title, index) => {
    const from = out.search(new RegExp(`^(FAIL|ERROR|VACUOUS) +${title} `, 'm'))
    const next = titles[index + 1]
    const to =
      next === undefined ? out.lastIndexOf('\n\n') : out.search(new RegExp(`^(FAIL|ERROR|VACUOUS) +${next} `, 'm'))
    return [title, out.slice(from, to)]
  }),
)

describe('the report of a failure', () => {
  it('there is one of each of ten kinds, and the command says so', () => {
    expect(titles).toEqual(['count', 'match', 'order', 'deadline', 'always', 'never', 'goes', 'API refusal', 'vacuous', 'invariant']) // prettier-ignore
    expect(out).toMatch(/10 scenarios: 8 failed, 1 in error, 1 vacuous\n$/)
    expect(code).toBe(1)
  })

  it.each(titles)('%s', (title) => {
    const report = reports.get(title)!
    expect(report).toMatchSnapshot()
    expect(report.split('\n').filter((line) => line.length > 80)).toEqual([])
    expect(report.split('\n').length).toBeLessThanOrEqual(60)
    expect(report).toMatch(/replay +kscn run test\/e2e\/fixtures\/ten-failures\.kscn:\d+ --seed 0/)
  })

  it('says the same with colour', () => {
    const colored = kscn(['run', `${fixture}:57`, '--deterministic', '--color']).out

    const plain = colored.replace(/\u001b\[\d+m/g, '')
    expect(plain).not.toBe(colored)
    expect(plain).toContain(reports.get('always')!.trimEnd())
  })
})
