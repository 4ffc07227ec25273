import type { Draft, KubeObject } from '../../api/object.ts'
import type { ApiRequest } from '../../api/protocol/request.ts'
import type { Node } from '../../api/types/core-v1.generated.ts'
import { nodeIndex } from '../client/indexes.ts'
import { microTimestamp } from '../client/timestamp.ts'
import type { Cloud } from '../cloud/cloud.ts'
import { minute, second } from '../kernel/micros.ts'
import { done, type Controller, type Io, type Result, type WatchIo } from '../reconcile/controller.ts'
import { deleteNode } from './delete-node.ts'
import { watchGroups } from './group-health.ts'
import { newMemory, type Memory, type Scan } from './memory.ts'
import { deletionCandidate, groupState, taintOf, toBeDeleted } from './node-state.ts'
import { scaleDown } from './scale-down.ts'
import { scaleUp } from './scale-up.ts'
import type { AutoscalerSettings } from './settings.ts'
import { createSnapshot, snapshotKinds } from './snapshot.ts'
import { unmarkNode } from './taint-node.ts'
import { tell } from './tell.ts'

type Steps<R> = Generator<ApiRequest, R, unknown>

/** Key of the timer that wakes the scan; no node has such a name. */
const clock = ':clock'
const statusName = 'cluster-autoscaler-status'

const memoryOf = (io: { readonly memory: unknown }): Memory => io.memory as Memory

/** NewStatusMapRecorder. Differs: the ConfigMap is not written again with every scan. */
function* statusObject(io: Io): Steps<KubeObject | undefined> {
  const known = yield* io.live.get('v1/ConfigMap', `kube-system/${statusName}`)
  if (known.ok) return known.object
  const time = microTimestamp(io.wall()).replace('T', ' ').replace(/Z$/, ' +0000 UTC')
  const created = yield* io.write.create({
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: {
      name: statusName,
      namespace: 'kube-system',
      annotations: { 'cluster-autoscaler.kubernetes.io/last-updated': time },
    },
    data: { status: 'Initializing' },
  } as unknown as Draft)
  return created.ok ? created.object : undefined
}

/** cleanUpIfRequired: what an autoscaler before this one has begun is given up. */
function* cleanUp(scan: Scan): Steps<void> {
  for (const node of scan.io.read.list('v1/Node') as readonly Node[]) {
    for (const key of [toBeDeleted, deletionCandidate]) {
      if (taintOf(node, key) === undefined) continue
      const error = yield* unmarkNode(scan.io, node, key)
      const name = node.metadata.name ?? ''
      const object = node as KubeObject
      if (error === undefined)
        tell(scan, object, 'Normal', 'ClusterAutoscalerCleanup', `removed ${key} taints from node ${name}`)
      else {
        const message = `failed to clean ${key} on node ${name}: ${error}`
        tell(scan, object, 'Warning', 'ClusterAutoscalerCleanup', message)
      }
    }
  }
}

/** StaticAutoscaler.RunOnce */
function* runOnce(io: Io, cloud: Cloud, settings: AutoscalerSettings): Steps<void> {
  const memory = memoryOf(io)
  memory.nextScan = undefined
  memory.recheck = undefined
  if (!memory.begun) {
    memory.begun = true
    memory.status = yield* statusObject(io)
    yield* cleanUp({ io, cloud, settings, memory, now: io.now() })
  }
  const scan: Scan = { io, cloud, settings, memory, now: io.now() }
  watchGroups(
    scan,
    cloud.groups().map((group) => groupState(scan, group)),
  )
  const groups = cloud.groups().map((group) => groupState(scan, group))
  const snapshot = createSnapshot(io)
  if (scaleUp(scan, snapshot, groups) === 'nothing' && settings.scaleDownEnabled)
    yield* scaleDown(scan, snapshot, groups)
  const next = memory.nextScan as number | undefined
  if (next !== undefined) io.requeue(clock, Math.max(0, next - io.now()))
  if ((memory.recheck as number | undefined) !== undefined) io.wake('recheck')
}

const wakeScan = (_object: KubeObject, io: WatchIo): readonly string[] => {
  if (memoryOf(io).begun) io.wake('scan')
  return []
}

/**
 * The cluster autoscaler (kubernetes/autoscaler cluster-autoscaler, core/static_autoscaler.go) over the groups of a cloud. It looks at
 * the cluster at ticks of its scan interval. Differs: a tick before which nothing has changed, and by which no time has run out, is no
 * event; nodes of a group are all like the pool says; similar groups are not balanced.
 */
export const clusterAutoscaler = (cloud: Cloud, settings: AutoscalerSettings): Controller => ({
  name: 'cluster-autoscaler',
  reconciles: 'v1/Node',
  reads: [...snapshotKinds],
  watches: { 'v1/Node': wakeScan, 'v1/Pod': wakeScan, 'policy/v1/PodDisruptionBudget': wakeScan },
  indexes: { 'v1/Pod': [nodeIndex] },
  workers: 16,
  memory: newMemory,
  loops: [
    {
      name: 'scan',
      first: second,
      every: settings.scanInterval,
      tag: 'progress',
      idle: () => true,
      run: (io) => runOnce(io, cloud, settings),
    },
    {
      // What could not be done is tried again, and may never be possible.
      name: 'recheck',
      first: minute,
      every: minute,
      idle: (io) => memoryOf(io).recheck === undefined,

      *run(io) {
        const { recheck } = memoryOf(io)
        if (recheck !== undefined && recheck <= io.now()) io.wake('scan')
      },
    },
  ],
  *reconcile(key, io): Steps<Result> {
    if (key === clock) io.wake('scan')
    else yield* deleteNode({ io, cloud, settings, memory: memoryOf(io) }, key)
    return done
  },
})
