import type { ContainerTruth } from '../record/container-truth.ts'
import type { Invariant } from './invariant.ts'

export const podOnOneNode: Invariant = {
  name: 'pod-on-one-node',
  rows: ['KL-12', 'KL-10'],
  says: 'the containers of one pod never run on two nodes',
  reads: ['containers/'],
  upheld: true,
  track(ledger) {
    const homes = new Map<string, string>()
    return {
      truth(subject, data) {
        const { state, podUid } = data as ContainerTruth
        if (state !== 'Running') return
        const [, node = '', namespace = '', pod = ''] = subject.split('/')
        const home = homes.get(podUid)
        if (home === undefined) homes.set(podUid, node)
        else if (home !== node) ledger.broken(`pods/${namespace}/${pod}`, `it ran on ${home}, and now on ${node}`)
      },
    }
  },
}
