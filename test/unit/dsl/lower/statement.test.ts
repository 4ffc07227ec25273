import { describe, expect, test } from 'vitest'
import type { Operation } from '../../../../dsl/plan/operation.ts'
import { compileText, operationsOf, places } from '../support/compile-text.ts'

/** Without the places: they are another test's business. */
const bare = (value: unknown): unknown =>
  JSON.parse(JSON.stringify(value, (key, one: unknown) => (key === 'span' ? undefined : one)))
const only = (line: string): Operation => {
  const operations = operationsOf(`  ${line}`)
  if (operations[0] === undefined || operations.length !== 1) throw new Error(`${operations.length} operations`)
  return operations[0]
}
const seconds = (n: number): unknown => ({ kind: 'literal', value: { type: 'duration', micros: n * 1_000_000 } })
const int = (value: number): unknown => ({ kind: 'literal', value: { type: 'int', value } })

describe('steps', () => {
  test.each([
    [
      'scale deployment/web to 5',
      { verb: 'scale', target: { resource: 'deployments.apps', text: 'deployment/web' }, to: int(5) },
    ],
    ['scale pool/workers to 4', { verb: 'scale', target: { resource: 'pool' } }],
    [
      'delete pod/web-0 force orphan grace 0s',
      { verb: 'delete', force: true, propagation: 'orphan', grace: seconds(0), any: false },
    ],
    [
      'delete any pods[app=web]',
      { verb: 'delete', any: true, target: { plural: true, selector: ['app=web'], text: 'pods[app=web]' } },
    ],
    [
      'rollout undo deploy/web to 3',
      { verb: 'rollout', action: 'undo', toRevision: int(3), target: { text: 'deployment/web' } },
    ],
    [
      'set-image deployment/web app=web:v2',
      { verb: 'set-image', images: [{ container: 'app', image: { value: { value: 'web:v2' } } }] },
    ],
    ['drain node/workers-0 force within 2m', { verb: 'drain', force: true, within: seconds(120) }],
    [
      'label node/workers-0 a=b c-',
      { verb: 'label', set: [{ key: 'a', value: { value: { value: 'b' } } }, { key: 'c' }] },
    ],
    ['annotate pod/x k="two words"', undefined],
    [
      'taint node/workers-0 dedicated=gpu:NoSchedule-',
      { verb: 'taint', taints: [{ key: 'dedicated', value: 'gpu', effect: 'NoSchedule', remove: true }] },
    ],
    ['cordon nodes[pool=workers]', { verb: 'cordon', target: { plural: true } }],
    ['evict pod/web-*', { verb: 'evict', target: { plural: true, name: { kind: 'glob' } } }],
    [
      'create configmap first',
      { verb: 'create', documents: [{ value: { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'first' } } }] },
    ],
  ])('%s', (line, expected) => {
    if (expected === undefined) {
      expect(places(compileText(`scenario "a" {\n  ${line}\n}\n`)).length).toBeGreaterThan(0)
      return
    }
    const operation = only(line)
    expect(operation).toMatchObject({ kind: 'step', text: line })
    expect(bare(operation.kind === 'step' ? operation.step : undefined)).toMatchObject(expected)
  })

  test('clauses', () => {
    const operation = operationsOf(
      '  user dana { groups [dev, ops] }\n  delete pod/x as dana fails Forbidden saying "no"',
    )[1]
    expect(bare(operation)).toMatchObject({
      clauses: {
        as: { resource: 'user' },
        outcome: { kind: 'fails', reason: 'Forbidden', saying: { kind: 'contains', parts: ['no'] } },
      },
    })
  })

  test.each([
    ['scale deployment/web', ['K117 2:3']],
    ['scale deployment/web to many', ['K105 2:27']],
    ['delete', ['K117 2:3']],
    ['delete pod/x forced', ['K117 2:16']],
    ['delete pod/x within 5s', ['K117 2:16']],
    ['delete pod/x as nobody', ['K105 2:19']],
    ['rollout redo deployment/web', ['K117 2:11']],
    ['rollout pause deployment/web to 3', ['K117 2:32']],
    ['cordon pod/x', ['K117 2:10']],
    ['taint node/x a=b', ['K117 2:16']],
    ['set-image deployment/web web:v2', ['K117 2:28']],
    ['inject crash pod/x', ['K128 2:16']],
    ['inject partition node/workers-0', ['K128 2:3']],
    ['inject crash node/workers-0 between-writes', ['K128 2:31']],
    ['heal nod/x', ['K101 2:8']],
  ])('%s is a mistake', (line, expected) => {
    expect([...places(compileText(`scenario "a" {\n  ${line}\n}\n`))].sort()).toEqual([...expected].sort())
  })
})

describe('faults', () => {
  test('any object is drawn once, and hit by its name', () => {
    const [draw, hit] = operationsOf('  inject crash any nodes[pool=workers] for 20s with probability 30%')
    expect(draw).toMatchObject({ kind: 'let-any', noun: { text: 'nodes[pool=workers]' } })
    expect(hit).toMatchObject({
      kind: 'inject',
      target: { resource: 'nodes', plural: false },
      clauses: { probability: 0.3 },
    })
  })

  test('partition', () => {
    expect(only('inject partition node/workers-0 from apiserver/* for 1m')).toMatchObject({
      fault: 'partition',
      clauses: { from: { resource: 'apiserver', name: { kind: 'glob' } } },
    })
  })
})

describe('expectations', () => {
  test.each([
    ['expect pod/x is Ready', { claim: { kind: 'predicate' } }],
    ['expect pod/x is Ready within 5s for 1m', { within: seconds(5), for: seconds(60) }],
    ['expect pod/x is Ready then pod/x is gone within 1m', { claim: { kind: 'sequence' } }],
    ['expect pod/x is Ready until pod/y exists within 1m', { until: { kind: 'fact' } }],
    ['expect pod/x is Ready eventually', { eventually: true }],
    ['expect pod/x goes Pending -> ... -> Ready from now within 1m', { fromNow: true }],
  ])('%s', (line, expected) => {
    const operation = only(line)
    expect(bare(operation.kind === 'expect' ? operation.expectation : undefined)).toMatchObject(expected)
  })

  test('`because` behind the time clauses belongs to the last state word', () => {
    expect(bare(only('expect pod/x is Unschedulable within 5s because "Insufficient cpu"'))).toEqual({
      ...(bare(only('expect pod/x is Unschedulable because "Insufficient cpu" within 5s')) as object),
      text: 'expect pod/x is Unschedulable within 5s because "Insufficient cpu"',
    })
  })

  test.each([
    ['`5m` beside a duration', 'expect age(pod/x) > 5m', { right: seconds(300) }],
    [
      '`5m` beside a quantity',
      'expect requested(node/x, cpu) > 5m',
      { right: { kind: 'literal', value: { type: 'quantity', text: '5m' } } },
    ],
    [
      'a field that holds quantities',
      'expect node/x{.status.allocatable.cpu} >= 1500m',
      { right: { value: { type: 'quantity', text: '1500m' } } },
    ],
    ['`is absent` of a path', 'expect pod/x{.status.podIP} is absent', { kind: 'absent' }],
  ])('%s', (_name, line, expected) => {
    const operation = only(line)
    const claim = operation.kind === 'expect' ? operation.expectation.claim : undefined
    expect(bare(claim?.kind === 'predicate' ? claim.predicate : undefined)).toMatchObject(expected)
  })

  test.each([
    ['expect pod/x is Ready eventually within 5s', 'K130'],
    ['expect pod/x is Ready then pod/x is gone', 'K130'],
    ['expect pod/x is Ready from now', 'K130'],
    ['expect pod/x exists because "x"', 'K130'],
    ['always pod/x is Ready for 5s', 'K130'],
    ['never pod/x is Ready within 5s', 'K130'],
    ['whenever pod/x is Ready then pod/y exists', 'K130'],
    ['expect pod/x goes Pending -> Redy within 5s', 'K118'],
    ['expect pod/x', 'K122'],
    ['expect 5', 'K122'],
    ['expect age(pod/x) == 5', 'K107'],
    ['expect now() == "x" since m', 'K002'],
    ['expect count(events[reason=X] since m) == 0', 'K105'],
    ['expect count(pod/x) == 0', 'K117'],
    ['expect skew(pods) == 0', 'K117'],
  ])('%s is %s', (line, code) => {
    expect(places(compileText(`scenario "a" {\n  ${line}\n}\n`)).map((one) => one.slice(0, 4))).toEqual([code])
  })
})

describe('time and blocks', () => {
  test.each([
    ['wait 1m30s', { kind: 'wait', amount: seconds(90) }],
    ['wait 5s +/- 1s', { amount: { kind: 'spread', base: seconds(5), by: seconds(1) } }],
    ['wait 1s..20s', { amount: { kind: 'range', from: seconds(1), to: seconds(20) } }],
    ['at 5m', { kind: 'at', time: seconds(300) }],
    [
      'at 2025-01-01T00:10:00Z',
      { time: { kind: 'literal', value: { type: 'string', value: '2025-01-01T00:10:00Z' } } },
    ],
    ['settle within 3m', { kind: 'settle', within: seconds(180) }],
    ['repeat 3 { settle }', { kind: 'repeat', times: int(3), body: { operations: [{ kind: 'settle' }] } }],
    ['each x in ["a", "b"] { create configmap c-${x} }', { kind: 'each', variable: 'x' }],
    ['background { every 10s { settle } }', { kind: 'background' }],
    ['on sim { settle }', { kind: 'on', where: 'sim' }],
  ])('%s', (line, expected) => {
    expect(bare(only(line))).toMatchObject(expected)
  })

  test('steps are hygienic: only their parameters are in sight', () => {
    const text = 'steps a(n: int) {\n  wait t\n}\n\nscenario "x" {\n  let t = 5s\n  do a(n: 1)\n}\n'
    expect(places(compileText(text))).toEqual(['K105 2:8'])
  })

  test('steps take arguments by name and by place, and check them', () => {
    const steps = 'steps a(n: int = 3, d: duration = 5s) {\n  scale deployment/web to n\n  wait d\n}\n\n'
    const scenario = (call: string): string => `${steps}scenario "x" {\n  ${call}\n}\n`
    const { plan } = compileText(scenario('do a(2, d: 5m)'))
    expect(bare(plan?.scenarios[0]?.body.operations[0])).toMatchObject({
      kind: 'steps',
      name: 'a',
      bindings: [
        { name: 'n', value: int(2) },
        { name: 'd', value: seconds(300) },
      ],
      body: { operations: [{ step: { to: int(2) } }, { amount: seconds(300) }] },
    })
    expect(places(compileText(scenario('do a(x: 1)')))).toEqual(['K117 7:8'])
    expect(places(compileText(scenario('do a(1, 2s, 3)')))).toEqual(['K117 7:15'])
    expect(places(compileText(scenario('do a("many")')))).toContain('K107 7:8')
    expect(places(compileText(scenario('do b')))).toEqual(['K105 7:6'])
  })

  test('a table makes a plan a row; a matrix multiplies', () => {
    const text =
      'scenario "x" {\n  cases\n    | n | word     |\n    | 1 | Complete |\n    | 2 | Failed   |\n  matrix d in [1s, 2s]\n  wait d * n\n  expect job/a is "${word}"\n}\n'
    const { plan, diagnostics } = compileText(text)
    expect(diagnostics).toEqual([])
    expect(plan?.scenarios.map((one) => one.row)).toEqual([
      '[n=1 word=Complete d=1s]',
      '[n=1 word=Complete d=2s]',
      '[n=2 word=Failed d=1s]',
      '[n=2 word=Failed d=2s]',
    ])
    expect(bare(plan?.scenarios[3]?.body.operations[1])).toMatchObject({
      expectation: { claim: { predicate: { claim: { word: { parts: ['Failed'] } } } } },
    })
  })

  test('a state word from a table is checked in every row', () => {
    const text =
      'scenario "x" {\n  cases\n    | word     |\n    | Complete |\n    | Ready    |\n  expect job/a is "${word}"\n}\n'
    expect(places(compileText(text))).toEqual(['K118 6:19'])
  })

  test('tags', () => {
    const { plan } = compileText(
      '@slow @sig(apps) @limit(20m, 20M events) @seed(42) @skip("why, ticket")\nscenario "x" {\n  settle\n}\n',
    )
    expect(plan?.scenarios[0]).toMatchObject({ limit: { time: 1_200_000_000, events: 20_000_000 }, seed: '42' })
    expect(plan?.scenarios[0]?.tags.map((one) => [one.name, one.args])).toEqual([
      ['slow', []],
      ['sig', ['apps']],
      ['limit', ['20m', '20M events']],
      ['seed', ['42']],
      ['skip', ['why, ticket']],
    ])
  })

  test('the plan is frozen, and survives JSON', () => {
    const { plan } = compileText('scenario "x" {\n  expect pod/x is Ready within 5s\n}\n')
    expect(Object.isFrozen(plan?.scenarios[0]?.body.operations[0])).toBe(true)
    expect(JSON.parse(JSON.stringify(plan))).toMatchObject({ schemaVersion: 1 })
  })

  test('imports: cycles, missing files, names of the other file', () => {
    expect(places(compileText('import "a.kscn" as a\n', { 'a.kscn': 'import "web.kscn" as w\n' }))).toEqual([
      'K102 1:8',
    ])
    expect(places(compileText('import "no.kscn" as a\n'))).toEqual(['K102 1:8'])
    const { plan, diagnostics } = compileText(
      'import "a.kscn" as a\n\nscenario "x" {\n  always a.enough(2)\n  wait a.pause\n}\n',
      {
        'a.kscn':
          'let pause = 5s\n\ninvariant enough(n: int) = count(pods) >= n and base\n\ninvariant base = count(pods) < 9\n',
      },
    )
    expect(diagnostics).toEqual([])
    expect(Object.keys(plan?.scenarios[0]?.invariants ?? {}).sort()).toEqual(['a.base', 'a.enough'])
    expect(bare(plan?.scenarios[0]?.body.operations[1])).toMatchObject({ amount: seconds(5) })
  })
})

describe('advice', () => {
  test.each([
    ['kubectl get pods', 'K001', "kubectl's verbs stand alone"],
    ['sleep 5s', 'K001', 'did you mean `wait`?'],
    ['expect pod/x is Ready in 30s', 'K002', 'deadlines are written `within 30s`'],
    ['expect pod/x{.status.phase} = "Running"', 'K002', 'equality is written `==`'],
    ['scale deployment web to 3', 'K117', 'kind and name are one word: deployment/web'],
    ['expect deployment/web.status.replicas == 3', 'K107', 'a path stands in braces: deployment/web{.status.replicas}'],
    ['drain workers-0', 'K101', 'did you mean `node/workers-0`?'],
    ['expect pod/x is Running and Ready', 'K105', 'a state word stands behind its subject'],
    ['expect pod/x is ready', 'K118', 'did you mean `Ready`?'],
    ['wait 5', 'K107', 'a unit is missing: 5s, 5m?'],
    ['wait 5sec', 'K107', 'did you mean `5s`?'],
    ['delete pod/x fails Forbiden', 'K127', 'did you mean `Forbidden`?'],
  ])('%s', (line, code, help) => {
    const { diagnostics } = compileText(`scenario "a" {\n  cluster { pool workers 1 }\n  ${line}\n}\n`)
    expect(diagnostics.map((one) => one.code)).toEqual([code])
    expect(diagnostics[0]?.help).toContain(help)
  })

  test.each([
    'inject constructor node/x',
    'wait 5constructor',
    'let a: constructor = 5',
    'expect pod/x is constructor',
    'constructor x',
    'expect constructor(1)',
    'do constructor',
    'expect pod/x{.constructor} == 1',
  ])('what every object inherits has no meaning: %s', (line) => {
    expect(compileText(`scenario "a" {\n  ${line}\n}\n`).diagnostics).toHaveLength(1)
  })

  test('nor has it in settings', () => {
    expect(
      places(
        compileText('scenario "a" {\n  cluster { constructor 5, kubelet { toString 5 }, pool w 1 { valueOf 5 } }\n}\n'),
      ).map((one) => one.slice(0, 4)),
    ).toEqual(['K103', 'K103', 'K103'])
  })
})
