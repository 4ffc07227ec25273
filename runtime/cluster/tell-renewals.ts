import type { Lease } from '../../api/types/coordination-v1.generated.ts'
import { parseTimestamp } from '../client/timestamp.ts'
import type { Micros } from '../kernel/micros.ts'
import type { TimelineWriter } from '../record/create-timeline.ts'
import type { Revision } from '../record/revision.ts'
import type { HeartbeatBoard } from './create-heartbeats.ts'

const prefix = 'leases.coordination.k8s.io/kube-node-lease/'

/** Eager heartbeats: what is stored of a node's lease is its last renewal. */
export const tellRenewals = (timeline: TimelineWriter, epoch: Micros, board: HeartbeatBoard): void => {
  timeline.subscribe((entry) => {
    const subject = timeline.subject(entry)
    if (timeline.kind(entry) !== 'revision' || !subject.startsWith(prefix)) return
    const renewed = ((timeline.data(entry) as Revision).object as Lease | undefined)?.spec?.renewTime
    const at = renewed === undefined ? undefined : parseTimestamp(renewed)
    if (at !== undefined) board.written(subject.slice(prefix.length), at - epoch)
  })
}
