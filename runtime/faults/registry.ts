import { crashNode } from './crash-node.ts'
import { crashProcess } from './crash-process.ts'
import type { Fault } from './fault.ts'
import { outage } from './outage.ts'
import { partition } from './partition.ts'
import { rebootNode } from './reboot-node.ts'

/** The fault that `inject FAULT TARGET` means; undefined for what this version cannot inject. */
export const faultOf = (name: string, targetKind: string): Fault | undefined => {
  switch (name) {
    case 'crash':
      if (targetKind === 'nodes') return crashNode
      return ['kubelet', 'kube-proxy', 'controller', 'controller-manager', 'scheduler', 'apiserver', 'etcd'].includes(
        targetKind,
      )
        ? crashProcess
        : undefined
    case 'reboot':
      return targetKind === 'nodes' ? rebootNode : undefined
    case 'partition':
      return partition
    case 'outage':
      return targetKind === 'zone' || targetKind === 'zones' ? outage : undefined
    default:
      return undefined
  }
}
