import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { parse, stringify } from 'yaml'
import { kscn, root } from './kscn.ts'
import { startServer, type Served } from './served.ts'

const folder = mkdtempSync(join(tmpdir(), 'kscn-diff-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))
const file = (name: string, text: string): string => {
  const path = join(folder, name)
  writeFileSync(path, text)
  return path
}

const manifest = (image: string, replicas: number): string => `apiVersion: apps/v1
kind: Deployment
metadata: { name: web, labels: { app: web } }
spec:
  replicas: ${replicas}
  selector: { matchLabels: { app: web } }
  template:
    metadata: { labels: { app: web } }
    spec:
      containers:
        - { name: app, image: "${image}", resources: { requests: { cpu: 500m, memory: 1Gi } } }
        - { name: side, image: "side:v1" }
`

interface Told {
  readonly equal: boolean
  readonly differences: readonly {
    readonly kind: string
    readonly object: string
    readonly changes?: readonly {
      readonly path: string
      readonly group: string
      readonly before?: unknown
      readonly after?: unknown
    }[]
  }[]
}
const told = (...args: readonly string[]): Told => JSON.parse(kscn(['diff', ...args, '--json']).out) as Told

describe('kscn diff', () => {
  const v1 = file('v1.yaml', manifest('web:v1', 3))
  const v2 = file('v2.yaml', manifest('web:v2', 5))

  it('names exactly the fields that differ', () => {
    const { code, out } = kscn(['diff', v1, v2])
    expect(out.replaceAll(folder, '.')).toBe(`--- ./v1.yaml
+++ ./v2.yaml

~ deployment/web
    {.spec.replicas}: 3 -> 5
    {.spec.template.spec.containers[name=app].image}: "web:v1" -> "web:v2"

1 object changed in 2 fields
`)
    expect(code).toBe(1)
  })

  it('finds no difference in other units, other orders and written-out defaults', () => {
    const same = file(
      'same.yaml',
      `apiVersion: v1
kind: List
items:
  - spec:
      template:
        spec:
          containers:
            - { image: "side:v1", name: side, imagePullPolicy: IfNotPresent }
            - { name: app, resources: { requests: { memory: 1024Mi, cpu: 0.5 } }, image: "web:v1" }
          restartPolicy: Always
        metadata: { labels: { app: web } }
      selector: { matchLabels: { app: web } }
      revisionHistoryLimit: 10
      replicas: 3
    metadata: { labels: { app: web }, name: web, namespace: default }
    kind: Deployment
    apiVersion: apps/v1
`,
    )
    const { code, out, err } = kscn(['diff', v1, same])
    expect(out).toBe('no difference: 1 object and 1 object say the same\n')
    expect(err).toBe('')
    expect(code).toBe(0)
  })

  it('annotates for GitHub', () => {
    expect(kscn(['diff', v1, v2, '--github']).out).toBe(
      '::error title=deployment/web changed::{.spec.replicas}: 3 -> 5%0A{.spec.template.spec.containers[name=app].image}: "web:v1" -> "web:v2"\n::notice title=kscn diff::1 object changed in 2 fields\n',
    )
  })

  it('reads folders, and objects that only one side has', () => {
    mkdirSync(join(folder, 'many', 'deep'), { recursive: true })
    file('many/web.yaml', manifest('web:v1', 3))
    file('many/deep/config.yml', 'apiVersion: v1\nkind: ConfigMap\nmetadata: { name: c }\n')
    expect(told(v1, join(folder, 'many')).differences).toEqual([
      { kind: 'added', object: 'configmap/c', subject: 'configmaps/default/c' },
    ])
  })

  it.each<[string, string, RegExp]>([
    ['broken YAML', 'apiVersion: v1\nkind: [\n', /broken\.yaml:\d+:\d+ is not YAML/],
    [
      'an unknown kind',
      'apiVersion: v1\nkind: Widget\nmetadata: { name: a }\n',
      /no kind Widget in version v1[\s\S]*CustomResourceDefinition/,
    ],
    ['no kind at all', 'a: 1\n', /has no kind/],
    ['one object twice', `${manifest('a', 1)}---\n${manifest('b', 1)}`, /holds Deployment web twice/],
    ['a record that breaks off', '{"schemaVersion": 1, "scenarios": [{"tit', /breaks off/],
    [
      'a record of another version',
      '{"schemaVersion": 9, "scenarios": []}',
      /version 9, and this kscn reads version 1/,
    ],
    [
      'a record without history',
      '{"schemaVersion": 1, "scenarios": [{"title": "a", "verdict": "PASS"}]}',
      /holds no history/,
    ],
  ])('refuses %s', (_, text, message) => {
    const { code, out, err } = kscn(['diff', file('broken.yaml', text), v1])
    expect(err).toMatch(message)
    expect(out).toBe('')
    expect(code).toBe(2)
  })

  it('shows hostile names as they are written, and obeys none', () => {
    const evil = file('evil.yaml', 'apiVersion: v1\nkind: ConfigMap\nmetadata: { name: "\\e[31m<script>\\u202e" }\n')
    const { out } = kscn(['diff', v1, evil, '--no-color'])
    expect(out).toContain('+ configmap/\\u001b[31m<script>\\u202e')

    expect(out).not.toMatch(/[\u001b\u202e]/)
  })
})

describe('kscn diff and kscn why of a run', () => {
  const record = join(folder, 'run.json')
  beforeAll(() => {
    expect(kscn(['run', 'test/e2e/fixtures/ten-failures.kscn', '--reporter', `json:${record}`]).code).toBe(1)
  })

  it('compares two instants', () => {
    const { code, out } = kscn(['diff', `${record}@t=5s`, `${record}@7.045s`, '--scenario', 'never', '--no-status'])
    expect(out).toContain('{.spec.template.spec.containers[name=app].image}: "web:v1" -> "web:v2"')
    expect(out).not.toContain('.status.')
    expect(code).toBe(1)
    expect(kscn(['diff', `${record}@5s`, `${record}@t=5s`, '--scenario', 'never']).code).toBe(0)
  })

  it.each<[string, readonly string[], RegExp]>([
    ['which scenario', ['diff', record, record], /holds 10 scenarios[\s\S]*--scenario/],
    ['an instant after the end', ['diff', `${record}@9h`, record, '--scenario', 'count'], /ended at t=/],
    [
      'an object that never was',
      ['why', record, 'pod/nobody', '--scenario', 'count'],
      /nothing called pod\/nobody[\s\S]*there were pod\/web-/,
    ],
    ['an instant that is none', ['why', record, 'pod/*', '--at', 'noon', '--scenario', 'count'], /is no instant/],
    ['what is no record', ['why', 'test/e2e/fixtures/failing.kscn', 'pod/web'], /is no record/],
  ])('asks for %s', (_, args, message) => {
    const { code, err } = kscn(args)
    expect(err).toMatch(message)
    expect(code).toBe(2)
  })

  it('tells why a pod is as it is, down to the behavior and the step', () => {
    const { code, out } = kscn(['why', record, 'pod/*', '--scenario', 'deadline', '--at', '41s'])
    expect(out).toMatchSnapshot()
    expect(out).toContain('behavior image "web:broken"  pull fails')
    expect(out).toContain('script/1: kubectl:apply deployment/web')
    expect(code).toBe(0)
  })
})

describe('kscn diff --what-if', () => {
  it('runs both, and says where they part', () => {
    const source = readFileSync(join(root, 'test/e2e/fixtures/ten-failures.kscn'), 'utf8')
    const other = file('other.kscn', source.replace('do web(image: "web:broken")', 'do web'))
    const args = ['diff', '--what-if', 'test/e2e/fixtures/ten-failures.kscn', other, '--scenario', 'deadline']
    const { code, out } = kscn(args)
    expect(out.replaceAll(folder, '.')).toMatchSnapshot()
    expect(code).toBe(1)
    expect(kscn(['diff', '--what-if', other, other, '--scenario', 'deadline']).code).toBe(0)
  })
})

const hasKubectl = spawnSync('kubectl', ['version', '--client']).status === 0
if (!hasKubectl) process.stderr.write('diff.test: no kubectl here, dumps of a served cluster are not compared\n')

describe.skipIf(!hasKubectl)('kscn diff of dumps that kubectl made', () => {
  let served: Served
  beforeAll(async () => {
    served = await startServer([])
  }, 60_000)
  afterAll(() => served.stop())
  const kubectl = (...args: readonly string[]): string => {
    const child = spawnSync('kubectl', ['--kubeconfig', served.kubeconfig, ...args], { encoding: 'utf8' })
    if (child.status !== 0) throw new Error(`kubectl ${args.join(' ')}: ${child.stderr}`)
    return child.stdout
  }
  const dump = (name: string): string =>
    file(name, kubectl('get', 'deployments,replicasets,pods,services,configmaps', '-A', '-o', 'yaml'))

  it('before and after a rollout: exactly the changed fields', () => {
    kubectl('apply', '-f', file('apply.yaml', manifest('web:v1', 2)))
    kubectl('rollout', 'status', 'deployment/web', '--timeout=60s')
    const before = dump('before.yaml')
    kubectl('set', 'image', 'deployment/web', 'app=web:v2')
    kubectl('rollout', 'status', 'deployment/web', '--timeout=60s')
    for (let tries = 0; tries < 100 && kubectl('get', 'pods', '-o', 'name').trim().split('\n').length > 2; tries += 1)
      spawnSync('sleep', ['0.2'])
    const after = dump('after.yaml')
    const { differences } = told(before, after, '--no-status')
    const deployment = differences.find((one) => one.object === 'deployment/web')!
    expect(deployment.changes!.map(({ path, before: was, after: is }) => [path, was, is])).toEqual([
      ['{.metadata.annotations["deployment.kubernetes.io/revision"]}', '1', '2'],
      ['{.spec.template.spec.containers[name=app].image}', 'web:v1', 'web:v2'],
    ])
    const old = differences.find((one) => one.kind === 'changed' && one.object.startsWith('replicaset/'))!
    expect(old.changes!.map(({ path, before: was, after: is }) => [path, was, is])).toEqual([
      ['{.spec.replicas}', 2, 0],
    ])
    const rest = differences
      .filter((one) => one !== deployment && one !== old)
      .map((one) => `${one.kind} ${one.object.split('/')[0]!}`)
      .sort()
    expect(rest).toEqual(['added pod', 'added pod', 'added replicaset', 'removed pod', 'removed pod'])
    expect(kscn(['diff', before, after]).code).toBe(1)

    // The same state, written otherwise: keys and items turned round, amounts in other units, defaults left out.
    const turned = (value: unknown): unknown => {
      if (Array.isArray(value)) return value.map(turned)
      if (typeof value !== 'object' || value === null)
        return value === '500m' ? '0.5' : value === '1Gi' ? '1024Mi' : value
      return Object.fromEntries(
        Object.entries(value)
          .filter(
            ([key, inner]) => !(key === 'terminationMessagePath' || (key === 'restartPolicy' && inner === 'Always')),
          )
          .reverse()
          .map(([key, inner]) => [
            key,
            key === 'containers' ? (turned(inner) as unknown[]).toReversed() : turned(inner),
          ]),
      )
    }
    const list = parse(readFileSync(after, 'utf8')) as { readonly items: readonly unknown[] }
    const other = file(
      'other.yaml',
      stringify({ apiVersion: 'v1', kind: 'List', items: list.items.map(turned).toReversed() }),
    )
    const same = kscn(['diff', after, other])
    expect(same.out).toMatch(/^no difference: \d+ objects/)
    expect(same.code).toBe(0)
  }, 120_000)
})
