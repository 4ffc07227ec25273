import type { NodeTable } from './cache/node-table.ts'
import { hasUntoleratedTaint } from './plugins/tolerations.ts'
import type { PodInfo } from './pod-info.ts'
import type { Status } from './status.ts'

const powers: readonly (readonly [string, number])[] = [
  ['Ei', 1152921504606846976],
  ['Pi', 1125899906842624],
  ['Ti', 1099511627776],
  ['Gi', 1073741824],
  ['Mi', 1048576],
  ['Ki', 1024],
]

/** An amount as a manifest would say it: cpu in thousandths, the others in units. */
export const amountText = (resource: string, amount: number): string => {
  if (resource === 'cpu') return amount % 1000 === 0 ? String(amount / 1000) : `${amount}m`
  const unit = powers.find(([, size]) => amount >= size && amount % size === 0)
  return unit === undefined ? String(amount) : `${amount / unit[1]}${unit[0]}`
}

interface Shortage {
  readonly resource: string
  readonly missing: number
  readonly capacity: number
}

/** By how much a pod asks for more than a node has left. */
export const shortages = (table: NodeTable, pod: PodInfo, slot: number): readonly Shortage[] => {
  const { columns } = table
  const { cpu, memory, ephemeral, scalars } = pod.facts.amounts.requests
  const found: Shortage[] = []
  const look = (...[resource, wanted, capacity, used]: readonly [string, number, number, number]): void => {
    if (wanted > 0 && wanted > capacity - used) found.push({ resource, missing: wanted - (capacity - used), capacity })
  }
  look('cpu', cpu, columns.allocatableCpu[slot]!, columns.requestedCpu[slot]!)
  look('memory', memory, columns.allocatableMemory[slot]!, columns.requestedMemory[slot]!)
  look('ephemeral-storage', ephemeral, columns.allocatableEphemeral[slot]!, columns.requestedEphemeral[slot]!)
  const node = table.slots[slot]!
  for (const [name, amount] of scalars ?? [])
    look(name, amount, node.allocatableScalars?.get(name) ?? 0, node.requestedScalars.get(name) ?? 0)
  return found
}

const roomText = (table: NodeTable, pod: PodInfo, slot: number, reasons: readonly string[]): string => {
  const parts = shortages(table, pod, slot).map(({ resource, missing, capacity }) => {
    const own = capacity === 0 ? 'it has none' : `${amountText(resource, capacity)} in all`
    return `${amountText(resource, missing)} less ${resource} (${own})`
  })
  if (reasons.includes('Too many pods')) parts.push('one pod less on it')
  return `fits after ${parts.join(' and ')}`
}

const selectorText = (table: NodeTable, pod: PodInfo, slot: number): string => {
  const labels = table.slots[slot]!.labels ?? {}
  const missing = Object.entries(pod.pod.spec.nodeSelector ?? {}).filter(([key, value]) => labels[key] !== value)
  if (missing.length > 0) return `wants the label ${missing.map(([key, value]) => `${key}=${value}`).join(' and ')}`
  return 'no term of its required node affinity matches the node'
}

const holderText = (table: NodeTable, pod: PodInfo, slot: number): string | undefined => {
  const wanted = new Set(pod.facts.hostPorts.map((one) => one.port))
  const holder = table.slots[slot]!.pods.find((one) => one.facts.hostPorts.some(({ port }) => wanted.has(port)))
  return holder === undefined ? undefined : `${holder.key} has the port`
}

const taintText = (table: NodeTable, pod: PodInfo, slot: number): string | undefined => {
  const taint = table.slots[slot]!.node?.spec?.taints?.find((one) => hasUntoleratedTaint(pod.facts.tolerations, [one]))
  if (taint === undefined) return undefined
  const { key, value = '', effect } = taint
  return `wants a toleration of ${key}${value === '' ? '' : `=${value}`}:${effect}`
}

/** What would have to change for a node to take the pod, said from how things stood at the attempt. */
export const whatWouldHelp = (table: NodeTable, pod: PodInfo, slot: number, status: Status): string | undefined => {
  switch (status.plugin) {
    case 'NodeResourcesFit':
      return roomText(table, pod, slot, status.reasons)
    case 'TaintToleration':
      return taintText(table, pod, slot)
    case 'NodeUnschedulable':
      return 'wants the node uncordoned'
    case 'NodeAffinity':
      return selectorText(table, pod, slot)
    case 'NodePorts':
      return holderText(table, pod, slot)
    default:
      return undefined
  }
}
