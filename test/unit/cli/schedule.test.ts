import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it, vi } from 'vitest'
import { schedule, type ScheduleFlags } from '../../../cli/schedule.ts'

const folder = mkdtempSync(join(tmpdir(), 'kscn-schedule-'))
const file = (name: string, text: string): string => {
  const path = join(folder, name)
  writeFileSync(path, text)
  return path
}
const node = (name: string, cpu: string, more = ''): string =>
  `- { apiVersion: v1, kind: Node, metadata: { name: ${name}, labels: { kubernetes.io/hostname: ${name} } }, status: { capacity: { cpu: "${cpu}", memory: 8Gi, pods: "110" } }${more} }\n`
const nodes = file(
  'nodes.yaml',
  `apiVersion: v1\nkind: List\nitems:\n${node('a', '4')}${node('b', '4', ', spec: { taints: [{ key: x, effect: NoExecute }] }')}${node('c', '2')}` +
    '- { apiVersion: v1, kind: Pod, metadata: { name: old }, spec: { nodeName: a, containers: [{ name: a, image: x, resources: { requests: { cpu: "1" } } }] } }\n' +
    '- { apiVersion: scheduling.k8s.io/v1, kind: PriorityClass, metadata: { name: urgent }, value: 1000 }\n',
)
const pod = (name: string, cpu: string, spec = ''): string =>
  `apiVersion: v1\nkind: Pod\nmetadata: { name: ${name} }\nspec: { ${spec}containers: [{ name: a, image: x, resources: { requests: { cpu: "${cpu}" } } }] }\n`

const run = (flags: Partial<ScheduleFlags>): { readonly code: number; readonly text: string } => {
  let text = ''
  const write = vi.spyOn(process.stdout, 'write').mockImplementation((chunk) => {
    text += String(chunk)
    return true
  })
  try {
    return { code: schedule({ filename: [], nodes: [nodes], color: false, ...flags }), text }
  } finally {
    write.mockRestore()
  }
}

describe('kscn schedule', () => {
  it('places a pod and tells why not elsewhere', () => {
    const answer = run({ filename: [file('small.yaml', pod('small', '500m'))] })
    expect(answer.code).toBe(0)
    expect(answer.text).toMatchInlineSnapshot(`
      "pod/small
        placed on c  3 nodes, 2 could take it
          1 node  TaintToleration: node(s) had untolerated taint(s)
            b: wants a toleration of x:NoExecute
                                      NodeResources
                       NodeResources       Balanced
          node  total            Fit     Allocation
          c       454             86             68
          a       450             78             72
          raw/normalised/weighted
          the same for all: TaintToleration 300, DynamicResources 0, ImageLocality 0
      "
    `)
  })

  it('takes the pod of a workload, and lets each pod see those before it', () => {
    const path = file(
      'two.yaml',
      `apiVersion: apps/v1\nkind: Deployment\nmetadata: { name: web }\nspec: { template: { spec: { containers: [{ name: a, image: x, resources: { requests: { cpu: "3" } } }] } } }\n---\n${pod('second', '3')}`,
    )
    const { code, text } = run({ filename: [path], json: true })
    const { pods } = JSON.parse(text) as { pods: { pod: string; verdict: { outcome: string; node?: string } }[] }
    expect(code).toBe(1)
    expect(pods.map((one) => [one.pod, one.verdict.outcome, one.verdict.node])).toStrictEqual([
      ['web-0', 'placed', 'a'],
      ['second', 'failed', undefined],
    ])
  })

  it('tells whom a pod of higher priority would evict', () => {
    const path = file('urgent.yaml', pod('urgent', '4', 'priorityClassName: urgent, '))
    const { code, text } = run({ filename: [path] })
    expect(code).toBe(1)
    expect(text).toContain('preempts 1 pod on a: default/old')
  })

  it('says what a dump lacks that a refused pod depends on', () => {
    const volume = 'volumes: [{ name: d, persistentVolumeClaim: { claimName: data } }], '
    const answer = run({ filename: [file('claim.yaml', pod('claim', '1', volume))] })
    expect(answer.code).toBe(1)
    expect(answer.text).toContain('persistentvolumeclaim "data" not found')
    expect(answer.text.replace(/\s+/g, ' ')).toContain(
      'add what the cluster has with kubectl get nodes,pods,persistentvolumeclaims,persistentvolumes,storageclasses -A -o yaml',
    )
    expect(run({ filename: [file('small.yaml', pod('small', '500m'))] }).text).not.toContain('kubectl get')
  })

  it('tells nodes with as much from those with less', () => {
    const many = Array.from({ length: 15 }, (_, index) => node(`n-${index}`, index < 12 ? '4' : '2')).join('')
    const all = file('many.yaml', `apiVersion: v1\nkind: List\nitems:\n${many}`)
    const { text } = run({ nodes: [all], filename: [file('small.yaml', pod('small', '500m'))] })
    expect(text).toContain('and 2 with as much, 3 with less')
  })

  it('does not keep silent about extenders, which it cannot ask, nor about plugins that do not exist', () => {
    const head = 'apiVersion: kubescheduler.config.k8s.io/v1\nkind: KubeSchedulerConfiguration\n'
    const small = file('small.yaml', pod('small', '500m'))
    const extended = file('extended.yaml', `${head}extenders: [{ urlPrefix: "http://x.y/", filterVerb: f }]\n`)
    expect(run({ filename: [small], config: extended }).text.replace(/\s+/g, ' ')).toContain(
      '(http://x.y/): they are servers',
    )
    const unknown = file('unknown.yaml', `${head}profiles: [{ plugins: { filter: { enabled: [{ name: Foo }] } } }]\n`)
    expect(() => run({ filename: [small], config: unknown })).toThrow('FilterPlugin "Foo" does not exist')
  })

  it('follows a configuration', () => {
    const config = file(
      'config.yaml',
      'apiVersion: kubescheduler.config.k8s.io/v1\nkind: KubeSchedulerConfiguration\nprofiles: [{ pluginConfig: [{ name: NodeResourcesFit, args: { scoringStrategy: { type: MostAllocated } } }] }]\n',
    )
    const { text } = run({ filename: [file('small.yaml', pod('small', '500m'))], config, json: true })
    expect((JSON.parse(text) as { pods: { verdict: { node: string } }[] }).pods[0]!.verdict.node).toBe('a')
  })

  it.each([
    [
      'a gated pod',
      pod('gated', '1', 'schedulingGates: [{ name: wait }], '),
      'not tried  waiting for scheduling gates: [wait]',
    ],
  ])('tells of %s', (_what, text, message) => {
    expect(run({ filename: [file('gated.yaml', text)] }).text).toContain(message)
  })

  it.each([
    ['no such file', { filename: [join(folder, 'nope.yaml')] }, 'there is no such file'],
    ['no YAML', { filename: [file('broken.yaml', 'a: [')] }, 'is not YAML'],
    ['no object', { filename: [file('list.yaml', '[1]')] }, 'is not a Kubernetes object'],
    ['no kind', { filename: [file('kindless.yaml', 'apiVersion: v1')] }, 'has no kind'],
    ['nothing to schedule', { filename: [file('service.yaml', 'apiVersion: v1\nkind: Service\nmetadata: { name: x }')] }, 'a Service has no pod to schedule'],
    ['an unknown field', { filename: [file('typo.yaml', pod('x', '1', 'nodeSelectr: {}, '))] }, 'unknown field "spec.nodeSelectr"'],
    ['an invalid pod', { filename: [file('invalid.yaml', pod('x', '-1'))] }, 'must be greater than or equal to 0'],
    ['an unknown class', { filename: [file('class.yaml', pod('x', '1', 'priorityClassName: nope, '))] }, 'no PriorityClass with name nope was found'],
    ['another scheduler', { filename: [file('other.yaml', pod('x', '1', 'schedulerName: other, '))] }, 'asks for the scheduler other'],
    ['no node', { filename: [file('x.yaml', pod('x', '1'))], nodes: [file('podonly.yaml', pod('other', '1'))] }, 'there is no Node in'],
    ['a bad configuration', { filename: [file('x.yaml', pod('x', '1'))], config: file('bad.yaml', 'apiVersion: kubescheduler.config.k8s.io/v1\nkind: KubeSchedulerConfiguration\nfoo: 1') }, 'strict decoding error: unknown field "foo"'],
  ])('refuses %s', (_what, flags, message) => {
    expect(() => run(flags)).toThrow(message)
  }) // prettier-ignore
})
