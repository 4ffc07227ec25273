import { structuralEqual } from '../../../api/json/structural-equal.ts'
import type { Node, Taint } from '../../../api/types/core-v1.generated.ts'
import { InvariantError } from '../../kernel/invariant-error.ts'
import type { Labels } from '../label-matcher.ts'
import type { PodInfo } from '../pod-info.ts'
import { nodeAmounts } from '../resource-amounts.ts'
import { createColumns, growColumns, type Columns } from './columns.ts'
import { createImageIndex, noImages, type ImageState } from './image-index.ts'
import { createMatchIndex, type PodQuery } from './match-index.ts'
import { createNodeTree, zoneKey } from './node-tree.ts'
import type { SlotCounter } from './slot-counter.ts'
import { createTermIndex, type PlacedTerm, type TermKind } from './term-index.ts'
import { createTopologyColumn, topologyId, type TopologyColumn } from './topology-column.ts'

/** What of a node is not a column. `node` is undefined while pods are known of a node that is not (framework.NodeInfo). */
export interface NodeSlot {
  readonly name: string
  node: Node | undefined
  labels: Labels
  zone: string
  readonly pods: PodInfo[]
  allocatableScalars: ReadonlyMap<string, number> | undefined
  readonly requestedScalars: Map<string, number>
  /** `0.0.0.0 TCP/80`: a set, not a count, as HostPortInfo is. */
  readonly ports: Set<string>
  images: ReadonlyMap<string, ImageState>
}

/** The scheduler's view of nodes and of the pods on them. One for cache and snapshot: an attempt lies in one instant. */
export interface NodeTable {
  readonly columns: Columns
  readonly slots: readonly NodeSlot[]
  readonly taintSets: readonly (readonly Taint[])[]
  /** Slots of the nodes in the order in which they are looked at. */
  order(): Int32Array
  slotOf(name: string): number | undefined
  setNode(node: Node): void
  removeNode(name: string): void
  addPod(nodeName: string, pod: PodInfo): void
  removePod(nodeName: string, pod: PodInfo): void
  /** The pod has changed on its node. */
  replacePod(nodeName: string, before: PodInfo, pod: PodInfo): void
  addPodAt(slot: number, pod: PodInfo): void
  removePodAt(slot: number, pod: PodInfo): void
  readonly anyImages: boolean
  /** Whether a pod on any node uses the claim `namespace/name`. */
  claimInUse(key: string): boolean
  topology(key: string): TopologyColumn
  podCounter(query: PodQuery): SlotCounter
  placedTerms(kind: TermKind): ReadonlyMap<string, PlacedTerm>
  namespaceLabelsChanged(): void
}

export const createNodeTable = (): NodeTable => {
  const columns = createColumns(16)
  const slots: NodeSlot[] = []
  const free: number[] = []
  const byName = new Map<string, number>()
  const tree = createNodeTree()
  const images = createImageIndex()
  const topologies = new Map<string, TopologyColumn>()
  const taintSets: (readonly Taint[])[] = [[]]
  const taintIds = new Map<string, number>([['[]', 0]])
  const claims = new Map<string, number>()
  const capacity = (): number => columns.capacity
  const matches = createMatchIndex(capacity)
  const terms = createTermIndex(capacity)
  let order: Int32Array | undefined

  const slotFor = (name: string): number => {
    const known = byName.get(name)
    if (known !== undefined) return known
    const slot = free.pop() ?? slots.length
    if (slot >= columns.capacity) {
      growColumns(columns)
      for (const column of topologies.values()) {
        const ids = new Int32Array(columns.capacity).fill(-1)
        ids.set(column.ids)
        column.ids = ids
      }
    }
    slots[slot] = {
      name,
      node: undefined,
      labels: undefined,
      zone: '',
      pods: [],
      allocatableScalars: undefined,
      requestedScalars: new Map(),
      ports: new Set(),
      images: noImages,
    }
    for (const name of [
      'requestedCpu',
      'requestedMemory',
      'requestedEphemeral',
      'nonZeroCpu',
      'nonZeroMemory',
    ] as const) {
      columns[name][slot] = 0
    }
    columns.podCount[slot] = 0
    byName.set(name, slot)
    return slot
  }

  const release = (slot: number): void => {
    const entry = slots[slot]!
    if (entry.node !== undefined || entry.pods.length > 0) return
    byName.delete(entry.name)
    free.push(slot)
  }

  const setTopology = (column: TopologyColumn, slot: number): void => {
    const { node, labels } = slots[slot]!
    const value = labels?.[column.key]
    if (node !== undefined && value === undefined) column.missing += 1
    const before = column.ids[slot]!
    if (before >= 0) column.nodes[before]! -= 1
    const id = node === undefined || value === undefined ? -1 : topologyId(column, value)
    if (id >= 0) column.nodes[id]! += 1
    column.ids[slot] = id
  }

  /** Takes a node's labels over into the columns. Sums over domains are made anew by whoever needs them. */
  const setLabels = (slot: number, node: Node | undefined): void => {
    const entry = slots[slot]!
    const before = entry.node
    const same = node !== undefined && before !== undefined && structuralEqual(node.metadata.labels, entry.labels)
    const labels = node?.metadata.labels
    if (!same) {
      for (const column of topologies.values()) {
        if (before !== undefined && entry.labels?.[column.key] === undefined) column.missing -= 1
      }
    }
    entry.node = node
    entry.labels = labels
    if (same) return
    for (const column of topologies.values()) setTopology(column, slot)
    matches.forgetSums()
    terms.forgetSums()
  }

  const taintSet = (taints: readonly Taint[] | undefined): number => {
    if (taints === undefined || taints.length === 0) return 0
    const text = JSON.stringify(taints.map((one) => [one.key, one.value ?? '', one.effect]))
    let id = taintIds.get(text)
    if (id === undefined) {
      id = taintSets.length
      taintSets.push(taints)
      taintIds.set(text, id)
    }
    return id
  }

  const account = (slot: number, pod: PodInfo, sign: 1 | -1): void => {
    const { requests, nonZeroCpu, nonZeroMemory } = pod.amounts
    columns.requestedCpu[slot]! += sign * requests.cpu
    columns.requestedMemory[slot]! += sign * requests.memory
    columns.requestedEphemeral[slot]! += sign * requests.ephemeral
    columns.nonZeroCpu[slot]! += sign * nonZeroCpu
    columns.nonZeroMemory[slot]! += sign * nonZeroMemory
    columns.podCount[slot]! += sign
    const entry = slots[slot]!
    if (requests.scalars !== undefined) {
      for (const [name, amount] of requests.scalars) {
        entry.requestedScalars.set(name, (entry.requestedScalars.get(name) ?? 0) + sign * amount)
      }
    }
    for (const { ip, port } of pod.facts.hostPorts) {
      if (sign > 0) entry.ports.add(`${ip} ${port}`)
      else entry.ports.delete(`${ip} ${port}`)
    }
    for (const claim of pod.facts.claimNames) {
      const key = `${pod.namespace}/${claim}`
      const users = (claims.get(key) ?? 0) + sign
      if (users > 0) claims.set(key, users)
      else claims.delete(key)
    }
    matches.change(slot, pod, sign)
    terms.change(slot, pod, sign)
  }

  const addPodAt = (slot: number, pod: PodInfo): void => {
    slots[slot]!.pods.push(pod)
    account(slot, pod, 1)
  }

  const removePodAt = (slot: number, pod: PodInfo): void => {
    const { pods } = slots[slot]!
    const index = pods.findIndex((one) => one.uid === pod.uid)
    const removed = pods[index]
    if (removed === undefined) {
      throw new InvariantError('scheduler', 'a pod that is not on the node cannot be taken off it', {
        pod: pod.key,
        slot,
      })
    }
    // The last takes its place, as upstream's removeFromSlice does: victims are listed in this order.
    pods[index] = pods[pods.length - 1]!
    pods.pop()
    account(slot, removed, -1)
  }

  return {
    columns,
    slots,
    taintSets,
    order() {
      order ??= Int32Array.from(tree.list(), (name) => byName.get(name)!)
      return order
    },
    slotOf(name) {
      const slot = byName.get(name)
      return slot === undefined || slots[slot]!.node === undefined ? undefined : slot
    },
    setNode(node) {
      const slot = slotFor(node.metadata.name)
      const entry = slots[slot]!
      const zone = zoneKey(node)
      if (entry.node !== undefined) images.remove(entry.node)
      if (entry.node === undefined || entry.zone !== zone) {
        // A node that only moves to another zone keeps its place until some node comes or goes, as in upstream's snapshot.
        if (entry.node === undefined) order = undefined
        else tree.remove(entry.name, entry.zone)
        tree.add(entry.name, zone)
        entry.zone = zone
      }
      setLabels(slot, node)
      entry.images = images.add(node)
      const amounts = nodeAmounts(node.status?.allocatable)
      columns.allocatableCpu[slot] = amounts.cpu
      columns.allocatableMemory[slot] = amounts.memory
      columns.allocatableEphemeral[slot] = amounts.ephemeral
      columns.allocatablePods[slot] = amounts.pods
      entry.allocatableScalars = amounts.scalars
      columns.cordoned[slot] = node.spec?.unschedulable === true ? 1 : 0
      columns.taints[slot] = taintSet(node.spec?.taints)
    },
    removeNode(name) {
      const slot = byName.get(name)
      const entry = slot === undefined ? undefined : slots[slot]!
      if (slot === undefined || entry?.node === undefined) return
      images.remove(entry.node)
      entry.images = noImages
      tree.remove(name, entry.zone)
      order = undefined
      setLabels(slot, undefined)
      release(slot)
    },
    addPod: (nodeName, pod) => addPodAt(slotFor(nodeName), pod),
    removePod(nodeName, pod) {
      const slot = byName.get(nodeName)
      if (slot === undefined)
        throw new InvariantError('scheduler', 'a pod was on a node that is not known', { pod: pod.key, nodeName })
      removePodAt(slot, pod)
      release(slot)
    },
    replacePod(nodeName, before, pod) {
      const slot = slotFor(nodeName)
      const same =
        before.facts === pod.facts &&
        before.amounts === pod.amounts &&
        before.terminating === pod.terminating &&
        structuralEqual(before.labels, pod.labels)
      if (!same) {
        removePodAt(slot, before)
        addPodAt(slot, pod)
        return
      }
      // Nothing that is counted has changed. Its place in the list moves as if it had been taken out and put back.
      const { pods } = slots[slot]!
      const index = pods.findIndex((one) => one.uid === pod.uid)
      pods[index] = pods[pods.length - 1]!
      pods[pods.length - 1] = pod
    },
    addPodAt,
    removePodAt,
    get anyImages() {
      return images.any
    },
    claimInUse: (key) => claims.has(key),
    topology(key) {
      let column = topologies.get(key)
      if (column === undefined) {
        column = createTopologyColumn(key, columns.capacity)
        topologies.set(key, column)
        for (const slot of byName.values()) setTopology(column, slot)
      }
      return column
    },
    podCounter: (query) =>
      matches.counter(query, (visit) => {
        for (const slot of byName.values()) for (const pod of slots[slot]!.pods) visit(slot, pod)
      }),
    placedTerms: (kind) => terms.terms(kind),
    namespaceLabelsChanged: () => matches.clear(),
  }
}
