import type { ScenarioPlan } from '../../../dsl/plan/plan.ts'
import type { Cluster } from '../../../runtime/cluster/cluster.ts'
import { createCluster } from '../../../runtime/cluster/create-cluster.ts'
import { second, type Micros } from '../../../runtime/kernel/micros.ts'
import type { Timeline } from '../../../runtime/record/timeline.ts'
import type { Record } from '../../../runtime/record/record.ts'
import type { RequestNote } from '../../../runtime/record/request-note.ts'
import type { Revision } from '../../../runtime/record/revision.ts'
import { runScenario } from '../../../runtime/runner/run-scenario.ts'

export interface HeartbeatRun {
  readonly record: Record
  /** The timeline without heartbeats, one line an entry. */
  readonly lines: readonly string[]
  /** Renewals of leases that were written. */
  readonly renewals: number
}

const isLease = (subject: string): boolean => subject.startsWith('leases.coordination.k8s.io/kube-node-lease/')

/** Who writes counts revisions: numbers differ by the heartbeats between, as do the times that those leave. */
const volatile = new Set(['resourceVersion', 'lastHeartbeatTime', 'managedFields', 'time', 'renewTime'])
const textOf = (value: unknown): string =>
  JSON.stringify(value, (key, inner: unknown) => (volatile.has(key) ? undefined : inner)) ?? ''

/** A renewal's period: in an outage of etcd that is longer, renewals wait, and at its end they are writes among all that waited. */
const renewalPeriod = 10 * second

/** When an outage of etcd begins that keeps renewals waiting: from there on the two ways are races of different writers. */
const outageOf = (timeline: Timeline): Micros => {
  let since: Micros | undefined
  for (let entry = 0; entry < timeline.length; entry += 1) {
    if (timeline.kind(entry) !== 'truth' || !timeline.subject(entry).startsWith('components/etcd/')) continue
    const action = timeline.action(entry)
    const at = timeline.time(entry)
    if (since !== undefined && at - since > renewalPeriod) return since
    if (action === 'lead' || action === 'start') since = undefined
    else if (action === 'follow' || leaderOf(timeline, entry)) since ??= at
  }
  return since ?? Number.POSITIVE_INFINITY
}

/** Whether a member that stopped is the one that led. */
const leaderOf = (timeline: Timeline, stopped: number): boolean => {
  if (timeline.action(stopped) !== 'crash' && timeline.action(stopped) !== 'stop') return false
  const about = timeline.about(timeline.subject(stopped)).filter((entry) => entry < stopped)
  const last = about.findLast((entry) => ['lead', 'follow', 'start'].includes(timeline.action(entry)))
  const roles = about.some((entry) => timeline.action(entry) === 'lead')
  return last !== undefined && (timeline.action(last) === 'lead' || !roles)
}

/** Runs a scenario with heartbeats that are computed when somebody asks, or with such as are written. */
export const heartbeatRun = (scenario: ScenarioPlan, eager: boolean): HeartbeatRun => {
  let cluster: Cluster | undefined
  const make: typeof createCluster = (spec, behaviors, given) => {
    const made = createCluster(spec, behaviors, { ...given, eagerHeartbeats: eager })
    cluster ??= made
    return made
  }
  const record = runScenario(scenario, { seed: '0', createCluster: make, keepGoing: true })
  const { timeline } = cluster!
  const lines: string[] = []
  let renewals = 0
  const until = outageOf(timeline)
  for (let entry = 0; entry < timeline.length; entry += 1) {
    if (timeline.time(entry) > until) break
    const kind = timeline.kind(entry)
    const subject = timeline.subject(entry)
    if (isLease(subject)) {
      if (kind === 'revision') renewals += 1
      continue
    }
    const line = `${timeline.time(entry)} ${timeline.actor(entry)} ${kind} ${timeline.action(entry)} ${subject}`
    const data = timeline.data(entry)
    if (kind === 'revision') {
      const { object, before } = data as Revision
      // A report that says nothing new is a heartbeat too.
      if (object?.kind === 'Node' && before !== undefined && textOf(object) === textOf(before)) continue
      lines.push(`${line} ${textOf(object)}`)
    } else if (kind === 'request') {
      const { verb, subresource, code } = data as RequestNote
      // What a kubelet reads and reports of its node, and what hears of it, is told by the revisions.
      if (subject.startsWith('nodes/') && (verb === 'get' || (verb === 'patch' && subresource === 'status'))) continue
      lines.push(`${line} ${verb} ${subresource ?? ''} ${code}`)
    } else lines.push(`${line} ${textOf(data)}`)
  }
  return { record, lines, renewals }
}

/** The first lines in which the two ways differ; empty: they do not. */
export const heartbeatDifference = (scenario: ScenarioPlan): readonly string[] => {
  const lazy = heartbeatRun(scenario, false)
  const eager = heartbeatRun(scenario, true)
  const difference: string[] = []
  for (let index = 0; index < Math.max(lazy.lines.length, eager.lines.length); index += 1) {
    if (lazy.lines[index] === eager.lines[index]) continue
    difference.push(`lazy:  ${lazy.lines[index] ?? 'the end'}`, `eager: ${eager.lines[index] ?? 'the end'}`)
    break
  }
  return difference
}
