import type { Node, Pod } from '../../api/types/core-v1.generated.ts'
import type { DaemonSet } from '../../api/types/apps-v1.generated.ts'
import { keyOf } from '../client/object-key.ts'
import type { Io } from '../reconcile/controller.ts'
import { defaultConfiguration } from '../scheduler/config/configuration.ts'
import { createEngine } from '../scheduler/engine.ts'
import { newCycle } from '../scheduler/framework.ts'
import { placedPod, podInfo, type PodInfo } from '../scheduler/pod-info.ts'

/** The cluster as it could be: nodes and pods are put in and taken out, and everything can be taken back (simulator/clustersnapshot). */
export interface Snapshot {
  addNode(node: Node): void
  place(pod: Pod, node: string): void
  takeOff(pod: Pod, node: string): void
  /** undefined: the pod fits on the node; otherwise why it does not. */
  refusal(pod: Pod, node: string): readonly string[] | undefined
  /** The first of these nodes that the pod fits on. */
  firstFit(pod: Pod, nodes: readonly string[]): string | undefined
  /** A mark to go back to. */
  mark(): number
  revert(mark: number): void
}

/** Kinds that the scheduler's plugins read. */
export const snapshotKinds = [
  'v1/Namespace',
  'v1/Service',
  'v1/ReplicationController',
  'v1/PersistentVolume',
  'v1/PersistentVolumeClaim',
  'apps/v1/ReplicaSet',
  'apps/v1/StatefulSet',
  'apps/v1/DaemonSet',
  'policy/v1/PodDisruptionBudget',
  'storage.k8s.io/v1/StorageClass',
  'storage.k8s.io/v1/CSINode',
  'storage.k8s.io/v1/CSIDriver',
  'storage.k8s.io/v1/CSIStorageCapacity',
  'storage.k8s.io/v1/VolumeAttachment',
  'resource.k8s.io/v1/ResourceClaim',
  'resource.k8s.io/v1/ResourceSlice',
  'resource.k8s.io/v1/DeviceClass',
] as const

const ended = ({ status }: Pod): boolean => status?.phase === 'Succeeded' || status?.phase === 'Failed'

/** The scheduler's own plugins over the nodes and placed pods of the informers. */
export const createSnapshot = (io: Io): Snapshot => {
  const engine = createEngine({
    configuration: defaultConfiguration,
    listers: {
      get: (kind, namespace, name) => io.read.get(kind, namespace === '' ? name : `${namespace}/${name}`),
      list: (kind, namespace) => io.read.list(kind, namespace === undefined ? {} : { namespace }),
    },
    now: () => io.wall(),
    choose: () => 0,
  })
  const placed = new Map<string, PodInfo>()
  const undo: (() => void)[] = []

  const put = (info: PodInfo, node: string): void => {
    placed.set(info.uid, info)
    engine.nodes.addPod(node, info)
  }
  const take = (uid: string, node: string): PodInfo | undefined => {
    const info = placed.get(uid)
    if (info === undefined) return undefined
    placed.delete(uid)
    engine.nodes.removePod(node, info)
    return info
  }

  for (const node of io.read.list('v1/Node')) engine.nodes.setNode(node as unknown as Node)
  for (const object of io.read.list('v1/Pod')) {
    const pod = object as unknown as Pod
    const node = pod.spec.nodeName ?? ''
    if (node !== '' && !ended(pod)) put(podInfo(pod), node)
  }

  const refusal = (pod: Pod, node: string): readonly string[] | undefined => {
    const slot = engine.nodes.slotOf(node)
    if (slot === undefined) return ['node not found']
    const framework = engine.frameworkOf(pod)
    const cycle = newCycle(podInfo(pod))
    const before = framework.preFilter(cycle)
    if (before.status !== undefined) return before.status.reasons
    if (before.nodes?.has(node) === false) return ['node(s) did not match the nodes that the pod is limited to']
    return framework.filter(cycle, slot)?.reasons
  }

  return {
    refusal,
    firstFit: (pod, nodes) => nodes.find((node) => refusal(pod, node) === undefined),
    addNode(node) {
      engine.nodes.setNode(node)
      undo.push(() => engine.nodes.removeNode(node.metadata.name ?? ''))
    },
    place(pod, node) {
      const info = placedPod(podInfo(pod), node)
      put(info, node)
      undo.push(() => take(info.uid, node))
    },
    takeOff(pod, node) {
      const info = take(pod.metadata.uid ?? '', node)
      if (info !== undefined) undo.push(() => put(info, node))
    },
    mark: () => undo.length,
    revert(mark) {
      while (undo.length > mark) undo.pop()!()
    },
  }
}

/** util.AddOrUpdateDaemonPodTolerations */
const daemonTolerations = [
  { key: 'node.kubernetes.io/not-ready', operator: 'Exists', effect: 'NoExecute' },
  { key: 'node.kubernetes.io/unreachable', operator: 'Exists', effect: 'NoExecute' },
  { key: 'node.kubernetes.io/disk-pressure', operator: 'Exists', effect: 'NoSchedule' },
  { key: 'node.kubernetes.io/memory-pressure', operator: 'Exists', effect: 'NoSchedule' },
  { key: 'node.kubernetes.io/pid-pressure', operator: 'Exists', effect: 'NoSchedule' },
  { key: 'node.kubernetes.io/unschedulable', operator: 'Exists', effect: 'NoSchedule' },
] as const

const daemonPod = (set: DaemonSet, node: string): Pod => {
  const { template } = set.spec
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: {
      name: `${set.metadata.name ?? ''}-${node}`,
      namespace: set.metadata.namespace ?? '',
      uid: `${set.metadata.uid ?? ''}/${node}`,
      labels: template.metadata?.labels ?? {},
    },
    spec: { ...template.spec, tolerations: [...(template.spec?.tolerations ?? []), ...daemonTolerations] },
  } as unknown as Pod
}

/** A new node of a group, with the pods that DaemonSets would put on it (simulator.FreshNodeInfoFromTemplateNodeInfo). */
export const addTemplate = (snapshot: Snapshot, io: Io, template: Node, name: string): void => {
  const labels = { ...template.metadata.labels, 'kubernetes.io/hostname': name }
  snapshot.addNode({ ...template, metadata: { ...template.metadata, name, labels } })
  for (const object of io.read.list('apps/v1/DaemonSet')) {
    const pod = daemonPod(object as unknown as DaemonSet, name)
    if (snapshot.refusal(pod, name) === undefined) snapshot.place(pod, name)
  }
}

export const podsOn = (io: Io, node: string): readonly Pod[] =>
  io.read.indexed('v1/Pod', 'node', node) as unknown as readonly Pod[]

export const podKey = (pod: Pod): string => keyOf(pod)
