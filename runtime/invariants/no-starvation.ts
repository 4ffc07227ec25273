import type { Pod } from '../../api/types/core-v1.generated.ts'
import type { Invariant } from './invariant.ts'

/** The longest that upstream leaves a pod unlooked at: flushed after 5 minutes, checked every 30 seconds, 10 seconds of back-off. */
const second = 1_000_000
const longest = 340 * second

export const noStarvation: Invariant = {
  name: 'no-starvation',
  rows: ['SCH-23'],
  says: 'no pod waits longer than the scheduler may leave it without another attempt',
  reads: ['pods', 'verdict', 'quiet'],
  upheld: false,
  track(ledger) {
    const waiting = new Map<string, number>()
    return {
      stirred() {
        // A scheduler that was away begins to count anew.
        for (const subject of waiting.keys()) waiting.set(subject, ledger.state.now)
      },
      change({ subject, object, before }) {
        const pod = object as Pod | undefined
        const waits =
          pod !== undefined &&
          (pod.spec.nodeName ?? '') === '' &&
          (pod.spec.schedulingGates ?? []).length === 0 &&
          pod.spec.schedulerName === 'default-scheduler' &&
          pod.metadata.deletionTimestamp === undefined &&
          pod.status?.phase === 'Pending'
        if (!waits) {
          waiting.delete(subject)
          ledger.mended(subject)
        } else if (!waiting.has(subject) || before?.metadata.uid !== pod.metadata.uid)
          waiting.set(subject, ledger.state.now)
      },
      verdict(subject) {
        if (waiting.has(subject)) waiting.set(subject, ledger.state.now)
        ledger.mended(subject)
      },
      look() {
        for (const [subject, since] of waiting)
          if (ledger.state.now - since > longest)
            ledger.broken(subject, `no attempt was made for it in ${Math.floor((ledger.state.now - since) / second)}s`)
      },
    }
  },
}
