import { describe, expect, it } from 'vitest'
import { runControllers, scenarioWith } from './run-controller.ts'

const oneMap = '  create configmap a\n  wait 30s'
const pods = `  create configmap a
  create \`\`\`yaml
    apiVersion: apps/v1
    kind: ReplicaSet
    metadata: { name: web }
    spec:
      replicas: 1
      selector: { matchLabels: { app: web } }
      template:
        metadata: { labels: { app: web } }
        spec: { containers: [{ name: app, image: "web:v1" }] }
  \`\`\`
  wait 30s`

type Case = readonly [names: readonly string[], says: RegExp, verdict: 'FAIL' | 'ERROR', body: string]

/** Controllers that do wrong: who, what the finding says in short, and what the run ends with. */
const cases: readonly Case[] = [
  [['type-error'], /threw TypeError: .*bad\.ts:\d+:\d+/, 'FAIL', oneMap],
  [['throws-always'], /failed 5 times in a row.*no answer for default\/a/, 'FAIL', oneMap],
  [['throws-text'], /failed 5 times in a row.*out of luck/, 'FAIL', oneMap],
  [['hot-loop'], /ran 50 times in a row because of what it wrote itself/, 'FAIL', oneMap],
  [['hot-instant'], /1000 times in one instant/, 'FAIL', oneMap],
  [['never-returns'], /it made 2000 requests and has not returned/, 'FAIL', '  create configmap a\n  wait 5m'],
  [['endless'], /its code never came back from the reconcile of default\/a/, 'FAIL', oneMap],
  [['endless-catch'], /its code never came back/, 'FAIL', oneMap],
  [['into-the-void'], /was refused \(404 NotFound\)/, 'FAIL', oneMap],
  [['plain-yield'], /write `yield\*` instead of `yield`/, 'FAIL', oneMap],
  [['never-sent'], /a request that never left: patch v1\/ConfigMap/, 'FAIL', oneMap],
  [['no-result'], /returned what is no result/, 'FAIL', oneMap],
  [['no-object'], /`update` wants an object with apiVersion, kind and metadata/, 'FAIL', oneMap],
  [['left', 'right'], /controller\/left and controller\/right fight over configmap\/a/, 'FAIL', oneMap],
  [['greedy'], /took what belongs to ReplicaSet web/, 'FAIL', pods],
  [['interval'], /`setInterval` does not exist in a run/, 'FAIL', oneMap],
  [['fetches'], /`fetch` does not exist in a run/, 'FAIL', oneMap],
  [['waits-forever'], /waits for what is neither an answer nor a timer.*bad\.ts:\d+:\d+/, 'FAIL', oneMap],
  [['endless-async'], /its code never came back/, 'FAIL', oneMap],
  [['forgets'], /returned while a request of its own was under way/, 'FAIL', oneMap],
  [['bad-watch'], /its `watches` of v1\/ConfigMap threw TypeError/, 'FAIL', oneMap],
  [['no-generator'], /`reconcile` returned no generator/, 'FAIL', oneMap],
  [['no-reconcile'], /`reconcile` is no generator function/, 'ERROR', oneMap],
  [['no-kind'], /`reconciles` wants a kind/, 'ERROR', oneMap],
  [['no-workers'], /`workers` wants a number of workers/, 'ERROR', oneMap],
  [['nobody'], /exports nothing whose `name` is "nobody"/, 'ERROR', oneMap],
]

describe('a controller under test that does wrong', () => {
  it.each(cases)('%j', (names, says, verdict, body) => {
    const { record, report } = runControllers(scenarioWith(names, body))
    expect(report).toMatchSnapshot()
    expect(record.findings[0]?.message).toMatch(says)
    expect(record.findings[0]?.sentence).toMatch(/^controller\//)
    expect(record.verdict).toBe(verdict)
    expect(report.split('\n').filter((line) => line.length > 80)).toEqual([])
  })

  it('is named by `no-fight`, with the one that it fights', () => {
    const body = `  always no-fight
  create \`\`\`yaml
    apiVersion: apps/v1
    kind: Deployment
    metadata: { name: web }
    spec:
      replicas: 1
      selector: { matchLabels: { app: web } }
      template:
        metadata: { labels: { app: web } }
        spec: { containers: [{ name: app, image: "web:v1" }] }
  \`\`\`
  wait 30s`
    const { record } = runControllers(scenarioWith(['up', 'down'], body))
    expect(record.findings[0]?.message).toMatch(/went to and fro .*: down and up write it in turn/)
  })
})
