import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { area } from '../../../conformance/areas/kube-proxy.ts'

const sample = fileURLToPath(new URL('../../../conformance/sample/kube-proxy', import.meta.url))
const [first] = readFileSync(join(sample, 'cases.jsonl'), 'utf8').split('\n')

/** What the area says of the first case of the sample once its text is changed. */
const judged = (from: string, to: string): string | undefined => {
  expect(first).toContain(from)
  const folder = mkdtempSync(join(tmpdir(), 'kube-proxy-'))
  try {
    writeFileSync(join(folder, 'cases.jsonl'), `${first!.replace(from, to)}\n`)
    const [one] = area.cases(folder)
    return one!.run()
  } finally {
    rmSync(folder, { recursive: true })
  }
}

describe('the conformance area', () => {
  it('agrees with the sample', () => {
    const answers = [...area.cases(sample)].map((one) => one.run())
    expect(answers.length).toBeGreaterThan(0)
    expect(answers.filter((answer) => answer !== undefined)).toEqual([])
  })

  it.each([
    ['"verdict":"forward"', '"verdict":"reject"'],
    ['"masquerade":true', '"masquerade":false'],
    ['"probability":0.', '"probability":0.9'],
    ['"via":"', '"via":"x'],
  ])('sees %s become %s', (from, to) => {
    expect(judged(from, to)).toContain(to)
  })

  it('sees a changed rule of the recorded tables', () => {
    expect(judged('-j KUBE-MARK-MASQ', '-j KUBE-MARK-DROP')).toContain('-j KUBE-MARK-DROP')
  })
})
