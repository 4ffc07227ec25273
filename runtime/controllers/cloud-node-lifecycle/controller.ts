import type { KubeObject } from '../../../api/object.ts'
import type { ApiRequest } from '../../../api/protocol/request.ts'
import type { Node } from '../../../api/types/core-v1.generated.ts'
import type { Cloud } from '../../cloud/cloud.ts'
import type { Micros } from '../../kernel/micros.ts'
import { done, type Controller, type Io } from '../../reconcile/controller.ts'
import { addTaints, hasTaint, patchTaints, removeTaints } from '../../reconcile/node-taints.ts'

type Steps<R> = Generator<ApiRequest, R, unknown>

const shutDown = { key: 'node.cloudprovider.kubernetes.io/shutdown', effect: 'NoSchedule' } as const

const readyOf = (node: Node): string =>
  node.status?.conditions?.find((one) => one.type === 'Ready')?.status ?? 'Unknown'

const reference = ({ metadata }: Node): KubeObject =>
  ({ apiVersion: 'v1', kind: 'Node', metadata: { name: metadata.name, uid: metadata.uid } }) as KubeObject

const needsLook = (node: Node): boolean => readyOf(node) !== 'True' || hasTaint(node, shutDown)

/** The next look will change something. */
const isOpen = (node: Node, cloud: Cloud): boolean => {
  if (readyOf(node) === 'True') return hasTaint(node, shutDown)
  const instance = cloud.instance(node)
  return instance === undefined || (instance.shutDown && !hasTaint(node, shutDown))
}

/** MonitorNodes */
function* monitor(io: Io, cloud: Cloud): Steps<void> {
  for (const node of io.read.list('v1/Node') as readonly Node[]) {
    const { name = '' } = node.metadata
    if (readyOf(node) === 'True') {
      if (hasTaint(node, shutDown)) yield* patchTaints(io, name, removeTaints([shutDown]))
      continue
    }
    const instance = cloud.instance(node)
    if (instance === undefined) {
      const message = `Deleting node ${name} because it does not exist in the cloud provider`
      io.event(reference(node), 'Normal', 'DeletingNode', message)
      const answer = yield* io.write.delete(node)
      if (!answer.ok)
        io.event(reference(node), 'Warning', 'DeletingNodeFailed', `Failed deleting node ${name}: ${answer.message}`)
    } else if (instance.shutDown && !hasTaint(node, shutDown)) yield* patchTaints(io, name, addTaints([shutDown]))
  }
}

/**
 * cloud-controller-manager's cloud-node-lifecycle-controller (k8s.io/cloud-provider controllers/nodelifecycle, v0.36): a node that is
 * not Ready goes when its instance is gone, and is tainted while its instance is shut down.
 */
export const cloudNodeLifecycle = (cloud: Cloud, monitorPeriod: Micros): Controller => ({
  name: 'cloud-node-lifecycle-controller',
  reconciles: 'v1/Node',
  watches: {
    'v1/Node': (_object, io) => {
      io.wake('monitor')
      return []
    },
  },
  loops: [
    {
      name: 'monitor',
      first: 0,
      every: monitorPeriod,
      // Nothing tells of an instance that goes: nodes that are not Ready are looked at over and over.
      idle: (io) => (io.read.list('v1/Node') as readonly Node[]).every((node) => !needsLook(node)),
      tag: (io) =>
        (io.read.list('v1/Node') as readonly Node[]).some((node) => isOpen(node, cloud)) ? 'progress' : 'housekeeping',
      run: (io) => monitor(io, cloud),
    },
  ],

  *reconcile() {
    return done
  },
})
