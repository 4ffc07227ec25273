import { describe, expect, test } from 'vitest'
import { createCluster } from '../../../../runtime/cluster/create-cluster.ts'
import type { Record } from '../../../../runtime/record/record.ts'
import { runScenario } from '../../../../runtime/runner/run-scenario.ts'
import { planOf } from './run-text.ts'

const run = (body: string): Record =>
  runScenario(
    planOf(`scenario "test" {\n  cluster { pool workers 2 { cpu 2, memory 4Gi, images ["web:1"] } }\n${body}\n}\n`),
    { seed: '1', createCluster },
  )
const pod = (name: string): string =>
  `create \`\`\`yaml
    apiVersion: v1
    kind: Pod
    metadata: { name: ${name} }
    spec: { nodeName: workers-0, containers: [{ name: app, image: "web:1" }] }
  \`\`\``
const cut = 'inject partition controller-manager from apiserver/* for 30s'
const errors = (record: Record): string => record.findings.map((one) => one.message).join('\n')

describe('`seen by`', () => {
  test.each([
    ['what was heard', `${pod('a')}\n  expect pod/a exists seen by kubelet/workers-0 within 1s`],
    ['only the pods of its node', `${pod('a')}\n  wait 1s\n  expect no pods exist seen by kubelet/workers-1`],
    ['what the store has, once settled', `${pod('a')}\n  settle\n  expect pod/a is Ready seen by scheduler`],
    [
      'not what a partition keeps from it',
      `${cut}\n  ${pod('a')}\n  expect no pods exist seen by controller/job for 20s`,
    ],
    [
      'what it held when the store has moved on',
      `${pod('a')}
  settle
  ${cut}
  delete pod/a
  expect pod/a is gone within 1m
  expect pod/a is not Terminating seen by controller-manager`,
    ],
    [
      'what comes late, at the instant of its coming',
      `${cut}
  ${pod('a')}
  expect pod/a exists
  expect no pods exist seen by controller/deployment
  expect pod/a exists seen by controller/deployment within 2m`,
    ],
    [
      'a captured object as the cache has it',
      `${cut}
  ${pod('a')}
  let one = any pods
  expect one is gone seen by controller/deployment`,
    ],
    [
      'nothing after a crash',
      `${pod('a')}
  settle
  inject crash kubelet/workers-0
  expect no pods exist seen by kubelet/workers-0
  heal kubelet/workers-0
  expect pod/a exists seen by kubelet/workers-0 within 10s`,
    ],
    [
      'a block',
      `${pod('a')}
  expect pod/a seen by kubelet/workers-0 within 1s matches \`\`\`yaml
    spec: { nodeName: workers-0 }
  \`\`\``,
    ],
  ])('%s', (_, body) => {
    const record = run(body)
    expect([errors(record), record.verdict]).toEqual(['', 'PASS'])
  })

  test.each([
    [
      'a claim about the cache can fail',
      `${cut}\n  ${pod('a')}\n  expect pod/a exists seen by controller/job`,
      'FAIL',
      '',
    ],
    [
      'a kind that the component does not watch',
      'create configmap a\n  expect no configmaps exist seen by scheduler',
      'ERROR',
      'scheduler does not watch configmaps',
    ],
    [
      'a component that is not there',
      'expect no pods exist seen by controller/deploymnt',
      'ERROR',
      'there is no controller/deploymnt',
    ],
    ['several at once', 'expect no pods exist seen by kubelet/*', 'ERROR', 'are several'],
  ])('%s', (_, body, verdict, message) => {
    const record = run(body)
    expect(record.verdict).toBe(verdict)
    expect(errors(record)).toContain(message)
  })

  test('looking changes nothing of what happens', () => {
    const story = `${pod('a')}\n  wait 30s`
    expect(run(`${story}\n  expect pod/a exists seen by scheduler`).timeline.length).toBe(
      run(`${story}\n  expect pod/a exists`).timeline.length,
    )
  })
})
