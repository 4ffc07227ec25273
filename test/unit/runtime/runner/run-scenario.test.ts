import { describe, expect, it } from 'vitest'
import type { Plot } from './fake-cluster.ts'
import { runText } from './run-text.ts'

const pod = (name: string, phase: string, more: object = {}): object => ({
  metadata: { name, labels: { app: 'web' } },
  spec: { containers: [{ name: 'app', image: 'web:v1' }] },
  status: { phase, ...more },
})
const ready = { conditions: [{ type: 'Ready', status: 'True' }] }
const unready = { conditions: [{ type: 'Ready', status: 'False', reason: 'ContainersNotReady' }] }

/** web-0 appears at 1s, runs at 3s, is ready at 5s, unready at 20s and ready again at 22s. */
const onePod: Plot = (cluster) => {
  cluster.at(1, () => cluster.put('pods', pod('web-0', 'Pending')))
  cluster.at(3, () => cluster.put('pods', pod('web-0', 'Running', unready)))
  cluster.at(5, () => cluster.put('pods', pod('web-0', 'Running', ready)))
  cluster.at(20, () => cluster.put('pods', pod('web-0', 'Running', unready)))
  cluster.at(22, () => cluster.put('pods', pod('web-0', 'Running', ready)))
  cluster.at(7200, () => undefined, 'housekeeping')
}

const verdict = (body: string, plot: Plot = onePod): string => {
  const { record } = runText(body, plot)
  return `${record.verdict} ${record.findings.map((finding) => finding.code).join(' ')}`.trim()
}

describe('sentences and the clock', () => {
  it.each([
    ['expect pod/web-0 is Ready', 'FAIL F101'],
    ['expect pod/web-0 is Ready within 5s', 'PASS'],
    ['expect pod/web-0 is Ready within 4999ms', 'FAIL F101'],
    ['wait 5s\n expect pod/web-0 is Ready', 'PASS'],
    ['wait 5s\n expect pod/web-0 is Ready for 15s', 'PASS'],
    ['wait 5s\n expect pod/web-0 is Ready for 15001ms', 'FAIL F101'],
    ['expect pod/web-0 is Ready within 5s for 15s', 'PASS'],
    ['expect pod/web-0 is Ready within 5s for 16s', 'FAIL F101'],
    ['expect pod/web-0 is Ready within 22s for 16s', 'PASS'],
    ['wait 1s\n expect pod/web-0 is Pending until pod/web-0 is Running within 3s', 'PASS'],
    ['expect pod/web-0 is Pending until pod/web-0 is Running within 3s', 'FAIL F101'],
    ['expect pod/web-0 is Ready eventually', 'PASS'],
    ['wait 23s\n expect pod/web-1 exists eventually', 'FAIL F101'],
    ['expect pod/web-0 is Running before pod/web-0 is Ready within 10s', 'PASS'],
    ['expect pod/web-0 is Ready before pod/web-0 is Running within 10s', 'FAIL F101'],
    ['expect pod/web-0 is Pending then pod/web-0 is Ready then pod/web-0 is not Ready within 20s', 'PASS'],
    ['expect pod/web-0 is Ready then pod/web-0 is Pending within 30s', 'FAIL F101'],
    ['expect pod/web-0 goes Pending -> Running -> Ready within 5s', 'PASS'],
    ['wait 30s\n expect pod/web-0 goes Pending -> Running -> Ready', 'PASS'],
    ['wait 30s\n expect pod/web-0 goes Pending -> Ready', 'FAIL F101'],
    ['wait 30s\n expect pod/web-0 goes Pending -> ... -> Ready', 'PASS'],
    ['wait 30s\n expect pod/web-0 goes Pending -> Running from now within 5s', 'FAIL F101'],
    ['settle within 30s\n expect pod/web-0 is Ready', 'PASS'],
    ['settle within 10s', 'FAIL F104'],
    ['expect pod/web-0 is Running within 10s\n at 2s', 'ERROR E204'],
    ['at 5s\n expect pod/web-0 is Ready', 'PASS'],
    ['wait 1s\n expect age(pod/web-0) >= 10s within 10s', 'PASS'],
    ['wait 1s\n expect age(pod/web-0) > 10s within 10s', 'FAIL F101'],
  ])('%s: %s', (body, expected) => {
    expect(verdict(body)).toBe(expected)
  })

  it('goes on at the first state that decides, to the microsecond', () => {
    const { record } = runText('expect pod/web-0 is Ready within 1m\n expect pod/web-0 is Ready for 15s', onePod)
    expect(record.sentences.map(({ began, ended, held }) => [began, ended, held])).toEqual([
      [0, 5_000_000, true],
      [5_000_000, 20_000_000, true],
    ])
  })
})

describe('monitors', () => {
  it.each([
    ['wait 5s\n do { always pod/web-0 is Ready\n wait 15s }', 'FAIL F102'],
    ['wait 5s\n do { always pod/web-0 is Ready\n wait 14s }', 'PASS'],
    ['wait 5s\n always pod/web-0 is Ready within 2s\n wait 30s', 'PASS'],
    ['wait 5s\n always pod/web-0 is Ready within 1999ms\n wait 30s', 'FAIL F102'],
    ['never pod/web-0 is Ready\n wait 4s', 'PASS'],
    ['never pod/web-0 is Ready\n wait 5s', 'FAIL F102'],
    ['never pod/web-0 is Ready for 15s\n wait 30s', 'FAIL F102'],
    ['never pod/web-0 is Ready for 16s\n wait 21s', 'PASS'],
    ['whenever pod/web-0 is Running then pod/web-0 is Ready within 2s\n wait 10s', 'PASS'],
    ['whenever pod/web-0 is Running then pod/web-0 is Ready within 1s\n wait 10s', 'FAIL F102'],
    ['whenever pod/web-0 is Running then pod/web-0 is Ready within 2s\n wait 3s', 'PASS'],
    ['whenever pod/web-0 is Ready then pod/web-0 is Ready for 15s\n wait 19s', 'PASS'],
    ['whenever pod/web-0 is Ready then pod/web-0 is Ready for 16s\n wait 20s', 'FAIL F102'],
    ['whenever pod/web-0 is Failed then pod/web-0 is Ready within 1s\n wait 10s', 'VACUOUS W301'],
    ['never pods[app=wbe] are Ready\n wait 4s', 'VACUOUS W301'],
  ])('%s: %s', (body, expected) => {
    expect(verdict(body)).toBe(expected)
  })

  it('one bad state is reported with everything it broke, and nothing after it', () => {
    const { record, cluster } = runText(
      'wait 5s\n always pod/web-0 is Ready\n always pods[app=web] are Ready\n never pod/web-0 is not Ready\n wait 1m',
      onePod,
    )
    expect(record.findings.map(({ code, at }) => [code, at])).toEqual([
      ['F102', 20_000_000],
      ['F102', 20_000_000],
      ['F102', 20_000_000],
    ])
    expect(cluster.kernel.now).toBe(20_000_000)
  })

  it('keep going reports a monitor once and goes on', () => {
    const { record } = runText('wait 5s\n always pod/web-0 is Ready\n wait 20s\n expect pod/web-0 is Pending', onePod, {
      keepGoing: true,
    })
    expect(record.findings.map((finding) => finding.code)).toEqual(['F102', 'F101'])
  })
})

describe('after a failure', () => {
  it('looks ahead in a second run of the same choices', () => {
    const { record } = runText('expect pod/web-0 is Ready', onePod)
    expect(record.findings[0]!.lookAhead).toEqual({ outcome: 'became-true', at: 5_000_000 })
    expect(record.duration).toBe(0)
    const late = runText('expect pod/web-0 is Ready within 3s', onePod)
    expect(late.record.findings[0]!.lookAhead).toEqual({ outcome: 'became-true', at: 5_000_000 })
    expect(late.record.timeline.time(late.record.timeline.length - 1)).toBeLessThanOrEqual(3_000_000)
    const never = runText('expect pod/web-0 is Succeeded within 20s', onePod)
    expect(never.record.findings[0]!.lookAhead).toEqual({ outcome: 'settled-false', at: 22_000_000 })
    const still = runText('expect pod/web-0 is Succeeded within 10s', onePod)
    expect(still.record.findings[0]!.lookAhead).toEqual({ outcome: 'still-false', at: 20_000_000 })
  })

  it('tells expected and actual', () => {
    const { record } = runText('wait 3s\n expect pod/web-0 is Ready within 1s', onePod)
    const [finding] = record.findings
    expect(finding!.message).toContain('pod/web-0 expected Ready, was Running')
    expect(finding!.comparisons).toEqual([
      {
        subject: 'pod/web-0',
        expected: 'Ready',
        actual: 'Running',
        rows: [{ what: 'condition Ready', expected: 'True', actual: 'False, ContainersNotReady' }],
      },
    ])
    expect(finding!.subjects).toEqual(['pods/default/web-0'])
    expect(finding!.began).toBe(3_000_000)
    expect(finding!.deadline).toBe(4_000_000)
  })

  it('the same seed gives the same record', () => {
    const hash = (): string =>
      runText('let p = any pods[app=web]\n wait 1s..20s', (cluster) => {
        for (const name of ['a', 'b', 'c']) cluster.put('pods', pod(name, 'Running'))
      }).record.hash
    expect(hash()).toBe(hash())
  })
})

describe('tracks', () => {
  it('background goes on beside the body, and is waited for', () => {
    const { record } = runText('background { wait 10s\n expect pod/web-0 is Ready }\n wait 1s', onePod)
    expect(record.verdict).toBe('PASS')
    expect(record.duration).toBe(10_000_000)
  })

  it('parallel waits for all its children', () => {
    const { record } = runText('parallel { wait 4s\n wait 7s }\n expect pod/web-0 is Ready', onePod)
    expect([record.verdict, record.duration]).toEqual(['PASS', 7_000_000])
  })

  it('an endless every ends with the scenario, one with an end runs while its start lies before it', () => {
    const { cluster } = runText(
      'background { every 10s { create configmap x may-fail AlreadyExists } }\n wait 25s',
      onePod,
    )
    expect(cluster.requests.filter((request) => request.verb === 'create')).toHaveLength(3)
    const timed = runText('every 10s for 30s { delete configmap/x may-fail NotFound }', onePod)
    expect(timed.cluster.requests).toHaveLength(3)
    expect(timed.record.duration).toBe(30_000_000)
  })

  it('a script that waits for what never happens runs into the limit', () => {
    const { record } = runText('expect pod/web-1 exists within 2m', onePod, { tags: '@limit(1m)' })
    expect(record.verdict).toBe('ERROR')
    expect(record.findings[0]!.code).toBe('E203')
  })
})

describe('tags', () => {
  it.each([
    ['@skip("flaky, T-1")', 'wait 1s', 'SKIP'],
    ['@fails("never pod/web-0 is Ready")', 'never pod/web-0 is Ready\n wait 10s', 'PASS'],
    ['@fails("never pod/web-0 is Ready")', 'never pod/web-0 is Ready\n wait 1s', 'FAIL'],
    ['@fails("never pod/web-0 is Ready")', 'never pod/web-0 is Ready\n expect pod/web-1 exists\n wait 10s', 'FAIL'],
  ])('%s %s: %s', (tags, body, expected) => {
    expect(runText(body, onePod, { tags }).record.verdict).toBe(expected)
  })
})
