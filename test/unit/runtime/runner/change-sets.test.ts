import { describe, expect, test } from 'vitest'
import { createCluster } from '../../../../runtime/cluster/create-cluster.ts'
import type { KubeObject } from '../../../../api/object.ts'
import type { Record } from '../../../../runtime/record/record.ts'
import { judgeRows } from '../../../../runtime/runner/judge-rows.ts'
import { runScenario, type RunOptions } from '../../../../runtime/runner/run-scenario.ts'
import { planOf } from './run-text.ts'

const manifest = `apiVersion: apps/v1
    kind: Deployment
    metadata: { name: web, labels: { app: web } }
    spec:
      replicas: 2
      progressDeadlineSeconds: 60
      selector: { matchLabels: { app: web } }
      template:
        metadata: { labels: { app: web } }
        spec: { containers: [{ name: app, image: "web:1" }] }`
const start = `  cluster { pool workers 2 { cpu 2, memory 4Gi, images ["web:1"], label tier=front } }
  apply \`\`\`yaml
    ${manifest}
  \`\`\`
  expect deployment/web is RolledOut within 1m
  mark t1
`
const run = (body: string, options: Partial<RunOptions> = {}): Record =>
  runScenario(planOf(`scenario "test" {\n${start}${body}\n}\n`), { seed: '1', createCluster, ...options })
const delta = (...lines: readonly string[]): string =>
  `\`\`\`delta\n${lines.map((one) => `    ${one}`).join('\n')}\n  \`\`\``
const rowsOf = (record: Record): readonly string[] =>
  record.findings.flatMap((one) =>
    one.comparisons.flatMap((it) => it.rows.map((row) => `${row.what}: ${row.expected}, ${row.actual}`)),
  )

const scaled = [
  '~ deployment/web {.spec.replicas}: 2 -> 3',
  '~ replicaset/web-* {.spec.replicas}: 2 -> 3',
  '~ replicaset/web-* {.metadata.annotations["deployment.kubernetes.io/desired-replicas"]}: "2" -> "3"',
  '~ replicaset/web-* {.metadata.annotations["deployment.kubernetes.io/max-replicas"]}: "3" -> "4"',
  '+ pod/web-*',
]
const scale = '  scale deployment/web to 3\n  expect deployment/web is RolledOut within 1m\n'

describe('expect changes since', () => {
  test.each<[string, readonly string[], readonly string[]]>([
    ['all of it', scaled, []],
    ['in any order', scaled.toReversed(), []],
    ['some of it, and anything else', [scaled[0]!, '~ ...'], []],
    ['a field of the status that is named', [...scaled, '~ deployment/web {.status.readyReplicas}: 2 -> 3'], []],
    ['too little', scaled.slice(1), ['~ deployment/web {.spec.replicas}: 2 -> 3: not listed, happened']],
    [
      'another value',
      ['~ deployment/web {.spec.replicas}: 2 -> 4', '~ ...'],
      ['deployment/web {.spec.replicas}: 2 -> 4, 2 -> 3'],
    ],
    [
      'a text for a number',
      ['~ deployment/web {.spec.replicas}: "2" -> "3"', '~ ...'],
      ['deployment/web {.spec.replicas}: "2" -> "3", 2 -> 3'],
    ],
    [
      'what did not change',
      ['~ deployment/web {.spec.paused}: absent -> true', '~ ...'],
      ['~ deployment/web {.spec.paused}: absent -> true: absent -> true, no change'],
    ],
    ['too many', ['+ pod/web-* x2', '~ ...'], ['+ pod/web-* x2: 2, 1']],
    ['what did not go', ['- pod/web-*', '~ ...'], ['- pod/web-*: 1, 0']],
  ])('%s', (_, lines, expected) => {
    const record = run(`${scale}  expect changes since t1 are ${delta(...lines)}`)
    expect(rowsOf(record)).toEqual(expected)
    expect(record.verdict).toBe(expected.length === 0 ? 'PASS' : 'FAIL')
  })

  test('an object that went and came back did both', () => {
    const record = run(`  create configmap a
  mark t2
  delete configmap/a
  create configmap a
  expect changes since t2 are ${delta('- configmap/a', '+ configmap/a')}`)
    expect(rowsOf(record)).toEqual([])
  })

  test('a failure tells the whole change set, as a block would', () => {
    const record = run(`${scale}  expect changes since t1 are ${delta('+ pod/other')}`)
    expect(record.findings[0]?.help).toEqual(expect.arrayContaining(['it was:', scaled[0]]))
  })
})

const tryOut = (block: string, ...lines: readonly string[]): string =>
  `  expect changes if { ${block} } are ${delta(...lines)}`

describe('expect changes if', () => {
  test('tells what would happen, and nothing of it happens', () => {
    const record = run(`${tryOut('scale deployment/web to 3', ...scaled)}
  expect deployment/web{.spec.replicas} == 2
  expect exactly 2 pods are Ready`)
    expect([rowsOf(record), record.verdict]).toEqual([[], 'PASS'])
  })

  test('what selectors reach counts as well', () => {
    const service = `  create \`\`\`yaml
    apiVersion: v1
    kind: Service
    metadata: { name: web }
    spec: { selector: { app: web }, ports: [{ port: 80 }] }
  \`\`\`
  settle
`
    const lines = ['~ service/web {pods}: 2 -> 0', '~ pod/web-* {.metadata.labels.app}: "web" -> "other"', '~ ...']
    expect(rowsOf(run(`${service}${tryOut('label pods[app=web] app=other', ...lines)}`))).toEqual([
      // The ReplicaSet makes two others, and the Service finds them.
      '~ service/web {pods}: 2 -> 0: 2 -> 0, no change',
    ])
    expect(
      rowsOf(run(`${service}${tryOut('scale deployment/web to 3', '~ service/web {pods}: 2 -> 3', '~ ...')}`)),
    ).toEqual([])
    expect(rowsOf(run(`${service}${tryOut('scale deployment/web to 3', ...scaled)}`))).toContain(
      '~ service/web {pods}: 2 -> 3: not listed, happened',
    )
  })

  test('a step that is refused in it fails the sentence', () => {
    const record = run(tryOut('delete pod/none', '~ ...'))
    expect(record.findings.map((one) => one.code)).toEqual(['E201'])
  })

  test('two of them, with steps between, and the same run twice', () => {
    const body = `${tryOut('scale deployment/web to 3', ...scaled)}
  create configmap a
${tryOut('delete configmap/a', '- configmap/a')}`
    const [first, second] = [run(body), run(body)]
    expect(rowsOf(first)).toEqual([])
    expect(first.hash).toBe(second.hash)
  })
})

describe('snapshots', () => {
  const body = '  snapshot "web" of deployment/web, pods[app=web]'
  const kept = (): readonly KubeObject[] => run(body).snapshots![0]!.objects

  test('what no two runs agree about is left out', () => {
    const text = JSON.stringify(kept())
    expect(text).not.toMatch(/"uid"|resourceVersion|managedFields|20\d\d-/)
    expect(kept().map((one) => one.metadata.name)).toEqual(['web', 'web-<rs1>-<1>', 'web-<rs1>-<2>'])
  })

  test.each<[string, (objects: readonly KubeObject[]) => readonly KubeObject[], string, readonly string[]]>([
    ['the same', (objects) => objects, 'PASS', []],
    ['one less', (objects) => objects.slice(1), 'FAIL', []],
    [
      'another value',
      ([web, ...pods]) => [
        { ...web!, spec: { ...(web as never as { spec: object }).spec, replicas: 7 } } as never,
        ...pods,
      ],
      'FAIL',
      ['{.spec.replicas}: 7, 2'],
    ],
  ])('%s', (_, change, verdict, rows) => {
    const objects = change(kept())
    const record = run(body, { snapshots: { read: () => objects, frozen: true } })
    expect([record.verdict, rowsOf(record)]).toEqual([verdict, rows])
  })

  test('a missing one is taken, and fails where nothing is written', () => {
    const none = { read: () => undefined }
    expect(run(body, { snapshots: { ...none, frozen: false } }).snapshots?.[0]?.outcome).toBe('new')
    expect(run(body, { snapshots: { ...none, frozen: true } }).findings.map((one) => one.code)).toEqual(['F107'])
  })
})

describe('margins and coverage', () => {
  test('a monitor tells how close it came', () => {
    const record = run(`  do { never count(pods[app=web]) > 5\n${scale} }`)
    expect(record.sentences.find((one) => one.text.startsWith('never'))?.margin).toMatchObject({
      minimum: '2',
      maximum: '3',
    })
  })

  test('sometimes: one of the rows is enough', () => {
    const [there, not] = [2, 9].map((count) => run(`  sometimes count(pods) >= ${count}\n  wait 1s`))
    expect(judgeRows([there!]).map((one) => one.verdict)).toEqual(['PASS'])
    expect(judgeRows([not!]).map((one) => [one.verdict, one.findings[0]?.code])).toEqual([['FAIL', 'F106']])
  })
})
