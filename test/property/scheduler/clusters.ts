import fc from 'fast-check'
import type { Node, Pod } from '../../../api/types/core-v1.generated.ts'
import { deepFreeze } from '../../../api/json/deep-freeze.ts'

/** Random clusters: few values, so that things meet. */
export interface Cluster {
  readonly nodes: readonly Node[]
  readonly pods: readonly Pod[]
  readonly pod: Pod
}

export const zoneKey = 'topology.kubernetes.io/zone'
export const hostKey = 'kubernetes.io/hostname'

const taint = fc.record({
  key: fc.constantFrom('a', 'b'),
  value: fc.constantFrom('', 'x'),
  effect: fc.constantFrom('NoSchedule', 'NoExecute', 'PreferNoSchedule'),
})
const nodeAt = (name: string): fc.Arbitrary<Node> =>
  fc
    .record({
      cpu: fc.constantFrom('1', '2', '4'),
      memory: fc.constantFrom('1Gi', '2Gi', '8Gi'),
      pods: fc.constantFrom('2', '5', '110'),
      zone: fc.constantFrom('z1', 'z2', 'z3', undefined),
      disk: fc.constantFrom('ssd', 'hdd', undefined),
      taints: fc.array(taint, { maxLength: 2 }),
      unschedulable: fc.boolean(),
      images: fc.subarray(['web:v1', 'db:v1']),
    })
    .map(({ cpu, memory, pods, zone, disk, taints, unschedulable, images }) =>
      deepFreeze({
        apiVersion: 'v1',
        kind: 'Node',
        metadata: {
          name,
          uid: name,
          labels: {
            [hostKey]: name,
            ...(zone === undefined ? {} : { [zoneKey]: zone }),
            ...(disk === undefined ? {} : { disk }),
          },
        },
        spec: { ...(taints.length === 0 ? {} : { taints }), ...(unschedulable ? { unschedulable } : {}) },
        status: {
          allocatable: { cpu, memory, pods },
          images: images.map((image) => ({ names: [image], sizeBytes: image.length * 50_000_000 })),
        },
      } as unknown as Node),
    )

const selector = fc.constantFrom('web', 'db').map((app) => ({ matchLabels: { app } }))
const term = fc.record({ topologyKey: fc.constantFrom(zoneKey, hostKey), labelSelector: selector })
const weighted = fc.record({ weight: fc.integer({ min: 1, max: 100 }), podAffinityTerm: term })
const side = fc.record(
  {
    requiredDuringSchedulingIgnoredDuringExecution: fc.array(term, { minLength: 1, maxLength: 2 }),
    preferredDuringSchedulingIgnoredDuringExecution: fc.array(weighted, { minLength: 1, maxLength: 2 }),
  },
  { requiredKeys: [] },
)
const constraint = fc.record({
  maxSkew: fc.integer({ min: 1, max: 2 }),
  topologyKey: fc.constantFrom(zoneKey, hostKey),
  whenUnsatisfiable: fc.constantFrom('DoNotSchedule', 'ScheduleAnyway'),
  labelSelector: selector,
})
const toleration = fc.record(
  {
    key: fc.constantFrom('a', 'b'),
    operator: fc.constantFrom('Exists', 'Equal'),
    value: fc.constantFrom('', 'x'),
    effect: fc.constantFrom('NoSchedule', 'PreferNoSchedule', ''),
  },
  { requiredKeys: ['key', 'operator'] },
)
const twice = (list: readonly { topologyKey: string; whenUnsatisfiable: string }[]): boolean =>
  new Set(list.map((one) => `${one.topologyKey} ${one.whenUnsatisfiable}`)).size < list.length

export interface DrawnPod {
  readonly cpu: string
  readonly memory: string
  readonly image: string
  readonly app: string
  readonly terminating: boolean
  readonly hostPort?: number | undefined
  readonly nodeSelector?: Readonly<Record<string, string>> | undefined
  readonly tolerations: readonly object[]
  readonly podAffinity?: object | undefined
  readonly podAntiAffinity?: object | undefined
  readonly spread?: readonly object[]
}

const podSpec: fc.Arbitrary<DrawnPod> = fc.record(
  {
    cpu: fc.constantFrom('100m', '500m', '1', '3'),
    memory: fc.constantFrom('100Mi', '1Gi', '3Gi'),
    image: fc.constantFrom('web:v1', 'db:v1', 'none:v1'),
    app: fc.constantFrom('web', 'db'),
    terminating: fc.boolean(),
    hostPort: fc.constantFrom(undefined, undefined, 80, 81),
    nodeSelector: fc.constantFrom(undefined, undefined, { disk: 'ssd' }),
    tolerations: fc.array(toleration, { maxLength: 2 }),
    podAffinity: side,
    podAntiAffinity: side,
    spread: fc.array(constraint, { maxLength: 2 }).filter((list) => !twice(list)),
  },
  { requiredKeys: ['cpu', 'memory', 'image', 'app', 'terminating', 'tolerations'] },
)

export const podOf = (name: string, nodeName: string | undefined, drawn: DrawnPod): Pod => {
  const { hostPort, podAffinity, podAntiAffinity, spread } = drawn
  const affinity = {
    ...(podAffinity === undefined ? {} : { podAffinity }),
    ...(podAntiAffinity === undefined ? {} : { podAntiAffinity }),
  }
  return deepFreeze({
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: {
      name,
      uid: `default/${name}`,
      namespace: 'default',
      labels: { app: drawn.app },
      ...(drawn.terminating && nodeName !== undefined ? { deletionTimestamp: '2026-01-01T00:00:00Z' } : {}),
    },
    spec: {
      ...(nodeName === undefined ? {} : { nodeName }),
      schedulerName: 'default-scheduler',
      containers: [
        {
          name: 'app',
          image: drawn.image,
          resources: { requests: { cpu: drawn.cpu, memory: drawn.memory } },
          ...(hostPort === undefined ? {} : { ports: [{ containerPort: hostPort, hostPort, protocol: 'TCP' }] }),
        },
      ],
      ...(drawn.nodeSelector === undefined ? {} : { nodeSelector: drawn.nodeSelector }),
      ...(drawn.tolerations.length === 0 ? {} : { tolerations: drawn.tolerations }),
      ...(Object.keys(affinity).length === 0 ? {} : { affinity }),
      ...(spread === undefined || spread.length === 0 ? {} : { topologySpreadConstraints: spread }),
    },
    status: {},
  } as unknown as Pod)
}

export const drawnPod: fc.Arbitrary<DrawnPod> = podSpec
export const drawnNode: (name: string) => fc.Arbitrary<Node> = nodeAt

/** Host ports are a set by node, as upstream's: two pods on a node never share one, as the filter sees to. */
const withoutSharedPorts = (pods: readonly Pod[]): readonly Pod[] => {
  const taken = new Set<string>()
  return pods.filter(({ spec }) => {
    const port = spec.containers[0]?.ports?.[0]?.hostPort
    if (port === undefined) return true
    const key = `${spec.nodeName ?? ''} ${port}`
    if (taken.has(key)) return false
    taken.add(key)
    return true
  })
}

export const clusters: fc.Arbitrary<Cluster> = fc
  .integer({ min: 1, max: 6 })
  .chain((size) => {
    const names = Array.from({ length: size }, (_, index) => `n${index}`)
    return fc.record({
      nodes: fc.tuple(...names.map((name) => nodeAt(name))),
      pods: fc.array(fc.record({ node: fc.constantFrom(...names), drawn: podSpec }), { maxLength: 10 }),
      pod: podSpec,
    })
  })
  .map(({ nodes, pods, pod }) => ({
    nodes,
    pods: withoutSharedPorts(pods.map(({ node, drawn }, index) => podOf(`p${index}`, node, drawn))),
    pod: podOf('new', undefined, pod),
  }))
