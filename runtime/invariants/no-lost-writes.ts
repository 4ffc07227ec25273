import type { KubeObject } from '../../api/object.ts'
import type { Invariant } from './invariant.ts'

/** etcd transactions compare the revision that they were computed from; what was acknowledged is in the store. */
export const noLostWrites: Invariant = {
  name: 'no-lost-writes',
  rows: ['API-02', 'API-03', 'API-12'],
  says: 'every write follows on the one before it, and one that was acknowledged is in the store',
  reads: ['*', 'request'],
  upheld: true,
  track(ledger) {
    const last = new Map<string, KubeObject>()
    const written = new Set<string>()
    return {
      change({ subject, object, before, revision }) {
        const known = last.get(subject)
        if (revision > 0) {
          written.add(subject)
          if (known?.metadata.resourceVersion !== before?.metadata.resourceVersion)
            ledger.broken(
              subject,
              `revision ${revision} was computed from version ${before?.metadata.resourceVersion ?? 'none'}, and the last one written is ${known?.metadata.resourceVersion ?? 'none'}`,
            )
        }
        if (object === undefined) last.delete(subject)
        else last.set(subject, object)
      },
      request(subject, note) {
        if (note.verb !== 'create' || note.subresource !== undefined || note.code !== 201 || note.reached !== 'storage')
          return
        if (subject.includes('/') && !last.has(subject) && !written.has(subject) && persisted(note.resource))
          ledger.broken(subject, 'the API server acknowledged its creation, and etcd never committed it')
      },
    }
  },
}

/** Reviews are answered, not kept; Events in their own store; dry runs leave nothing. */
const persisted = (resource: string): boolean => !resource.includes('reviews') && !resource.startsWith('events')
