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
    /** Since when nobody has tried to place it. The longest without is the first. */
    const waiting = new Map<string, number>()
    const since = (subject: string): void => {
      waiting.delete(subject)
      waiting.set(subject, ledger.state.now)
    }
    return {
      stirred() {
        // A scheduler that was away begins to count anew.
        for (const subject of [...waiting.keys()]) since(subject)
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
        } else if (!waiting.has(subject) || before?.metadata.uid !== pod.metadata.uid) since(subject)
      },
      verdict(subject) {
        if (waiting.has(subject)) since(subject)
        ledger.mended(subject)
      },
      look() {
        for (const [subject, began] of waiting) {
          const waited = ledger.state.now - began
          if (waited <= longest) return
          ledger.broken(subject, `no attempt was made for it in ${Math.floor(waited / second)}s`)
        }
      },
      next() {
        for (const began of waiting.values()) {
          const at = began + longest + 1
          if (at > ledger.state.now) return at
        }
        return undefined
      },
    }
  },
}
