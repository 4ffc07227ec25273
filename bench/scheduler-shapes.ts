/** What scheduler_perf measures, with the objects of the oracle's bench: the real scheduler gets the very same ones. */
export interface Shape {
  readonly name: string
  readonly nodes: number
  readonly initial: number
  readonly pods: number
  /** Whether the measured pods find a place; if not, the work is done when each was refused. */
  readonly fits: boolean
  readonly goal: string
  /** The oracle's name for it, where it has it. */
  readonly oracle: string | undefined
  readonly pod: (name: string, initial: boolean, index: number) => object
}

export const namespace = 'bench'
const zones = 3
const pad = (value: number, width: number): string => String(value).padStart(width, '0')

export const benchNode = (index: number): object => {
  const name = `node-${pad(index, 5)}`
  const capacity = { cpu: '4', memory: '32Gi', pods: '110' }
  return {
    apiVersion: 'v1',
    kind: 'Node',
    metadata: {
      name,
      labels: { 'kubernetes.io/hostname': name, 'topology.kubernetes.io/zone': `zone-${index % zones}` },
    },
    status: { capacity, allocatable: capacity, conditions: [{ type: 'Ready', status: 'True' }] },
  }
}

interface Wanted {
  readonly group: string
  readonly cpu?: string
  readonly memory?: string
  readonly spec?: object
}

const pod = (name: string, { group, cpu = '100m', memory = '500Mi', spec }: Wanted): object => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name, namespace, labels: { group } },
  spec: {
    containers: [{ name: 'pause', image: 'registry.k8s.io/pause:3.10', resources: { requests: { cpu, memory } } }],
    ...spec,
  },
})

const hostname = 'kubernetes.io/hostname'
const zone = 'topology.kubernetes.io/zone'
const toGroup = (group: string, topologyKey: string): object => ({
  topologyKey,
  labelSelector: { matchLabels: { group } },
})
const required = (side: string, group: string, topologyKey: string): object => ({
  affinity: { [side]: { requiredDuringSchedulingIgnoredDuringExecution: [toGroup(group, topologyKey)] } },
})
const preferred = (side: string, group: string, topologyKey: string): object => ({
  affinity: {
    [side]: {
      preferredDuringSchedulingIgnoredDuringExecution: [{ weight: 1, podAffinityTerm: toGroup(group, topologyKey) }],
    },
  },
})
const spread = {
  topologySpreadConstraints: [
    {
      maxSkew: 5,
      topologyKey: zone,
      whenUnsatisfiable: 'DoNotSchedule',
      labelSelector: { matchLabels: { group: 'spread' } },
    },
  ],
}

type Given = Pick<Shape, 'name' | 'pod'> & Partial<Shape>
const shape = (given: Given): Shape => ({
  nodes: 5000,
  initial: 1000,
  pods: 2000,
  fits: true,
  goal: '10×',
  oracle: undefined,
  ...given,
})

const mixed: readonly ((name: string) => object)[] = [
  (name) => pod(name, { group: 'plain' }),
  (name) => pod(name, { group: 'spread', spec: spread }),
  (name) => pod(name, { group: 'near', spec: preferred('podAffinity', 'near', hostname) }),
  (name) => pod(name, { group: 'apart', spec: required('podAntiAffinity', 'apart', hostname) }),
  (name) => pod(name, { group: 'affine', spec: required('podAffinity', 'affine', zone) }),
]

export const shapes: readonly Shape[] = [
  shape({
    name: 'SchedulingBasic',
    pods: 10_000,
    goal: '30×',
    oracle: 'basic',
    pod: (name) => pod(name, { group: 'basic' }),
  }),
  shape({
    name: 'TopologySpreading',
    pods: 5000,
    oracle: 'topology-spread',
    pod: (name, initial) => pod(name, initial ? { group: 'plain' } : { group: 'spread', spec: spread }),
  }),
  shape({
    name: 'RequiredAffinity',
    oracle: 'pod-affinity',
    pod: (name) => pod(name, { group: 'affine', spec: required('podAffinity', 'affine', zone) }),
  }),
  shape({
    name: 'RequiredAntiAffinity',
    oracle: 'pod-anti-affinity',
    pod: (name) => pod(name, { group: 'apart', spec: required('podAntiAffinity', 'apart', hostname) }),
  }),
  shape({
    name: 'PreferredAffinity',
    pod: (name) => pod(name, { group: 'near', spec: preferred('podAffinity', 'near', hostname) }),
  }),
  shape({
    name: 'PreferredAntiAffinity',
    pod: (name) => pod(name, { group: 'away', spec: preferred('podAntiAffinity', 'away', hostname) }),
  }),
  shape({
    name: 'PreemptionBasic',
    nodes: 500,
    initial: 2000,
    pods: 500,
    oracle: 'preemption',
    pod: (name, initial) =>
      initial
        ? pod(name, {
            group: 'low',
            cpu: '900m',
            spec: { priorityClassName: 'bench-low', terminationGracePeriodSeconds: 0 },
          })
        : pod(name, { group: 'high', cpu: '3', spec: { priorityClassName: 'bench-high' } }),
  }),
  shape({
    name: 'Unschedulable',
    initial: 0,
    pods: 1000,
    fits: false,
    pod: (name) => pod(name, { group: 'huge', cpu: '9', memory: '500Mi' }),
  }),
  shape({
    name: 'Mixed',
    pods: 5000,
    pod: (name, _initial, index) => mixed[index % mixed.length]!(name),
  }),
]

export const podNames = (prefix: string, count: number): readonly string[] =>
  Array.from({ length: count }, (_, index) => `${prefix}-${pad(index, 6)}`)
