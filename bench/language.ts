import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { compile } from '../dsl/compile.ts'
import type { SourceHost } from '../dsl/source/source-file.ts'
import { command, commandPeak } from './command.ts'
import { measure, type Figures } from './measure.ts'

/** A scenario of 40 lines, with manifests, a table's worth of claims, faults and monitors. */
const scenario = (number: number): string => `# What a rollout promises, case ${number}.
scenario "rollout ${number}" {
  cluster {
    kubernetes 1.36
    pool workers 3 { cpu 4, memory 16Gi, zones [a, b, c] }
  }
  behavior image "web:*" { pull 2s, start 1s, ready after 3s, stop 1s }
  always count(p in pods[app=web]: p is not Terminating) <= 12

  apply \`\`\`yaml
    apiVersion: apps/v1
    kind: Deployment
    metadata: { name: web-${number}, labels: { app: web } }
    spec:
      replicas: 10
      selector: { matchLabels: { app: web } }
      strategy: { rollingUpdate: { maxSurge: 1, maxUnavailable: 1 } }
      template:
        metadata: { labels: { app: web } }
        spec:
          containers:
            - name: app
              image: "web:v1"
              resources: { requests: { cpu: 250m, memory: 64Mi } }
              readinessProbe: { httpGet: { port: 80 }, periodSeconds: 1 }
  \`\`\`
  expect deployment/web-${number} is RolledOut within 1m
  let lost = [p in pods[app=web]: p is on node/workers-0]
  do {
    always deployment/web-${number}{.status.availableReplicas} >= 9
    set-image deployment/web-${number} app=web:v2
    expect deployment/web-${number} is RolledOut within 5m
  }
  expect all p in pods[app=web]: p{.spec.containers[name=app].image} == "web:v2" within 5s
  inject crash node/workers-0
  expect node/workers-0 is NotReady because NodeStatusUnknown within 1m30s
  expect all p in lost: p is Terminating within 6m
  heal node/workers-0
  settle within 20m
}
`

const textOf = (lines: number): string => {
  let text = ''
  for (let number = 1; text.split('\n').length < lines; number += 1) text += `${scenario(number)}\n`
  return text
}

const hostOf = (text: string): SourceHost => ({ read: (path) => ({ path, text }), glob: () => [] })

/** Parse, check and lower of a text that no compilation has seen: a comment at its end differs each time. */
const compileOnce = (text: string, run: number): void => {
  const { plan, diagnostics } = compile(['bench.kscn'], hostOf(`${text}# ${run}\n`))
  if (plan === undefined) throw new Error(diagnostics.map((one) => one.message).join('\n'))
}

const smallFile = (number: number): string => `# A pod becomes ready, case ${number}.
scenario "small ${number}" {
  cluster { pool workers 2 { cpu 2, memory 4Gi } }
  create \`\`\`yaml
    apiVersion: v1
    kind: Pod
    metadata: { name: web-${number} }
    spec: { containers: [{ name: app, image: "nginx:1.27" }] }
  \`\`\`
  expect pod/web-${number} is Ready within 30s
  delete pod/web-${number}
  expect pod/web-${number} is gone within 1m
}
`

/** Compilation of a long file, its growth, and a thousand small files cold from the command line. */
export const language = (): readonly Figures[] => {
  let run = 0
  const long = [1, 2, 4].map((times) => {
    const text = textOf(2000 * times)
    return measure({
      work: `parse, check and lower ${text.split('\n').length - 1} lines${times === 1 ? '' : ` (${times}×)`}`,
      goal: `${60 * times} ms`,
      runs: 30,
      warmUp: 15,
      once: () => compileOnce(text, (run += 1)),
    })
  })
  const folder = mkdtempSync(join(tmpdir(), 'kscn-bench-'))
  try {
    for (let number = 0; number < 1000; number += 1) writeFileSync(join(folder, `${number}.kscn`), smallFile(number))
    return [
      ...long,
      measure({
        work: 'kscn check, 1,000 small files, cold',
        goal: '1500 ms',
        runs: 7,
        warmUp: 1,
        once: () => command(['check', folder]),
        peak: () => commandPeak(['check', folder]),
      }),
    ]
  } finally {
    rmSync(folder, { recursive: true })
  }
}
