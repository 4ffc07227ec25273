import { beforeAll, describe, expect, it } from 'vitest'
import { createSourceHost } from '../../../../cli/source-host.ts'
import { compile } from '../../../../dsl/compile.ts'
import type { ApiResponse } from '../../../../api/protocol/response.ts'
import type { Cluster } from '../../../../runtime/cluster/cluster.ts'
import { createCluster } from '../../../../runtime/cluster/create-cluster.ts'
import { runScenario } from '../../../../runtime/runner/run-scenario.ts'

const text = `scenario "s" {
  cluster { pool workers 2 { cpu 4, memory 8Gi }, images ["app:1", "quiet:1"] }
  behavior image "app:1" { log "ready", log "tick" every 10s, log "bye" at exit, crash after 25s times 1, exit 0 after 10h }
  create \`\`\`yaml
    apiVersion: v1
    kind: Pod
    metadata: { name: web }
    spec: { nodeName: workers-0, containers: [{ name: app, image: "app:1" }] }
    ---
    apiVersion: v1
    kind: Pod
    metadata: { name: pair }
    spec:
      nodeName: workers-0
      initContainers: [{ name: first, image: "quiet:1", restartPolicy: Always }]
      containers: [{ name: a, image: "quiet:1" }, { name: b, image: "app:1" }]
  \`\`\`
  wait 40s
}
`
const run = (): Cluster => {
  const { plan } = compile(['s.kscn'], { ...createSourceHost(), read: (path) => ({ path, text }) })
  let cluster: Cluster | undefined
  runScenario(plan!.scenarios[0]!, {
    seed: '1',
    createCluster(...given) {
      cluster = createCluster(...given)
      return cluster
    },
  })
  return cluster!
}
const logOf = (cluster: Cluster, name: string, parameters: Readonly<Record<string, string>>): ApiResponse => {
  const { kernel } = cluster
  let answer: ApiResponse | undefined
  const resource = cluster.scheme().byKind('v1/Pod')!
  const transport = cluster.connect(kernel.actor('test', 'script'), 'script')
  transport.send(
    {
      verb: 'get',
      resource,
      subresource: 'log',
      namespace: 'default',
      name,
      options: { parameters },
      credentials: cluster.admin,
      userAgent: 'test',
    },
    (response) => (answer = response),
  )
  while (answer === undefined && kernel.step(kernel.now + 60_000_000)) continue
  return answer!
}
const messageOf = ({ body }: ApiResponse): string => (body as { readonly message: string }).message

describe('the log of a container', () => {
  let cluster: Cluster
  beforeAll(() => {
    cluster = run()
  })

  it.each([
    [{}, 'ready\ntick\n'],
    [{ previous: 'true' }, 'ready\ntick\ntick\nbye\n'],
    [{ container: 'app' }, 'ready\ntick\n'],
    [{ tailLines: '1' }, 'tick\n'],
    [{ tailLines: '0' }, ''],
    [{ limitBytes: '8' }, 'ready\nti'],
    [{ previous: 'true', tailLines: '2', limitBytes: '6' }, 'tick\nb'],
    [{ sinceSeconds: '10' }, 'tick\n'],
    [{ sinceTime: '2025-01-01T00:00:30Z' }, 'tick\n'],
    [{ sinceTime: '2025-01-01T01:00:00Z' }, ''],
  ])('with %j', (parameters, expected) => {
    expect(logOf(cluster, 'web', parameters as Readonly<Record<string, string>>).text).toBe(expected)
  })

  it('can say the time of each line', () => {
    const { text: lines } = logOf(cluster, 'web', { timestamps: 'true', tailLines: '1' })
    expect(lines).toMatch(/^2025-01-01T00:00:3\d\.\d{9}Z tick\n$/)
  })

  it('is empty where nothing is printed', () => {
    expect(logOf(cluster, 'pair', { container: 'a' }).text).toBe('')
    expect(logOf(cluster, 'pair', { container: 'first' }).text).toBe('')
    expect(logOf(cluster, 'pair', { container: 'b' }).text).toContain('ready\n')
  })

  it.each([
    ['pair', {}, 400, 'a container name must be specified for pod pair, choose one of: [a b]'],
    ['pair', { container: 'c' }, 400, 'container c is not valid for pod pair'],
    ['pair', { container: 'a', previous: 'true' }, 400, 'previous terminated container "a" in pod "pair" not found'],
    ['none', {}, 404, 'pods "none" not found'],
    ['web', { tailLines: '-1' }, 422, 'PodLogOptions "web" is invalid: tailLines'],
    ['web', { limitBytes: '0' }, 422, 'PodLogOptions "web" is invalid: limitBytes'],
  ])('of %s with %j is refused', (name, parameters, code, message) => {
    const answer = logOf(cluster, name, parameters)
    expect(answer.code).toBe(code)
    expect(messageOf(answer)).toContain(message)
  })

  it('is not to be had from a kubelet that is down, or a machine that is off', () => {
    const url = 'Get "https://192.168.0.10:10250/containerLogs/default/web/app": dial tcp 192.168.0.10:10250: '
    const own = run()
    own.process('kubelet/workers-0')!.stop('crash')
    const refused = logOf(own, 'web', {})
    expect([refused.code, messageOf(refused)]).toEqual([500, `${url}connect: connection refused`])
    own.machine('workers-0')!.powerOff()
    expect(messageOf(logOf(own, 'web', {}))).toBe(`${url}i/o timeout`)
  })
})
