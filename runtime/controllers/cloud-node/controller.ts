import { structuralEqual } from '../../../api/json/structural-equal.ts'
import type { ApiRequest } from '../../../api/protocol/request.ts'
import type { Node } from '../../../api/types/core-v1.generated.ts'
import type { Cloud, Instance } from '../../cloud/cloud.ts'
import type { Micros } from '../../kernel/micros.ts'
import { done, type Controller, type Io, type Result } from '../../reconcile/controller.ts'
import { initialized, uninitialized } from './initialized.ts'

type Steps<R> = Generator<ApiRequest, R, unknown>

export interface CloudNodeSettings {
  readonly workers: number
  readonly statusUpdateFrequency: Micros
}

const isNew = (node: Node): boolean => (node.spec?.taints ?? []).some((one) => one.key === uninitialized)

/** updateNodeAddress */
function* updateAddresses(io: Io, node: Node, { addresses }: Instance): Steps<void> {
  const before = node.status?.addresses ?? []
  const same =
    before.length === addresses.length && addresses.every((one) => before.some((own) => structuralEqual(own, one)))
  if (!same) yield* io.write.patchStatus(node, { addresses })
}

/** labelReconcileInfo: the stable label says what the beta one does. */
const labelPairs: readonly (readonly [string, string])[] = [
  ['failure-domain.beta.kubernetes.io/zone', 'topology.kubernetes.io/zone'],
  ['failure-domain.beta.kubernetes.io/region', 'topology.kubernetes.io/region'],
  ['beta.kubernetes.io/instance-type', 'node.kubernetes.io/instance-type'],
]

/** reconcileNodeLabels */
function* reconcileLabels(io: Io, node: Node): Steps<Result> {
  const labels = node.metadata.labels ?? {}
  const wanted: Record<string, string> = {}
  for (const [primary, secondary] of labelPairs) {
    const value = labels[primary]
    if (value !== undefined && labels[secondary] !== value) wanted[secondary] = value
  }
  if (Object.keys(wanted).length === 0) return done
  const answer = yield* io.write.patch(node, { metadata: { labels: wanted } })
  return answer.ok ? done : { retry: `failed update labels for node ${node.metadata.name ?? ''}` }
}

/** RetryOnConflict with UpdateNodeSpecBackoff: 20 steps. */
const steps = 20

/**
 * cloud-controller-manager's cloud-node-controller (k8s.io/cloud-provider controllers/node, v0.36): gives a new node what the cloud
 * knows of its instance, and takes away the taint that has kept pods from it.
 */
export const cloudNodeController = (cloud: Cloud, settings: CloudNodeSettings): Controller => ({
  name: 'cloud-node-controller',
  reconciles: 'v1/Node',
  workers: settings.workers,
  loops: [
    {
      name: 'addresses',
      first: 0,
      every: settings.statusUpdateFrequency,
      *run(io): Generator<ApiRequest, void, unknown> {
        for (const node of io.read.list('v1/Node') as readonly Node[]) {
          const instance = isNew(node) ? undefined : cloud.instance(node)
          if (instance !== undefined) yield* updateAddresses(io, node, instance)
        }
      },
    },
  ],
  *reconcile(key, io): Steps<Result> {
    const node = io.read.get(key) as Node | undefined
    if (node === undefined) return done
    if (!isNew(node)) return yield* reconcileLabels(io, node)
    const instance = cloud.instance(node)
    if (instance === undefined) return { retry: `failed to get instance metadata for node ${key}: instance not found` }
    for (let step = 1; ; step += 1) {
      const current = (io.read.get(key) as Node | undefined) ?? node
      const answer = yield* io.write.update(initialized(current, instance))
      if (answer.ok) {
        yield* updateAddresses(io, answer.object as unknown as Node, instance)
        break
      }
      if (answer.reason !== 'Conflict' || step >= steps) return { retry: answer.message }
    }
    io.event(node, 'Normal', 'Synced', 'Node synced successfully')
    return done
  },
})
