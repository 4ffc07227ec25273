import { describe, expect, test } from 'vitest'
import type { BehaviorSpec } from '../../../../dsl/plan/behavior-spec.ts'
import { compileText, operationsOf, places } from '../support/compile-text.ts'

const behavior = (lines: string, target = 'image "web:*"'): BehaviorSpec => {
  const [operation] = operationsOf(`  behavior ${target} { ${lines} }`)
  if (operation?.kind !== 'behavior') throw new Error('no behavior')
  return operation.behavior
}
const at = (seconds: number): { base: number; spread: number } => ({ base: seconds * 1_000_000, spread: 0 })

describe('behaviors', () => {
  test.each([
    ['pull 3s', { pull: { kind: 'takes', time: at(3) } }],
    ['pull size 250Mi', { pull: { kind: 'size', bytes: 250 * 1024 * 1024 } }],
    ['pull fails', { pull: { kind: 'fails', times: undefined, then: undefined } }],
    ['pull fails times 2', { pull: { kind: 'fails', times: 2 } }],
    ['start 800ms', { start: at(0.8) }],
    ['start 5s +/- 1s', { start: { base: 5_000_000, spread: 1_000_000 } }],
    ['ready after 5s', { ready: { after: at(5), outages: [] } }],
    ['never ready', { ready: { after: undefined, outages: [] } }],
    ['unready after 1m for 20s', { ready: { after: at(0), outages: [{ after: at(60), lasts: at(20) }] } }],
    ['live fails after 2m', { live: { after: at(0), outages: [{ after: at(120), lasts: undefined }] } }],
    ['started after 40s', { started: { after: at(40), outages: [] } }],
    ['never started', { started: { after: undefined, outages: [] } }],
    ['exit 0 after 1m', { runs: [{ exitCode: 0, reason: 'exit', after: at(60), times: 1 }] }],
    [
      'crash after 10s times 3, exit 0',
      {
        runs: [
          { exitCode: 1, reason: 'crash', after: at(10), times: 3 },
          { exitCode: 0, reason: 'exit', after: at(0), times: 1 },
        ],
      },
    ],
    ['oom after 30s', { runs: [{ exitCode: 137, reason: 'oom', after: at(30), times: 1 }] }],
    [
      'memory 50Mi -> 300Mi over 5m',
      {
        memory: [
          { from: 52_428_800, to: 314_572_800, over: at(300) },
          { from: 314_572_800, to: 314_572_800, over: undefined },
        ],
      },
    ],
    [
      'cpu 100m for 2m then 800m',
      {
        cpu: [
          { from: 100, to: 100, over: at(120) },
          { from: 800, to: 800, over: undefined },
        ],
      },
    ],
    [
      'log "a", log "b" after 2s, log "c" every 10s, log "d" after 1s every 10s, log "e" at exit',
      {
        logs: [
          { kind: 'running', text: 'a', after: at(0), every: undefined },
          { kind: 'running', text: 'b', after: at(2), every: undefined },
          { kind: 'running', text: 'c', after: at(10), every: at(10) },
          { kind: 'running', text: 'd', after: at(1), every: at(10) },
          { kind: 'exit', text: 'e' },
        ],
      },
    ],
    ['stop 5s', { stop: at(5), ignoresSigterm: false }],
    ['ignores-sigterm', { stop: undefined, ignoresSigterm: true }],
    [
      'memory 300Mi, oom at 256Mi times 2',
      { runs: [{ exitCode: 137, reason: 'oom', after: at(0), atMemory: 268_435_456, times: 2 }] },
    ],
    ['writes 2Gi over 10m', { writes: { bytes: 2_147_483_648, over: at(600) } }],
  ])('%s', (lines, expected) => {
    expect(behavior(lines)).toMatchObject(expected)
  })

  test('the container of a pod', () => {
    expect(behavior('start 1s', 'pod/db-0 container app').target).toEqual({
      kind: 'pod',
      namespace: undefined,
      pod: 'db-0',
      container: 'app',
    })
  })

  test.each([
    ['start', 'K133 2:28'],
    ['start soon', 'K105 2:34'],
    ['start 5', 'K107 2:34'],
    ['never', 'K133 2:28'],
    ['redy after 5s', 'K103 2:28'],
    ['ready 5s', 'K133 2:28'],
    ['crash after 5s often', 'K133 2:43'],
    ['log', 'K133 2:28'],
    ['log ready', 'K133 2:32'],
    ['log "a" at once', 'K133 2:28'],
    ['log "a" every 0s', 'K133 2:28'],
    ['log "a" often', 'K133 2:36'],
  ])('%s is a mistake', (lines, expected) => {
    expect(places(compileText(`scenario "a" {\n  behavior image "web:*" { ${lines} }\n}\n`))).toEqual([expected])
  })

  test("an import's behaviors come along, before the file's own", () => {
    const { plan } = compileText(
      'import "lib.kscn" as lib\n\nbehavior image "b" { start 1s }\n\nscenario "a" {\n  settle\n}\n',
      { 'lib.kscn': 'behavior image "a" { start 1s }\n' },
    )
    expect(plan?.scenarios[0]?.behaviors.map((one) => one.target)).toEqual([
      { kind: 'image', glob: 'a' },
      { kind: 'image', glob: 'b' },
    ])
  })
})
