import type { SentenceResult } from '../../runtime/record/record.ts'
import type { Timeline } from '../../runtime/record/timeline.ts'
import { laneStatus } from '../lane-status.ts'
import { visibleText } from '../visible-text.ts'
import type { Histories } from './histories.ts'
import type { Nouns } from './nouns.ts'
import { toneOf, type LaneTone } from './tone-of.ts'

/** A row of the time line: what something was, from when to when. */
export interface Lane {
  readonly name: string
  readonly group: LaneGroup
  /** Timeline subject; '' where the lane is about no object. */
  readonly subject: string
  /** Resource of an object, such as `pods`; '' of anything else. */
  readonly resource: string
  segments(): readonly Segment[]
  /** Instants at which it did something. */
  marks(): readonly number[]
}

export type LaneGroup = 'fault' | 'expectation' | 'component' | 'actor' | 'object'

export interface Segment {
  readonly from: number
  readonly to: number
  readonly text: string
  readonly tone: LaneTone
}

/** A fault from its injection to its healing, or to the end of the run. */
export interface Band {
  readonly from: number
  readonly to: number
  readonly text: string
}

export interface LaneSource {
  readonly timeline: Timeline
  readonly histories: Histories
  readonly sentences: readonly Judged[]
  readonly nouns: Nouns
  readonly end: number
}
type Judged = Pick<SentenceResult, 'text' | 'began' | 'ended' | 'held'>

const once = <A>(make: () => A): (() => A) => {
  let known: { readonly value: A } | undefined
  return () => (known ??= { value: make() }).value
}
const byText = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0)

/** Resources in the order in which a reader looks for them; the others follow by name. */
const order = [
  'nodes',
  'deployments.apps',
  'statefulsets.apps',
  'daemonsets.apps',
  'jobs.batch',
  'cronjobs.batch',
  'replicasets.apps',
  'pods',
  'services',
  'persistentvolumeclaims',
  'persistentvolumes',
]
const rank = (resource: string): number => {
  const index = order.indexOf(resource)
  return index < 0 ? order.length : index
}

const objectLanes = ({ timeline, histories, nouns, end }: LaneSource): Lane[] => {
  const lanes: Lane[] = []
  for (const subject of histories.subjects) {
    const resource = subject.slice(0, subject.indexOf('/'))
    if (resource === 'events' || resource === 'events.events.k8s.io') continue
    lanes.push({
      name: nouns(subject),
      group: 'object',
      subject,
      resource,
      segments: once(() => {
        const segments: { from: number; to: number; text: string; tone: LaneTone }[] = []
        for (const { time, object } of histories.versions(subject)) {
          const text = object === undefined ? '' : visibleText(laneStatus(resource, object))
          const last = segments.at(-1)
          if (last !== undefined && last.text === text) continue
          const at = Math.max(0, time)
          if (last !== undefined) last.to = at
          segments.push({ from: at, to: end, text, tone: object === undefined ? 'off' : toneOf(text) })
        }
        return segments.filter((one) => one.tone !== 'off' && (one.to > one.from || one.to === end))
      }),
      marks: once(() => timeline.about(subject).map((entry) => timeline.time(entry))),
    })
  }
  return lanes.sort((a, b) => rank(a.resource) - rank(b.resource) || byText(a.subject, b.subject))
}

const truthLanes = ({ timeline, end }: LaneSource): Lane[] => {
  const changes = new Map<string, { readonly at: number; readonly up: boolean }[]>()
  for (let entry = 0; entry < timeline.length; entry += 1) {
    if (timeline.kind(entry) !== 'truth') continue
    const subject = timeline.subject(entry)
    const data = timeline.data(entry) as { readonly up?: boolean; readonly powered?: boolean } | undefined
    const up = subject.startsWith('components/')
      ? data?.up
      : subject.startsWith('machines/')
        ? data?.powered
        : undefined
    if (up === undefined) continue
    const known = changes.get(subject)
    const change = { at: Math.max(0, timeline.time(entry)), up }
    if (known === undefined) changes.set(subject, [change])
    else known.push(change)
  }
  return [...changes]
    .sort(([a], [b]) => byText(a, b))
    .map(([subject, list]) => ({
      name: visibleText(
        subject.startsWith('components/')
          ? subject.slice('components/'.length)
          : subject.replace('machines/', 'machine/'),
      ),
      group: 'component' as const,
      subject: '',
      resource: '',
      segments: () =>
        list.flatMap(({ at, up }, index) => {
          const to = list[index + 1]?.at ?? end
          return to === at && to !== end
            ? []
            : [{ from: at, to, text: up ? 'up' : 'down', tone: up ? ('good' as const) : ('bad' as const) }]
        }),
      marks: () => [],
    }))
}

const actorLanes = ({ timeline }: LaneSource): Lane[] => {
  const marks = new Map<string, number[]>()
  for (let entry = 0; entry < timeline.length; entry += 1) {
    const time = timeline.time(entry)
    if (time < 0) continue
    const actor = timeline.actor(entry)
    const known = marks.get(actor)
    if (known === undefined) marks.set(actor, [time])
    else if (known.at(-1) !== time) known.push(time)
  }
  return [...marks]
    .sort(([a], [b]) => byText(a, b))
    .map(([actor, times]) => ({
      name: visibleText(actor),
      group: 'actor' as const,
      subject: '',
      resource: '',
      segments: () => [],
      marks: () => times,
    }))
}

/** What is injected and never healed goes on to the end. */
export const faultBands = (timeline: Timeline, nouns: Nouns, end: number): readonly Band[] => {
  const bands: { from: number; to: number; text: string; subject: string; word: string }[] = []
  for (let entry = 0; entry < timeline.length; entry += 1) {
    if (timeline.kind(entry) !== 'fault') continue
    const [action, ...rest] = timeline.action(entry).split(' ')
    const word = rest.join(' ')
    const subject = timeline.subject(entry)
    const at = timeline.time(entry)
    if (action === 'inject') {
      bands.push({ from: at, to: end, text: visibleText(`${word} ${nouns(subject)}`), subject, word })
      continue
    }
    const open = bands.findLast((one) => one.subject === subject && one.word === word && one.to === end)
    if (open !== undefined) open.to = at
  }
  return bands.map(({ from, to, text }) => ({ from, to, text }))
}

/** Faults, expectations, components, objects, actors: a lane each, in that order. */
export const createLanes = (source: LaneSource, bands: readonly Band[]): readonly Lane[] => [
  ...bands.map((band): Lane => ({
    name: band.text,
    group: 'fault',
    subject: '',
    resource: '',
    segments: () => [{ ...band, tone: 'bad' }],
    marks: () => [],
  })),
  ...source.sentences.map(({ text, began, ended, held }): Lane => ({
    name: visibleText(text),
    group: 'expectation',
    subject: '',
    resource: '',
    segments: () => [{ from: began, to: ended, text: held ? 'held' : 'broke', tone: held ? 'good' : 'bad' }],
    marks: () => [],
  })),
  ...truthLanes(source),
  ...objectLanes(source),
  ...actorLanes(source),
]
