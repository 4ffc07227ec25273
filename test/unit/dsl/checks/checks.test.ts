import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { checks } from '../../../../dsl/checks/registry.ts'
import { createReporter } from '../../../../dsl/diagnostics/report.ts'
import { compileText, places } from '../support/compile-text.ts'

const cluster = '  cluster { pool workers 2 { cpu 2, memory 4Gi, zones [a, b] } }'
const found = (body: string, tags = ''): readonly string[] =>
  places(compileText(`${tags}scenario "s" {\n${cluster}\n${body}\n}\n`))

describe('the family of checks', () => {
  test('every check is a file of its own name and stands in the registry once', () => {
    const files = readdirSync('dsl/checks').filter((one) =>
      /^export const \w+: Check = \{/m.test(readFileSync(`dsl/checks/${one}`, 'utf8')),
    )
    expect(files.map((one) => one.replace('.ts', '')).sort()).toEqual(checks.map((one) => one.name).sort())
    expect(new Set(checks.map((one) => one.name)).size).toBe(checks.length)
    expect(checks.length).toBeGreaterThan(10)
  })

  test.each(checks.map((one) => [one.name, one] as const))(
    '%s: its codes have pages, and it looks at something',
    (_, check) => {
      expect(check.codes.length).toBeGreaterThan(0)
      for (const code of check.codes) expect(existsSync(`docs/diagnostics/${code}.md`)).toBe(true)
      expect('file' in check || 'scenario' in check).toBe(true)
    },
  )

  test.each(checks.map((one) => [one.name, one] as const))(
    '%s: reports nothing but its codes, inside of the source',
    (_, check) => {
      const page = readFileSync(`docs/diagnostics/${check.codes[0] ?? ''}.md`, 'utf8')
      const wrong = /## Wrong\n\n`{4}kscn\n([\s\S]*?)`{4}\n/.exec(page)?.[1] ?? ''
      const { diagnostics } = compileText(wrong)
      const own = diagnostics.filter((one) => check.codes.includes(one.code))
      for (const one of own) {
        expect(one.span.start).toBeGreaterThanOrEqual(0)
        expect(one.span.end).toBeLessThanOrEqual(wrong.length)
        expect(one.span.end).toBeGreaterThan(one.span.start)
      }
      // The page's example is found by this check, or by what resolves single words.
      expect(own.length).toBeGreaterThan(0)
      expect(createReporter().count()).toBe(0)
    },
  )
})

const manifest = (containers: string, labels = 'app: web'): string =>
  `  create \`\`\`yaml\n    apiVersion: v1\n    kind: Pod\n    metadata: { name: web, labels: { ${labels} } }\n    spec: { containers: [${containers}] }\n  \`\`\``

describe('what checks leave alone', () => {
  test.each([
    ['a claim after a step', '  expect 3 pods are Ready within 1m\n  delete any pods\n  expect no pods are Ready'],
    ['a claim after time', '  expect pod/web is Pending\n  wait 5s\n  expect pod/web is Running'],
    ['claims about different things', '  expect 3 pods[app=a] are Ready\n  expect no pods[app=b] are Ready'],
    ['phase and condition', '  expect pod/web is Running and pod/web is Ready'],
    ['phase and column', '  expect pod/web is Running and pod/web is CrashLoopBackOff'],
    ['bounds that meet', '  expect at least 3 pods are Ready\n  expect at most 3 pods are Ready'],
    ['for behind within', '  expect no pods are Ready for 5s\n  expect 3 pods are Ready'],
    ['a count that can be none', '  expect count(pods) == 0'],
    ['the limit itself', '  wait 1h'],
    ['at, not yet past', '  wait 30s\n  at 30s'],
    ['a deadline behind settle and a step', '  settle\n  delete any pods\n  expect no pods exist within 1m'],
    [
      'a deadline behind settle beside a fault',
      '  inject crash node/workers-0 for 30m\n  settle\n  expect node/workers-0 is Ready within 1h',
    ],
    ['a monitor before what it watches', '  never pods are Failed\n  wait 1m'],
    ['a monitor beside a track', '  background { wait 1m }\n  never pods are Failed'],
    ['nodes of the cluster', '  inject crash node/workers-1 for 1m\n  expect nodes[zone=b] are Ready within 1m'],
    ['a pool that grows', '  scale pool/workers to 4\n  expect node/workers-3 is Ready within 5m'],
    [
      'a label that a step gives',
      `${manifest('{ name: a, image: "a:1" }')}\n  label pod/web app=wbe\n  expect pods[app=wbe] are Running within 1m`,
    ],
    ['another label', `${manifest('{ name: a, image: "a:1" }')}\n  expect no pods[app=database] exist`],
    [
      'a probe that is there',
      `  behavior image "a:1" { ready after 5s }\n${manifest('{ name: a, image: "a:1", readinessProbe: { httpGet: { port: 80 } } }')}\n  expect pod/web is Ready within 1m`,
    ],
    [
      'an end that a behavior brings',
      `  behavior image "a:*" { exit 0 after 5s }\n${manifest('{ name: a, image: "a:1" }')}\n  expect pod/web is Completed within 1m`,
    ],
    ['a let that a string mentions', '  let name = "web"\n  expect pod/${name} is Running within 5s'],
    ['a let that a path mentions', '  let p = any pods\n  delete pod/${p{.metadata.name}}'],
    [
      'repeated lines of a script',
      `  behavior image "a:1" { crash after 5s, exit 0 after 5s, crash after 1s }\n${manifest('{ name: a, image: "a:1" }')}\n  wait 1s`,
    ],
  ])('%s', (_, body) => {
    expect(found(body)).toEqual([])
  })

  test('what a file declares for others, and what it imports for its behaviors', () => {
    expect(places(compileText('let spare = 3\n\nsteps up() { delete any pods }\n'))).toEqual([])
    const text = 'import "lib.kscn" as lib\n\nscenario "s" {\n  delete any pods\n}\n'
    expect(places(compileText(text, { 'lib.kscn': 'behavior image "a:1" { start 1s }\n' }))).toEqual([])
    expect(places(compileText(text, { 'lib.kscn': 'let a = 1\n' }))).toEqual(['K139 1:8'])
  })

  test('consequences of another mistake', () => {
    expect(found('  lett pause = 5s\n  wait pause')).toEqual(['K001 3:3'])
    expect(found('  cses\n    | n |\n    | 1 |\n  wait 1s * n')).toEqual(['K001 3:3'])
    expect(found('  let unused = 5s\n  wiat 3s')).toEqual(['K001 4:3'])
  })
})
