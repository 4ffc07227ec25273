import { hopsOf, type Hop } from '../runtime/expect/hops.ts'
import type { Record } from '../runtime/record/record.ts'
import type { Timeline } from '../runtime/record/timeline.ts'
import type { KubeObject } from '../api/object.ts'
import type { EndpointSlice } from '../api/types/discovery-v1.generated.ts'
import type { Revision } from '../runtime/record/revision.ts'
import { nounOf } from '../api/noun-of.ts'
import { createPaint } from './paint.ts'
import { printTime } from './print-time.ts'

interface Row {
  readonly at: number
  readonly entry: number
  readonly component: string
  readonly action: string
  readonly subject: string
}

const furthestBack = 200

/** The entries that led to one, nearest first. */
const causesOf = (timeline: Timeline, entry: number): number[] => {
  const chain: number[] = []
  for (let at = timeline.cause(entry); at >= 0 && chain.length < furthestBack; at = timeline.cause(at)) chain.push(at)
  return chain
}

const rowOf = (subject: string, hop: Hop): Row => ({
  at: hop.at,
  entry: hop.entry,
  component: hop.component,
  action: hop.action,
  subject,
})

/** Before a component acts on a commit it has heard of it: the watch that told it, once for each commit. */
const withWatches = (timeline: Timeline, rows: readonly Row[]): Row[] => {
  const told = new Set<string>()
  return rows.flatMap((row) => {
    const cause = timeline.cause(row.entry)
    const key = `${cause} ${row.component}`
    if (timeline.kind(row.entry) !== 'hop' || cause < 0 || timeline.kind(cause) !== 'revision' || told.has(key))
      return [row]
    told.add(key)
    return [{ ...row, component: 'watch', action: `tells ${row.component}`, subject: timeline.subject(cause) }, row]
  })
}

/** How a slice has a pod: ready, not ready, not at all. */
const leadsTo = (slice: KubeObject | undefined, subject: string): string | undefined => {
  const endpoint = (slice as EndpointSlice | undefined)?.endpoints?.find(
    ({ targetRef }) => targetRef !== undefined && `pods/${targetRef.namespace}/${targetRef.name}` === subject,
  )
  return endpoint === undefined ? undefined : endpoint.conditions?.ready === true ? 'ready' : 'not ready'
}

const rowsOf = (timeline: Timeline, subject: string): Row[] => {
  const own = timeline.about(subject)
  const first = own.find((entry) => timeline.kind(entry) === 'revision') ?? own[0]
  if (first === undefined) return []
  // Objects on the way to this one (a Deployment, its ReplicaSet), each as far as it matters.
  const ancestors = new Map<string, number>()
  for (const entry of causesOf(timeline, first)) {
    const one = timeline.subject(entry)
    // What the script did before it asked for this is another story.
    if (timeline.actor(entry).startsWith('script/')) {
      if (one !== subject && !ancestors.has(one)) ancestors.set(one, timeline.time(entry))
      break
    }
    if (one !== subject && one.includes('/') && timeline.kind(entry) !== 'step' && !ancestors.has(one))
      ancestors.set(one, timeline.time(entry))
  }
  const before = [...ancestors].reverse().flatMap(([one, until]) =>
    hopsOf(timeline, one)
      .filter((hop) => hop.at <= until)
      .map((hop) => rowOf(one, hop)),
  )
  const mine = hopsOf(timeline, subject).map((hop) => rowOf(subject, hop))
  // Where the object became reachable: slices that lead to it.
  const after: Row[] = []
  for (let entry = first; entry < timeline.length; entry += 1) {
    const slice = timeline.subject(entry)
    if (timeline.kind(entry) !== 'revision' || !slice.startsWith('endpointslices.')) continue
    const { object, before: last } = timeline.data(entry) as Revision
    const leads = leadsTo(object, subject)
    if (leads === leadsTo(last, subject)) continue
    const action = leads === undefined ? 'leaves out' : `lists ${leads}`
    after.push({ at: timeline.time(entry), entry, component: 'endpointslice', action, subject: slice })
  }
  // Hops of one instant stay as their object went through them.
  return withWatches(timeline, [...before, ...mine, ...after]).sort((a, b) => a.at - b.at)
}

/** `pod/web-0@prod` → the subjects whose noun it is; a trailing `*` matches the rest of the name. */
const subjectsNamed = (timeline: Timeline, noun: string): string[] => {
  const wanted = noun.endsWith('*')
    ? (text: string): boolean => text.startsWith(noun.slice(0, -1))
    : (text: string): boolean => text === noun
  const found = new Set<string>()
  for (let entry = 0; entry < timeline.length; entry += 1) {
    if (timeline.kind(entry) === 'revision' && wanted(nounOf(timeline.subject(entry))))
      found.add(timeline.subject(entry))
  }
  return [...found]
}

/** An object's way through the control plane, hop by hop, from the command that asked for it to the endpoints that lead to it. */
export const traceObject = (record: Record, noun: string, options: { readonly color: boolean }): string => {
  const paint = createPaint(options.color)
  const { timeline } = record
  const subjects = subjectsNamed(timeline, noun.replace(/^pods\//, 'pod/'))
  if (subjects.length === 0) return `trace: nothing called ${noun} was ever stored in "${record.title}"\n`
  return subjects
    .map((subject) => {
      const rows = rowsOf(timeline, subject)
      const width = Math.max(...rows.map((row) => row.component.length))
      const actions = Math.max(...rows.map((row) => row.action.length))
      const lines = rows.map(
        (row) =>
          `  ${printTime(row.at).padEnd(11)}  ${paint('strong', row.component.padEnd(width))}  ${row.action.padEnd(actions)}  ${paint('faint', nounOf(row.subject))}`,
      )
      return `\ntrace of ${nounOf(subject)} in "${record.title}"\n${lines.join('\n')}\n`
    })
    .join('')
}
