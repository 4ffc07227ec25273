import type { ContainerTruth } from '../record/container-truth.ts'
import type { Invariant } from './invariant.ts'

const podName = 'statefulset.kubernetes.io/pod-name'

/**
 * Judged on what runs in truth. A forced deletion, or that of a Node object, of a pod whose node is out of reach breaks it, as the
 * documentation warns: that is what it is for.
 */
export const statefulAtMostOne: Invariant = {
  name: 'stateful-at-most-one',
  rows: ['STS-01', 'NL-09'],
  says: 'of each identity of a StatefulSet at most one pod runs anywhere',
  reads: ['containers/'],
  upheld: false,
  track(ledger) {
    /** identity → pod uid → its running containers */
    const running = new Map<string, Map<string, Set<string>>>()
    return {
      truth(subject, data) {
        const { state, podUid, labels } = data as ContainerTruth
        if (labels[podName] === undefined) return
        const [, , namespace = '', pod = ''] = subject.split('/')
        const identity = `pods/${namespace}/${pod}`
        let pods = running.get(identity)
        if (pods === undefined) {
          pods = new Map()
          running.set(identity, pods)
        }
        const own = pods.get(podUid) ?? new Set<string>()
        if (state === 'Running') own.add(subject)
        else own.delete(subject)
        if (own.size > 0) pods.set(podUid, own)
        else pods.delete(podUid)
        if (pods.size < 2) ledger.mended(identity)
        else {
          const nodes = [...pods.values()].map((containers) => [...containers][0]!.split('/')[1])
          ledger.broken(identity, `it runs ${pods.size} times: on ${nodes.join(' and on ')}`)
        }
      },
    }
  },
}
