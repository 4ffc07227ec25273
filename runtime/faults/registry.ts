import { compactEtcd } from './compact-etcd.ts'
import { crashAtWrite } from './crash-at-write.ts'
import { crashNode } from './crash-node.ts'
import { crashProcess } from './crash-process.ts'
import { delayWatch } from './delay-watch.ts'
import { downRegistry } from './down-registry.ts'
import { downStorageClass } from './down-storageclass.ts'
import { dropWatch } from './drop-watch.ts'
import { errorApiserver } from './error-apiserver.ts'
import { failover } from './failover.ts'
import type { Fault } from './fault.ts'
import { flapNode } from './flap-node.ts'
import { outage } from './outage.ts'
import { partition } from './partition.ts'
import { pauseProcess } from './pause-process.ts'
import { pressureNode } from './pressure-node.ts'
import { rebootNode } from './reboot-node.ts'
import { shutdownNode } from './shutdown-node.ts'
import { skewClock } from './skew-clock.ts'
import { slowApiserver } from './slow-apiserver.ts'
import { slowEtcd } from './slow-etcd.ts'
import { slowRegistry } from './slow-registry.ts'
import { staleCache } from './stale-cache.ts'
import { timeoutExtender } from './timeout-extender.ts'
import { timeoutWebhook } from './timeout-webhook.ts'

const watchers = ['controller', 'scheduler', 'kubelet', 'kube-proxy', 'controller-manager']
const processes = [...watchers, 'apiserver', 'etcd']
const networked = ['nodes', 'zones', ...processes]

/** By word: each fault with the kinds of target that it strikes. */
const faults: Readonly<Record<string, readonly (readonly [Fault, readonly string[]])[]>> = {
  crash: [
    [crashNode, ['nodes']],
    [crashProcess, [...processes, 'autoscaler', 'cloud-controller-manager']],
  ],
  reboot: [[rebootNode, ['nodes']]],
  shutdown: [[shutdownNode, ['nodes']]],
  flap: [[flapNode, ['nodes']]],
  partition: [[partition, networked]],
  outage: [[outage, ['zones', 'zone']]],
  skew: [[skewClock, ['nodes']]],
  pressure: [[pressureNode, ['nodes']]],
  slow: [
    [slowApiserver, ['apiserver']],
    [slowEtcd, ['etcd']],
    [slowRegistry, ['registry']],
  ],
  error: [[errorApiserver, ['apiserver']]],
  compact: [[compactEtcd, ['etcd']]],
  'drop-watch': [[dropWatch, watchers]],
  'delay-watch': [[delayWatch, [...watchers, 'apiserver']]],
  'stale-cache': [[staleCache, watchers]],
  failover: [[failover, ['scheduler', 'controller-manager', 'controller']]],
  pause: [[pauseProcess, ['controller']]],
  down: [
    [downRegistry, ['registry']],
    [downStorageClass, ['storageclasses.storage.k8s.io']],
  ],
  timeout: [
    [timeoutWebhook, ['webhook']],
    [timeoutExtender, ['extender']],
  ],
}

/** The fault that `inject FAULT TARGET WORDS` means; undefined for what this version cannot inject. */
export const faultOf = (name: string, targetKind: string, args: readonly unknown[] = []): Fault | undefined => {
  if (name === 'crash' && args.length > 0) return crashAtWrite
  if (!Object.hasOwn(faults, name)) return undefined
  return faults[name]!.find(([, kinds]) => kinds.includes(targetKind))?.[0]
}
