import { structuralEqual } from '../../../api/json/structural-equal.ts'
import type { KubeObject } from '../../../api/object.ts'
import type { ApiRequest } from '../../../api/protocol/request.ts'
import { validSelector } from '../../../api/selectors/label-selector-from-object.ts'
import type { DaemonSet } from '../../../api/types/apps-v1.generated.ts'
import type { Node, Pod } from '../../../api/types/core-v1.generated.ts'
import { controllerIndex, nodeIndex } from '../../client/indexes.ts'
import { keyOf } from '../../client/object-key.ts'
import { second } from '../../kernel/micros.ts'
import { done, type Controller, type Result, type WatchIo } from '../../reconcile/controller.ts'
import { revisionKind } from '../../reconcile/controller-history.ts'
import { controllerOf } from '../../reconcile/controller-reference.ts'
import { isPodReady } from '../../reconcile/pod-state.ts'
import { endingOnRefusal } from '../../reconcile/refused.ts'
import { placementOf } from './decide-placement.ts'
import type { FailedPods } from './failed-pods.ts'
import { syncDaemonSet } from './sync.ts'

const setKind = 'apps/v1/DaemonSet'

/** syncNodeUpdate: the sets whose pods a node's labels or taints may move. */
const setsForNode = (node: Node, io: WatchIo): readonly string[] => {
  const onNode = io.read.indexed('v1/Pod', 'node', node.metadata.name ?? '')
  const owners = new Set(onNode.map((pod) => controllerOf(pod)?.uid ?? ''))
  return io.read
    .list(setKind)
    .filter((object) => {
      const set = object as unknown as DaemonSet
      const { run, keepRunning } = placementOf(set)(node)
      const scheduled = owners.has(set.metadata.uid ?? '')
      if (!scheduled) return run
      return !keepRunning || (set.status?.numberMisscheduled ?? 0) > 0
    })
    .map(keyOf)
}

const setsSelecting = (object: KubeObject, io: WatchIo): readonly string[] => {
  const { labels, namespace = '' } = object.metadata
  if (labels === undefined) return []
  return io.read
    .list(setKind, { namespace })
    .filter((set) => {
      const selector = validSelector((set as unknown as DaemonSet).spec.selector)
      return !selector.empty && selector.matches(labels)
    })
    .map(keyOf)
}

const orphanChanged = (object: KubeObject, before: KubeObject | undefined): boolean =>
  object.metadata.deletionTimestamp === undefined &&
  (before === undefined ||
    controllerOf(before) !== undefined ||
    !structuralEqual(before.metadata.labels, object.metadata.labels))

/** kube-controller-manager's daemonset-controller: pkg/controller/daemon. */
export const daemonSetController = (workers = 2): Controller<DaemonSet> => ({
  name: 'daemon-set-controller',
  eventSource: 'daemonset-controller',
  reconciles: setKind,
  owns: ['v1/Pod', revisionKind],
  reads: ['v1/Node'],
  indexes: { [revisionKind]: [controllerIndex], 'v1/Pod': [nodeIndex] },
  workers,
  expectations: true,
  readsItsWrites: true,
  memory: (): FailedPods => new Map(),
  watches: {
    'v1/Pod': (object, io, before) => {
      const owner = controllerOf(object)
      if (owner === undefined) return orphanChanged(object, before) ? setsSelecting(object, io) : []
      if (owner.kind !== 'DaemonSet' || before === undefined) return []
      if (isPodReady(before as Pod) || !isPodReady(object as Pod)) return []
      const key = `${object.metadata.namespace ?? ''}/${owner.name}`
      const set = io.read.get(setKind, key) as DaemonSet | undefined
      const { minReadySeconds = 0 } = set?.spec ?? {}
      // One second more than needed, against rounding of the condition's time.
      if (set?.metadata.uid === owner.uid && minReadySeconds > 0) io.requeue(key, (minReadySeconds + 1) * second)
      return []
    },
    [revisionKind]: (object, io, before) =>
      controllerOf(object) === undefined && orphanChanged(object, before) ? setsSelecting(object, io) : [],
    'v1/Node': (object, io, before) => {
      const node = object as Node
      if (before !== undefined) {
        const sameLabels = structuralEqual(before.metadata.labels ?? {}, node.metadata.labels ?? {})
        const sameTaints = structuralEqual((before as Node).spec?.taints ?? [], node.spec?.taints ?? [])
        if (sameLabels && sameTaints) return []
      }
      return io.read.get('v1/Node', node.metadata.name ?? '') === undefined ? [] : setsForNode(node, io)
    },
  },
  *reconcile(key, io): Generator<ApiRequest, Result, unknown> {
    const set = io.read.get(key)
    if (set === undefined) {
      io.expect.forget(key)
      return done
    }
    return yield* endingOnRefusal(syncDaemonSet(io, set))
  },
})
