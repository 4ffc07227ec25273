import { execFileSync } from 'node:child_process'
import { readdirSync, readFileSync } from 'node:fs'
import { Ajv, type ValidateFunction } from 'ajv'
import { describe, expect, test } from 'vitest'
import { createSourceHost } from '../../../../cli/source-host.ts'
import { compile } from '../../../../dsl/compile.ts'
import type { Plan } from '../../../../dsl/plan/plan.ts'
import { compileText } from '../support/compile-text.ts'

const committed = readFileSync('docs/plan.schema.json', 'utf8')
const validate = new Ajv({ strict: false }).compile(JSON.parse(committed) as object) as ValidateFunction<Plan>
const json = (plan: Plan | undefined): unknown => JSON.parse(JSON.stringify(plan))
const folder = 'scenarios/examples'
const examples = readdirSync(folder).filter((name) => name.endsWith('.kscn'))

describe('the JSON Schema of plans', () => {
  test('is what the types say (node tools/generate-plan-schema.mjs)', () => {
    const generated = execFileSync(process.execPath, ['tools/generate-plan-schema.mjs', '--print'], {
      encoding: 'utf8',
    })
    expect(generated).toBe(committed)
  })

  test.each(examples)('%s', (name) => {
    const { plan } = compile([`${folder}/${name}`], createSourceHost())
    expect(plan).toBeDefined()
    validate(json(plan))
    expect(validate.errors ?? []).toEqual([])
  })

  test('every construct of the language', () => {
    const { plan, diagnostics } = compileText(everything, {
      'web.yaml': 'apiVersion: v1\nkind: ConfigMap\nmetadata: { name: a }\n',
      'checks.ts': 'export const fine = () => true\n',
    })
    expect(diagnostics.filter((one) => one.severity === 'error')).toEqual([])
    validate(json(plan))
    expect(validate.errors ?? []).toEqual([])
  })

  test.each<[string, (plan: Plan) => unknown]>([
    ['a version of its own', (plan) => ({ ...plan, schemaVersion: 2 })],
    ['a field too many', (plan) => ({ ...plan, more: true })],
    ['a field too few', (plan) => ({ ...plan, scenarios: plan.scenarios.map(({ title: _, ...rest }) => rest) })],
    [
      'an operation that there is not',
      (plan) => ({
        ...plan,
        scenarios: plan.scenarios.map((one) => ({ ...one, body: { operations: [{ kind: 'dance' }] } })),
      }),
    ],
  ])('refuses %s', (_, spoil) => {
    const { plan } = compileText('scenario "a" {\n  cluster { pool workers 1 { cpu 2 } }\n  settle\n}\n')
    expect(validate(json(plan))).toBe(true)
    expect(validate(json(spoil(plan!) as Plan))).toBe(false)
  })
})

const everything = `
user dana { groups [dev] }
behavior image "web:*" { pull size 20Mi, ready after 1s, unready after 1m for 5s, memory 50Mi -> 100Mi over 1m }
behavior pod/db-0 container app { crash after 5s times 2, exit 0 after 1s, ignores-sigterm }
invariant enough(n: int) = count(p in pods: p is Ready) >= n

@slow @limit(2h, 1M events) @seed(7)
scenario "everything" {
  cases
    | n | when |
    | 1 | 2s   |
  cluster { pool workers 3 { cpu 2, zones [a, b], taint k=v:NoSchedule } }
  let all-pods = [p in pods[app=web]: p is Ready]
  let one = any pods[app=web]
  namespace team
  apply "web.yaml" as dana may-fail Forbidden saying /no/
  create \`\`\`yaml
    apiVersion: v1
    kind: Pod
    metadata: { name: "x-\${n}" }
    spec: { containers: [{ name: app, image: "web:1" }] }
  \`\`\`
  patch pod/x \`\`\`yaml
    metadata: { labels: { a: b } }
  \`\`\`
  always enough(n) within 5s
  never pod/x is Failed for 1s
  whenever pod/x is Ready then event Started on pod/x within 1s
  sometimes pod/x is Ready
  on live { settle }
  on sim { wait when }
  every 10s +/- 1s for 30s { scale deployment/web to 1..3 }
  parallel { wait 1s
    wait 2s }
  background { repeat 2 { delete any pods[app=web] force grace 0s } }
  each p in all-pods { label p a=b c- }
  at 1h
  mark before
  inject crash node/workers-0 for 10s with probability 30%
  heal all
  explain pod/x
  expect pod/x goes Pending -> ... -> Running from now within 1m
  expect pod/x is Ready until pod/x is gone within 1m
  expect pod/x matches \`\`\`yaml
    status: { podIP: \${present} }
  \`\`\`
  expect count(events[reason=Started] since before) >= 1
  expect user/dana cannot create pods
  expect exactly 80% pods are on nodes[zone=a] within 1s for 2s
}
`
