import type { Node } from '../../api/types/core-v1.generated.ts'
import { parseTimestamp } from '../client/timestamp.ts'
import type { NodeGroup } from '../cloud/cloud.ts'
import type { Micros } from '../kernel/micros.ts'
import type { Scan } from './memory.ts'

export const toBeDeleted = 'ToBeDeletedByClusterAutoscaler'
export const deletionCandidate = 'DeletionCandidateOfClusterAutoscaler'

export const taintOf = (node: Node, key: string): { readonly value?: string } | undefined =>
  (node.spec?.taints ?? []).find((one) => one.key === key)

/** Taints of a node that is not ready yet, whatever its conditions say. */
const notReadyTaints: ReadonlySet<string> = new Set([
  'node.kubernetes.io/not-ready',
  'node.kubernetes.io/network-unavailable',
  'node.cloudprovider.kubernetes.io/uninitialized',
])

/** kube_util.GetReadinessState */
export const isReady = ({ spec, status }: Node): boolean =>
  status?.conditions?.some((one) => one.type === 'Ready' && one.status === 'True') === true &&
  !(spec?.taints ?? []).some((one) => notReadyTaints.has(one.key))

export const createdAt = ({ metadata }: Node): Micros => parseTimestamp(metadata.creationTimestamp) ?? 0

/** A group's instances as they stand (clusterstate.Readiness). */
export interface GroupState {
  readonly group: NodeGroup
  readonly ready: readonly Node[]
  /** Registered, and not ready for longer than a start may take. */
  readonly unready: readonly Node[]
  /** Will be ready: instances without a node, and nodes that are young. */
  readonly upcoming: number
  readonly unregistered: readonly string[]
}

/** clusterstate.MaxNodeStartupTime */
const startupTime: Micros = 15 * 60_000_000

export const groupState = ({ io, memory, settings, now }: Scan, group: NodeGroup): GroupState => {
  const ready: Node[] = []
  const unready: Node[] = []
  const unregistered: string[] = []
  let upcoming = 0
  for (const name of group.instances()) {
    const node = io.read.get('v1/Node', name) as Node | undefined
    if (node === undefined) {
      unregistered.push(name)
      const since = memory.unregistered.get(name) ?? now
      if (now - since < settings.maxNodeProvisionTime) upcoming += 1
    } else if (isReady(node)) ready.push(node)
    else if (io.wall() - createdAt(node) < startupTime) upcoming += 1
    else unready.push(node)
  }
  return { group, ready, unready, upcoming, unregistered }
}
