import { objectSubject, resourceName } from '../../api/object-key.ts'
import type { Micros } from '../kernel/micros.ts'
import type { Revision } from '../record/revision.ts'
import type { RequestNote } from '../record/request-note.ts'
import type { SchedulingVerdict } from '../record/scheduling-verdict.ts'
import type { State } from '../record/state.ts'
import type { Timeline } from '../record/timeline.ts'
import type { Scheme } from '../../api/scheme/scheme.ts'
import type { Change, Invariant, Tracker, Violation } from './invariant.ts'

/** The invariants of one run that somebody asked for, kept up to date entry by entry. */
export interface Library {
  has(name: string): boolean
  /** Whether it holds now; asked for the first time it begins in the present state. */
  holds(name: string): boolean
  reads(name: string): readonly string[]
  /** When it has to be asked again if nothing that it reads changes; asked after `holds`. */
  wakes(name: string): Micros | undefined
  violations(name: string): readonly Violation[]
}

export interface LibraryOptions {
  readonly invariants: readonly Invariant[]
  readonly timeline: Timeline & { subscribe(listener: (entry: number) => void): () => void }
  readonly state: State
  readonly scheme: () => Scheme
  readonly settled: () => boolean
  /** One that every run upholds has been broken. */
  readonly upheld?: (invariant: Invariant, violation: Violation) => void
}

interface Watch {
  readonly invariant: Invariant
  readonly tracker: Tracker
  readonly violations: Map<string, Violation>
}

/** Everything is dispatched by what it concerns: an entry wakes those that read its resource, and nobody else. */
export const createLibrary = (options: LibraryOptions): Library => {
  const { timeline, state } = options
  const known = new Map(options.invariants.map((one) => [one.name, one]))
  const watches = new Map<string, Watch>()
  const byKey = new Map<string, Watch[]>()
  const everywhere: Watch[] = []

  const start = (invariant: Invariant): Watch => {
    const violations = new Map<string, Violation>()
    const tracker = invariant.track({
      state,
      settled: options.settled,
      writer(entry) {
        const cause = entry === undefined ? -1 : timeline.cause(entry)
        return cause < 0 ? undefined : timeline.actor(cause)
      },
      broken(subject, message) {
        if (violations.has(subject)) return
        const violation = { subject, message, entry: state.entry }
        violations.set(subject, violation)
        if (invariant.upheld) options.upheld?.(invariant, violation)
      },
      mended: (subject) => violations.delete(subject),
    })
    const watch: Watch = { invariant, tracker, violations }
    watches.set(invariant.name, watch)
    for (const key of invariant.reads) {
      if (key === '*') everywhere.push(watch)
      else {
        const list = byKey.get(key)
        if (list === undefined) byKey.set(key, [watch])
        else list.push(watch)
      }
      if (key.endsWith('/')) for (const subject of state.truths(key)) tracker.truth?.(subject, state.truth(subject))
    }
    if (tracker.change !== undefined)
      for (const resource of options.scheme().resources) {
        const name = resourceName(resource)
        if (!invariant.reads.includes(name) && !invariant.reads.includes('*')) continue
        for (const object of state.list(name, undefined)) {
          const { namespace, name: own } = object.metadata
          tracker.change({
            resource: name,
            subject: objectSubject(resource, namespace, own),
            object,
            before: undefined,
            revision: 0,
          })
        }
      }
    return watch
  }
  const watchOf = (name: string): Watch => watches.get(name) ?? start(known.get(name)!)
  for (const invariant of options.invariants) if (invariant.upheld) start(invariant)

  timeline.subscribe((entry) => {
    const kind = timeline.kind(entry)
    switch (kind) {
      case 'revision': {
        const { resource, object, before, revision } = timeline.data(entry) as Revision
        const name = resourceName(resource)
        const concerned = byKey.get(name)
        if (concerned === undefined && everywhere.length === 0) return
        const change: Change = { resource: name, subject: timeline.subject(entry), object, before, revision, entry }
        for (const watch of everywhere) watch.tracker.change?.(change)
        if (concerned !== undefined) for (const watch of concerned) watch.tracker.change?.(change)
        return
      }
      case 'truth': {
        const subject = timeline.subject(entry)
        const concerned = byKey.get(subject.slice(0, subject.indexOf('/') + 1))
        if (concerned !== undefined) for (const watch of concerned) watch.tracker.truth?.(subject, timeline.data(entry))
        return
      }
      case 'verdict': {
        const concerned = byKey.get('verdict')
        if (concerned === undefined) return
        const verdict = timeline.data(entry) as SchedulingVerdict
        for (const watch of concerned) watch.tracker.verdict?.(timeline.subject(entry), verdict)
        return
      }
      case 'request': {
        const concerned = byKey.get('request')
        if (concerned === undefined) return
        const note = timeline.data(entry) as RequestNote
        for (const watch of concerned) watch.tracker.request?.(timeline.subject(entry), note)
        return
      }
      case 'step':
      case 'fault': {
        const concerned = byKey.get('quiet')
        if (concerned !== undefined) for (const watch of concerned) watch.tracker.stirred?.()
        return
      }
      default:
    }
  })

  const bySubject = (a: Violation, b: Violation): number => (a.subject < b.subject ? -1 : a.subject > b.subject ? 1 : 0)
  return {
    has: (name) => known.has(name),
    holds(name) {
      const watch = watchOf(name)
      watch.tracker.look?.()
      return watch.violations.size === 0
    },
    reads: (name) => known.get(name)!.reads,
    wakes: (name) => watchOf(name).tracker.next?.(),
    violations: (name) => [...watchOf(name).violations.values()].sort(bySubject),
  }
}
