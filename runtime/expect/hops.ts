import type { RequestNote } from '../record/request-note.ts'
import type { Timeline } from '../record/timeline.ts'

/** One step on an object's way through the cluster: `kubectl:create`, `apiserver:admit`, `etcd:put`, `kubelet:sync`. */
export interface Hop {
  readonly component: string
  readonly action: string
  readonly at: number
  /** The timeline entry that it was told by. */
  readonly entry: number
}

const componentOf = (actor: string): string => {
  const name = actor.split('/')[0]!
  if (name === 'kube-scheduler') return 'scheduler'
  if (name === 'kube-apiserver') return 'apiserver'
  if (name === 'script') return 'kubectl'
  return name.endsWith('-controller') ? name.slice(0, -'-controller'.length) : name
}

/** What the API server's handling of a subresource is called. */
const subresourceActions: Readonly<Record<string, string>> = {
  status: 'update-status',
  binding: 'bind',
  eviction: 'evict',
  scale: 'scale',
}

const reads: ReadonlySet<string> = new Set(['get', 'list', 'watch'])

/** The steps inside the API server and etcd that a finished request went through. */
const requestHops = (timeline: Timeline, entry: number, about: readonly number[]): readonly Hop[] => {
  const note = timeline.data(entry) as RequestNote
  if (reads.has(note.verb)) return []
  const at = timeline.time(entry)
  const hops: Hop[] = []
  const push = (component: string, action: string, time: number, from: number): void => {
    hops.push({ component, action, at: time, entry: from })
  }
  push('apiserver', 'authenticate', note.sentAt, entry)
  if (note.reached === 'authentication') return hops
  push('apiserver', 'authorize', note.sentAt, entry)
  if (note.reached === 'authorization') return hops
  push('apiserver', 'admit', note.sentAt, entry)
  if (note.reached === 'admission') return hops
  push('apiserver', 'validate', note.sentAt, entry)
  for (const other of about) {
    if (other > entry) break
    if (timeline.kind(other) !== 'revision' || timeline.time(other) < note.sentAt) continue
    // Of the writes while this request was under way, its own is the last before the answer.
    const committed = (timeline.data(other) as { readonly object?: unknown }).object === undefined ? 'delete' : 'put'
    const last = hops.at(-1)!
    if (last.component === 'etcd') hops.pop()
    push('etcd', committed, timeline.time(other), other)
  }
  const action = note.subresource === undefined ? undefined : subresourceActions[note.subresource]
  if (action !== undefined && note.code < 300) push('apiserver', action, at, entry)
  return hops
}

const ownHop = (timeline: Timeline, entry: number): Hop => {
  const action = timeline.action(entry)
  const colon = action.indexOf(':')
  const at = timeline.time(entry)
  return colon > 0
    ? { component: action.slice(0, colon), action: action.slice(colon + 1), at, entry }
    : { component: componentOf(timeline.actor(entry)), action, at, entry }
}

/**
 * The hops of a subject in order: those that components told, and those that a request went through, which are written down
 * nowhere but follow from how far it came.
 */
export const hopsOf = (timeline: Timeline, subject: string): readonly Hop[] => {
  const about = timeline.about(subject)
  const hops: Hop[] = []
  for (const entry of about) {
    if (timeline.time(entry) < 0) continue
    const kind = timeline.kind(entry)
    if (kind === 'hop') hops.push(ownHop(timeline, entry))
    else if (kind === 'request') hops.push(...requestHops(timeline, entry, about))
  }
  return hops
}

/** Steps that a chain passes over unless it names them. */
export const minorActions: ReadonlySet<string> = new Set([
  'apiserver:authenticate',
  'apiserver:authorize',
  'apiserver:validate',
  'runtime:sandbox',
  'cni:add',
  'runtime:create',
  'runc:start',
  'cgroup:throttle',
  'cgroup:unthrottle',
])
