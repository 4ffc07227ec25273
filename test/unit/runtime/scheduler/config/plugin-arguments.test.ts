import { describe, expect, it } from 'vitest'
import { deepFreeze } from '../../../../../api/json/deep-freeze.ts'
import type { KubeObject } from '../../../../../api/object.ts'
import type { Node, Pod } from '../../../../../api/types/core-v1.generated.ts'
import { createNodeTable } from '../../../../../runtime/scheduler/cache/node-table.ts'
import { argsShapes } from '../../../../../runtime/scheduler/config/configuration-shape.ts'
import type { Shape } from '../../../../../runtime/scheduler/config/go-shape.ts'
import { loadConfiguration } from '../../../../../runtime/scheduler/config/load-configuration.ts'
import { createNominator } from '../../../../../runtime/scheduler/nominator.ts'
import { placedPod, podInfo } from '../../../../../runtime/scheduler/pod-info.ts'
import { createFramework } from '../../../../../runtime/scheduler/runner.ts'
import { schedulePod } from '../../../../../runtime/scheduler/schedule-pod.ts'
import { aNode, aPod } from '../fake-api.ts'

type Args = Readonly<Record<string, unknown>>
interface World {
  readonly pod: unknown
  readonly nodes?: readonly unknown[]
  readonly placed?: readonly (readonly [string, unknown])[]
  readonly objects?: readonly unknown[]
}

const labelled = (name: string, labels: object, allocatable: object = {}): unknown => ({
  ...(aNode(name, '4') as object),
  metadata: { name, uid: name, labels: { 'kubernetes.io/hostname': name, ...labels } },
  status: {
    allocatable: { cpu: '4', memory: '8Gi', pods: '110', 'example.com/gpu': '8', 'other.org/x': '8', ...allocatable },
  },
})
const three = ['a', 'b', 'c'].map((name, index) =>
  labelled(name, { zone: index === 0 ? 'one' : 'two', rank: String(index) }),
)

/** Everything that a decision with these arguments comes to: verdicts, scores, victims, waits before the binding. */
const outcome = (plugin: string, args: Args, world: World): unknown => {
  const loaded = loadConfiguration({
    apiVersion: 'kubescheduler.config.k8s.io/v1',
    kind: 'KubeSchedulerConfiguration',
    profiles: [{ pluginConfig: [{ name: plugin, args }] }],
  })
  if (!loaded.ok) return loaded.message
  const nodes = createNodeTable()
  for (const one of world.nodes ?? three) nodes.setNode(deepFreeze(one) as Node)
  for (const [node, one] of world.placed ?? []) nodes.addPod(node, placedPod(podInfo(deepFreeze(one) as Pod), node))
  const objects = (world.objects ?? []) as readonly KubeObject[]
  const kindOf = (one: KubeObject): string => `${one.apiVersion}/${one.kind}`
  const framework = createFramework(loaded.configuration.profiles[0]!, {
    nodes,
    listers: {
      get: (kind, _namespace, name) => objects.find((one) => kindOf(one) === kind && one.metadata.name === name),
      list: (kind) => objects.filter((one) => kindOf(one) === kind),
    },
    nominator: createNominator(() => false),
    now: () => 0,
    choose: () => 0,
    preempting: () => false,
  })
  if (framework.error !== undefined) return framework.error
  const decision = schedulePod(framework, podInfo(deepFreeze(world.pod) as Pod), { next: 0 }, true)
  if (decision.kind === 'error') return decision.message
  if (decision.kind === 'unfit')
    return [decision.message, decision.nominate, decision.preemption?.victims.map((one) => one.key)]
  const refused = framework.reserve(decision.cycle, decision.node)
  const binder = framework.preBindPlugins.find((one) => one.name === 'VolumeBinding')!
  let waits = 0
  if (refused === undefined && binder.preBindPreFlight!(decision.cycle, decision.node) !== 'skip') {
    const steps = binder.preBind!(decision.cycle, decision.node)
    for (let step = steps.next(); step.done !== true; step = steps.next({ ok: true }))
      if (step.value.kind === 'wait') waits += step.value.seconds
  }
  return [[...decision.feasible], decision.node, [...decision.totals], waits]
}

const pod = aPod('web', '100m')
const spec = (more: object, cpu = '100m'): unknown => aPod('web', cpu, more)
const affinity = (weight: number | undefined): object => {
  const term = { topologyKey: 'zone', labelSelector: { matchLabels: { app: 'web' } } }
  return {
    affinity: {
      podAffinity:
        weight === undefined
          ? { requiredDuringSchedulingIgnoredDuringExecution: [term] }
          : { preferredDuringSchedulingIgnoredDuringExecution: [{ weight, podAffinityTerm: term }] },
    },
  }
}
const low = (name: string, priority: number, cpu = '3'): unknown => aPod(name, cpu, { priority })
const crowded: World = {
  pod: spec({ priority: 100 }, '3'),
  placed: [
    ['a', low('on-a', 9)],
    ['b', low('on-b', 1)],
    ['c', low('on-c', 1)],
  ],
}
const gpu = { containers: [{ name: 'c', resources: { requests: { cpu: '1', 'example.com/gpu': '9' } } }] }
const filled: World = {
  pod,
  placed: [
    ['a', low('x', 0, '2')],
    ['b', low('y', 0, '1')],
  ],
}
const ratio = (shape: readonly object[]): Args => ({
  scoringStrategy: { type: 'RequestedToCapacityRatio', requestedToCapacityRatio: { shape } },
})
const service = {
  apiVersion: 'v1',
  kind: 'Service',
  metadata: { name: 's', namespace: 'default' },
  spec: { selector: { app: 'web' } },
}
const spreading: World = {
  pod,
  objects: [service],
  placed: [
    ['b', aPod('web', '1')],
    ['c', aPod('web2', '1')],
    [
      'a',
      {
        ...(aPod('w3', '1') as object),
        metadata: { name: 'w3', namespace: 'default', uid: 'w3', labels: { app: 'web' } },
      },
    ],
  ],
}
const constraint = { maxSkew: 1, topologyKey: 'zone', whenUnsatisfiable: 'DoNotSchedule' }
const list = (more: object): Args => ({ defaultingType: 'List', defaultConstraints: [{ ...constraint, ...more }] })
const skewed: World = { ...spreading, placed: [['b', aPod('web2', '1')]] }
const fields = (key: string, values: readonly string[]): object => ({ key, operator: 'In', values })
const claimed: World = {
  pod: spec({ volumes: [{ name: 'v', persistentVolumeClaim: { claimName: 'data' } }] }),
  objects: [
    {
      apiVersion: 'v1',
      kind: 'PersistentVolumeClaim',
      metadata: {
        name: 'data',
        namespace: 'default',
        uid: 'data',
        annotations: { 'volume.kubernetes.io/selected-node': 'a' },
      },
      spec: { storageClassName: 'wait', accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1Gi' } } },
      status: { phase: 'Pending' },
    },
    {
      apiVersion: 'storage.k8s.io/v1',
      kind: 'StorageClass',
      metadata: { name: 'wait' },
      provisioner: 'x.y',
      volumeBindingMode: 'WaitForFirstConsumer',
    },
  ],
}
const required = (term: object): Args => ({
  addedAffinity: { requiredDuringSchedulingIgnoredDuringExecution: { nodeSelectorTerms: [term] } },
})
const preferred = (weight: number, preference: object): Args => ({
  addedAffinity: { preferredDuringSchedulingIgnoredDuringExecution: [{ weight, preference }] },
})

/** By argument: two values, and a world in which they come to different things. */
const telling: Readonly<Record<string, readonly [string, Args, Args, World]>> = {
  minCandidateNodesPercentage: ['DefaultPreemption', { minCandidateNodesAbsolute: 0 }, { minCandidateNodesAbsolute: 0, minCandidateNodesPercentage: 100 }, crowded],
  minCandidateNodesAbsolute: ['DefaultPreemption', { minCandidateNodesAbsolute: 1 }, {}, crowded],
  hardPodAffinityWeight: ['InterPodAffinity', { hardPodAffinityWeight: 0 }, { hardPodAffinityWeight: 100 }, { pod, placed: [['a', aPod('x', '1', affinity(undefined))]] }],
  ignorePreferredTermsOfExistingPods: ['InterPodAffinity', {}, { ignorePreferredTermsOfExistingPods: true }, { pod, placed: [['a', aPod('x', '1', affinity(100))]] }],
  ignoredResources: ['NodeResourcesFit', {}, { ignoredResources: ['example.com/gpu'] }, { pod: spec(gpu) }],
  ignoredResourceGroups: ['NodeResourcesFit', {}, { ignoredResourceGroups: ['example.com'] }, { pod: spec(gpu) }],
  'scoringStrategy.type': ['NodeResourcesFit', {}, { scoringStrategy: { type: 'MostAllocated' } }, filled],
  'scoringStrategy.resources.name': ['NodeResourcesFit', { scoringStrategy: { type: 'LeastAllocated', resources: [{ name: 'cpu', weight: 1 }] } }, { scoringStrategy: { type: 'LeastAllocated', resources: [{ name: 'memory', weight: 1 }] } }, filled],
  'scoringStrategy.resources.weight': ['NodeResourcesFit', {}, { scoringStrategy: { type: 'LeastAllocated', resources: [{ name: 'cpu', weight: 9 }, { name: 'memory', weight: 1 }] } }, filled],
  'scoringStrategy.requestedToCapacityRatio.shape.utilization': ['NodeResourcesFit', ratio([{ utilization: 0, score: 0 }, { utilization: 100, score: 10 }]), ratio([{ utilization: 0, score: 0 }, { utilization: 10, score: 10 }]), filled],
  'scoringStrategy.requestedToCapacityRatio.shape.score': ['NodeResourcesFit', ratio([{ utilization: 0, score: 0 }, { utilization: 100, score: 10 }]), ratio([{ utilization: 0, score: 10 }, { utilization: 100, score: 0 }]), filled],
  defaultingType: ['PodTopologySpread', {}, { defaultingType: 'List' }, skewed],
  'defaultConstraints.maxSkew': ['PodTopologySpread', list({}), list({ maxSkew: 5 }), { ...skewed, placed: [['b', aPod('web2', '1')], ['c', aPod('web2', '1')]].map(([node, one], at) => [node as string, { ...(one as object), metadata: { name: `w${at}`, uid: `w${at}`, namespace: 'default', labels: { app: 'web' } } }]) }],
  'defaultConstraints.topologyKey': ['PodTopologySpread', list({}), list({ topologyKey: 'absent' }), skewed],
  'defaultConstraints.whenUnsatisfiable': ['PodTopologySpread', list({ topologyKey: 'absent' }), list({ topologyKey: 'absent', whenUnsatisfiable: 'ScheduleAnyway' }), skewed],
  'defaultConstraints.minDomains': ['PodTopologySpread', list({}), list({ minDomains: 9 }), { ...spreading, placed: three.map((one, at) => [(one as Node).metadata.name, { ...(aPod('q', '1') as object), metadata: { name: `q${at}`, uid: `q${at}`, namespace: 'default', labels: { app: 'web' } } }]) }],
  'NodeResourcesBalancedAllocation resources.name': ['NodeResourcesBalancedAllocation', { resources: [{ name: 'cpu' }, { name: 'memory' }] }, { resources: [{ name: 'cpu' }, { name: 'example.com/gpu' }] }, { ...filled, pod: spec({ containers: [{ name: 'c', resources: { requests: { cpu: '1', 'example.com/gpu': '1' } } }] }) }],
  bindTimeoutSeconds: ['VolumeBinding', { bindTimeoutSeconds: 3 }, { bindTimeoutSeconds: 20 }, claimed],
  'addedAffinity.requiredDuringSchedulingIgnoredDuringExecution.nodeSelectorTerms.matchExpressions': ['NodeAffinity', {}, required({ matchExpressions: [fields('zone', ['one'])] }), { pod }],
  'addedAffinity.requiredDuringSchedulingIgnoredDuringExecution.nodeSelectorTerms.matchFields': ['NodeAffinity', {}, required({ matchFields: [fields('metadata.name', ['c'])] }), { pod }],
  'addedAffinity.preferredDuringSchedulingIgnoredDuringExecution.weight': ['NodeAffinity', preferred(0, { matchExpressions: [fields('zone', ['one'])] }), preferred(9, { matchExpressions: [fields('zone', ['one'])] }), { pod }],
  'addedAffinity.preferredDuringSchedulingIgnoredDuringExecution.preference.matchExpressions': ['NodeAffinity', preferred(9, { matchExpressions: [fields('zone', ['two'])] }), preferred(9, { matchExpressions: [fields('zone', ['one'])] }), { pod }],
  'addedAffinity.preferredDuringSchedulingIgnoredDuringExecution.preference.matchFields': ['NodeAffinity', {}, preferred(9, { matchFields: [fields('metadata.name', ['c'])] }), { pod }],
} // prettier-ignore

/** Arguments of which only one value is taken. */
const refused: Readonly<Record<string, readonly [string, Args]>> = {
  'VolumeBinding shape.utilization': ['VolumeBinding', { shape: [{ utilization: 1, score: 0 }] }],
  'VolumeBinding shape.score': ['VolumeBinding', { shape: [{ utilization: 0, score: 1 }] }],
  'NodeResourcesBalancedAllocation resources.weight': ['NodeResourcesBalancedAllocation', { resources: [{ name: 'cpu', weight: 2 }] }],
  'defaultConstraints.labelSelector': ['PodTopologySpread', list({ labelSelector: {} })],
} // prettier-ignore

/** Those that nothing here depends on, as docs/scheduler.md says. */
const without: ReadonlySet<string> = new Set(['DynamicResources filterTimeout', 'DynamicResources bindingTimeout'])
/** Parts of a constraint that are as in any pod's own, and tested there. */
const elsewhere: ReadonlySet<string> = new Set(
  ['nodeAffinityPolicy', 'nodeTaintsPolicy', 'matchLabelKeys'].map((one) => `defaultConstraints.${one}`),
)

const leaves = (shape: Shape, path: string): readonly string[] => {
  if (shape.kind === 'list') return leaves(shape.of, path)
  if (shape.kind !== 'struct' || /(matchExpressions|matchFields|labelSelector)$/.test(path)) return [path]
  return Object.entries(shape.fields()).flatMap(([name, field]) =>
    leaves(field, path === '' ? name : `${path}.${name}`),
  )
}

describe('arguments of plugins', () => {
  it('are all told of here', () => {
    const known = new Set([...Object.keys(telling), ...Object.keys(refused), ...without, ...elsewhere])
    const untold = Object.entries(argsShapes).flatMap(([plugin, shape]) =>
      leaves(shape!, '').filter(
        (one) => !/^(kind|apiVersion)$/.test(one) && !known.has(one) && !known.has(`${plugin} ${one}`),
      ),
    )
    expect(untold).toEqual([])
  })

  it.each(Object.entries(telling))('%s changes what comes out', (_name, [plugin, one, other, world]) => {
    const [first, second] = [outcome(plugin, one, world), outcome(plugin, other, world)]
    expect(typeof first).toBe('object')
    expect(second).not.toEqual(first)
  })

  it.each(Object.entries(refused))('%s is refused', (_name, [plugin, args]) => {
    expect(outcome(plugin, args, { pod })).toMatch(/Invalid value|Forbidden/)
  })
})
