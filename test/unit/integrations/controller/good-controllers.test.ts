import { describe, expect, it } from 'vitest'
import type { KubeObject } from '../../../../api/object.ts'
import type { Record as RunRecord } from '../../../../runtime/record/record.ts'
import type { Revision } from '../../../../runtime/record/revision.ts'
import { runControllers, scenarioWith } from './run-controller.ts'

/** What of a run the API server and its clients can see, without the names of who did it. */
const seen = ({ timeline }: RunRecord, name: string): readonly string[] => {
  const lines: string[] = []
  for (let entry = 0; entry < timeline.length; entry += 1)
    if (timeline.time(entry) >= 0 && ['request', 'revision', 'emission', 'hop'].includes(timeline.kind(entry)))
      lines.push(
        `${timeline.time(entry)} ${timeline.kind(entry)} ${timeline.actor(entry)} ${timeline.action(entry)} ${timeline.subject(entry)} < ${timeline.cause(entry)}`
          .replaceAll(name, 'X')
          .replace(/\.[0-9a-f]{16}/, ''),
      )
  return lines
}

const dataOf = ({ timeline }: RunRecord, subject: string): Readonly<Record<string, string>> => {
  const last = timeline
    .about(subject)
    .filter((entry) => timeline.kind(entry) === 'revision')
    .at(-1)
  const { object } = timeline.data(last!) as Revision
  return (object as KubeObject & { readonly data: Readonly<Record<string, string>> }).data
}

const run = (names: readonly string[], body: string): RunRecord =>
  runControllers(scenarioWith(names, body, 'good.ts')).record

describe('a controller under test', () => {
  const body = `  create configmap a
  expect configmap/copy-of-a@kube-public exists within 10s
  expect event Copied on configmap/a
  wait 1s`

  it('writes what it was written to write', () => {
    expect(run(['copier'], body)).toMatchObject({ verdict: 'PASS', findings: [] })
  })

  it('leaves the very same record in code with `await`', () => {
    const plain = run(['copier'], body)
    const adapted = run(['async-copier'], body)
    expect(adapted.verdict).toBe('PASS')
    expect(seen(plain, 'copier').length).toBeGreaterThan(8)
    expect(seen(adapted, 'async-copier')).toEqual(seen(plain, 'copier'))
  })

  it.each(['after-write', 'before-write'])('dies in the middle of an `await` (%s) and begins anew', (where) => {
    const record = run(
      ['async-copier'],
      `  inject crash controller/async-copier ${where} 1 restart 5s
  create configmap a
  expect controller/async-copier is Down within 10s
  expect configmap/copy-of-a@kube-public exists within 10s
  settle within 1m`,
    )
    expect(record.findings).toEqual([])
  })

  it('has virtual clocks, timers and chance, and asks for several things at once', () => {
    const record = run(['world'], '  create configmap a\n  create configmap b\n  wait 1m')
    expect(record.findings).toEqual([])
    expect(dataOf(record, 'configmaps/kube-public/notes')).toEqual({
      iso: expect.stringMatching(/^2025-01-01T00:00:00\.0\d\dZ$/) as string,
      parallel: '2',
      answers: 'ok NotFound NotFound',
      race: 'timer',
      raced: '1002',
      slept: '3002',
      local: String(Date.UTC(2020, 0)),
      random: 'false',
    })
    const { timeline } = record
    const logged = timeline.about('components/controller/world').filter((entry) => timeline.action(entry) === 'log:log')
    expect(logged.map((entry) => timeline.data(entry))).toContain('looked at 3 {"raced":1002}')
  })

  it('is the same each time', () => {
    const text = '  create configmap a\n  create configmap b\n  wait 1m'
    expect(run(['world', 'copier', 'counter'], text).hash).toBe(run(['world', 'copier', 'counter'], text).hash)
  })

  it('has a module that is evaluated anew in each process', () => {
    const record = run(
      ['counter'],
      `  create configmap a
  wait 35s
  expect count(audit[verb=patch,agent=counter]) == 3
  inject crash controller/counter restart 1s
  wait 2s
  expect count(audit[verb=patch,agent=counter]) == 6`,
    )
    expect(record.findings).toEqual([])
  })
})
