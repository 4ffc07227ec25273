import type { WatchTruth } from '../record/watch-truth.ts'
import type { Invariant } from './invariant.ts'
import { createWatchViews, type WatchView } from './watch-views.ts'

interface Stream {
  readonly view: WatchView
  /** How many of the view's tellings lie behind it. */
  next: number
  /** Revision up to which it has been told everything; undefined: where it begins is not known yet. */
  position: number | undefined
}

/**
 * The guarantees of etcd's watch API (etcd tests/robustness/validate/watch.go: ordered, unique, reliable, resumable, bookmarkable,
 * isCreate, filter), asked of every watch that a component of the cluster has on the API server. Differs: the state with which a
 * watch may begin is not judged, nor are events that a client has not heard yet.
 */
export const watchOrdered: Invariant = {
  name: 'watch-ordered',
  rows: ['W-01', 'W-02', 'W-04', 'W-05', 'W-06', 'W-08', 'W-09', 'API-14'],
  says: 'every watch tells the commits that it asks for, each once, in their order, and leaves none out',
  reads: ['*', 'watches/'],
  upheld: false,
  track(ledger) {
    const since = ledger.state.revision
    const views = createWatchViews()
    const streams = new Map<string, Stream | undefined>()

    const open = (subject: string, watch: WatchTruth, position: number | undefined): Stream | undefined => {
      const view = views.of(watch)
      const stream = view && { view, next: 0, position: position === undefined ? undefined : Math.max(position, since) }
      streams.set(subject, stream)
      return stream
    }
    /** Everything up to `revision` is told, or was before. */
    const passed = (subject: string, watch: WatchTruth, stream: Stream, revision: number): boolean => {
      const { tellings } = stream.view
      for (; stream.next < tellings.length; stream.next += 1) {
        const telling = tellings[stream.next]!
        if (telling.revision >= revision) return true
        if (telling.revision <= stream.position!) continue
        broken(
          subject,
          watch,
          `it was told of revision ${revision} and never of revision ${telling.revision}, ${verbs[telling.kind]} ${telling.subject}`,
        )
        return false
      }
      return true
    }
    const broken = (subject: string, { client, resource }: WatchTruth, what: string): void =>
      ledger.broken(subject, `${client} watches ${resource}: ${what}`)

    return {
      change(change) {
        if (change.revision > since) views.commit(change)
      },
      truth(subject, data) {
        const watch = data as WatchTruth
        const { heard, initial } = watch
        if (heard.kind === 'opened') {
          open(subject, watch, initial ? undefined : watch.after)
          return
        }
        if (heard.kind === 'ended') {
          streams.delete(subject)
          return
        }
        // One that was open before anybody looked.
        const stream = streams.has(subject) ? streams.get(subject) : open(subject, watch, initial ? undefined : since)
        if (stream === undefined || initial) return
        const { revision } = heard
        if (revision <= since) return
        if (heard.kind === 'BOOKMARK') {
          if (stream.position !== undefined) {
            if (revision < stream.position)
              broken(subject, watch, `a bookmark of revision ${revision} came after revision ${stream.position}`)
            else passed(subject, watch, stream, revision + 1)
          }
          stream.position = revision
          return
        }
        if (stream.position === undefined) {
          // A watch without a revision tells the state first, as ADDED; what comes after that is judged.
          if (heard.kind === 'ADDED') return
          stream.position = revision - 1
        }
        if (revision < stream.position) {
          broken(subject, watch, `it was told of revision ${revision} after revision ${stream.position}`)
          return
        }
        if (!passed(subject, watch, stream, revision)) return
        const telling = stream.view.tellings[stream.next]
        if (telling?.revision !== revision || telling.subject !== heard.subject)
          broken(
            subject,
            watch,
            revision === stream.position
              ? `it was told of revision ${revision} twice`
              : `it was told of ${heard.subject} at revision ${revision}, which is no commit that it asked for`,
          )
        else if (telling.kind !== heard.kind)
          broken(
            subject,
            watch,
            `revision ${revision} was told as ${heard.kind}, and to this watch ${heard.subject} is ${telling.kind}`,
          )
        else stream.next += 1
        stream.position = revision
      },
    }
  },
}

const verbs = { ADDED: 'which added', MODIFIED: 'which modified', DELETED: 'which deleted' } as const
