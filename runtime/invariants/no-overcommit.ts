import { podRequestUnits } from '../../api/pods/pod-resources.ts'
import { resourceUnits } from '../../api/quantity/quantity-values.ts'
import type { Node, Pod } from '../../api/types/core-v1.generated.ts'
import type { ContainerTruth } from '../record/container-truth.ts'
import type { Invariant } from './invariant.ts'

interface Load {
  /** pod uid → its running containers */
  readonly pods: Map<string, Set<string>>
  readonly sums: Map<string, number>
}

/**
 * What runs on a node asked for no more than it has. Judged on what runs in truth: the kubelet refuses (OutOfcpu) what a scheduler
 * with an old view put there. A pod counts with the least it ever asked for: a resize is granted by the kubelet later.
 */
export const noOvercommit: Invariant = {
  name: 'no-overcommit',
  rows: ['SCH-01', 'SCH-02'],
  says: 'the pods that run on a node request no more than it can allocate',
  reads: ['pods', 'nodes', 'containers/'],
  upheld: true,
  track(ledger) {
    const requests = new Map<string, ReadonlyMap<string, number>>()
    const loads = new Map<string, Load>()

    const judge = (node: string): void => {
      const load = loads.get(node)
      const object = ledger.state.get('nodes', undefined, node) as Node | undefined
      const allocatable = object?.status?.allocatable
      if (load === undefined || allocatable === undefined) return
      for (const [resource, sum] of load.sums) {
        const text = allocatable[resource]
        if (text === undefined || sum <= resourceUnits(resource, text)) continue
        ledger.broken(
          `nodes/${node}`,
          `its running pods request ${sum} of ${resource} (in its smallest unit); it has ${text}`,
        )
        return
      }
      ledger.mended(`nodes/${node}`)
    }
    const add = (load: Load, uid: string, sign: 1 | -1): void => {
      for (const [resource, amount] of requests.get(uid) ?? [])
        load.sums.set(resource, (load.sums.get(resource) ?? 0) + sign * amount)
    }

    return {
      change({ resource, object, before }) {
        if (resource === 'nodes') {
          if (object !== undefined) judge(object.metadata.name)
          return
        }
        const pod = object as Pod | undefined
        if (pod === undefined) {
          // Its containers may outlive it: what it asked for is forgotten with the last of them.
          const uid = before?.metadata.uid ?? ''
          if (![...loads.values()].some((load) => load.pods.has(uid))) requests.delete(uid)
          return
        }
        if (before !== undefined && (before as Pod).spec === pod.spec) return
        const { uid } = pod.metadata
        const old = requests.get(uid)
        const least = new Map<string, number>()
        for (const [name, amount] of podRequestUnits(pod)) least.set(name, Math.min(amount, old?.get(name) ?? amount))
        const load = loads.get(pod.spec.nodeName ?? '')
        const runs = load?.pods.has(uid) === true
        if (runs) add(load, uid, -1)
        requests.set(uid, least)
        if (runs) add(load, uid, 1)
      },
      truth(subject, data) {
        const { state, podUid } = data as ContainerTruth
        const [, node = ''] = subject.split('/')
        let load = loads.get(node)
        if (load === undefined) {
          load = { pods: new Map(), sums: new Map() }
          loads.set(node, load)
        }
        const running = load.pods.get(podUid)
        if (state === 'Running') {
          if (running !== undefined) {
            running.add(subject)
            return
          }
          load.pods.set(podUid, new Set([subject]))
          add(load, podUid, 1)
          judge(node)
        } else if (running?.delete(subject) === true && running.size === 0) {
          load.pods.delete(podUid)
          add(load, podUid, -1)
          judge(node)
        }
      },
    }
  },
}
