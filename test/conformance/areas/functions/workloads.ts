import { mostRecentScheduleTime, cronJobJobName, untilNextSchedule } from '../../../../api/cron/missed-schedules.ts'
import { parseCronJobSchedule } from '../../../../api/cron/parse-schedule.ts'
import { formatIn, timeZone, utc } from '../../../../api/cron/time-zone.ts'
import { createBackoff } from '../../../../api/durations/backoff.ts'
import type { IntOrString } from '../../../../api/int-or-string/int-or-string.ts'
import type { Deployment, ReplicaSet } from '../../../../api/types/apps-v1.generated.ts'
import {
  newReplicaSetReplicas,
  replicaSetProportion,
  resolveFenceposts,
} from '../../../../api/workloads/deployment-math.ts'
import { indexesText, mergeIndexes, parseIndexes } from '../../../../api/workloads/job-indexes.ts'
import type { Topic } from './topic.ts'

interface RollingCase {
  readonly deployment: Deployment
  readonly replicaSets: readonly [ReplicaSet, ...ReplicaSet[]]
  readonly added?: number
  readonly toAdd?: number
}

export const deploymentMath: Topic = {
  resolveFenceposts: (given: { MaxSurge: IntOrString; MaxUnavailable: IntOrString; Desired: number }) =>
    resolveFenceposts(given.MaxSurge, given.MaxUnavailable, given.Desired),
  newRSNewReplicas: ({ deployment, replicaSets }: RollingCase) =>
    newReplicaSetReplicas(deployment, replicaSets, replicaSets[0]),
  replicaSetProportion: ({ deployment, replicaSets, toAdd, added }: RollingCase) => ({
    delta: replicaSetProportion(replicaSets[0], deployment, toAdd ?? 0, added ?? 0),
  }),
}

export const jobIndexes: Topic = {
  parse: ({ text, completions, merge }: { text: string; completions: number; merge?: string }) => {
    const indexes = parseIndexes(text, completions)
    const merged =
      merge === undefined ? undefined : indexesText(mergeIndexes(indexes, parseIndexes(merge, completions)))
    return { canonical: indexesText(indexes), merged }
  },
}

const secondsOf = (text: string): number => Date.parse(text) / 1000

interface MissedCase {
  readonly schedule: string
  readonly timeZone?: string
  readonly creationTimestamp: string
  readonly lastScheduleTime?: string
  readonly startingDeadlineSeconds?: number
  readonly now: string
}

export const cron: Topic = {
  next: (given: { schedule: string; timeZone?: string; after: string; n: number }) => {
    const schedule = parseCronJobSchedule(given.schedule, given.timeZone)
    if ('error' in schedule) return schedule
    const times: (string | null)[] = []
    let t: number | undefined = secondsOf(given.after)
    while (times.length < given.n && t !== undefined) {
      t = schedule.next(t)
      times.push(t === undefined ? null : formatIn(utc, t))
    }
    return { times }
  },
  mostRecentScheduleTime: (given: MissedCase) => {
    const schedule = parseCronJobSchedule(given.schedule, given.timeZone)
    if ('error' in schedule) return schedule
    const now = secondsOf(given.now)
    const times = {
      created: secondsOf(given.creationTimestamp),
      lastSchedule: given.lastScheduleTime === undefined ? undefined : secondsOf(given.lastScheduleTime),
      startingDeadlineSeconds: given.startingDeadlineSeconds,
    }
    const found = mostRecentScheduleTime(times, now, schedule, true)
    if ('error' in found) return found
    const { earliest, mostRecent, missed } = found
    const wait = untilNextSchedule(times, now, schedule)
    const zone = timeZone(given.timeZone ?? '') ?? utc
    return {
      earliest: formatIn(utc, earliest),
      missed,
      requeueAfterMs: wait === undefined ? undefined : Math.round(wait * 1000),
      ...(mostRecent === undefined
        ? {}
        : {
            mostRecent: formatIn(utc, mostRecent),
            job: {
              name: cronJobJobName('cj', mostRecent),
              annotations: { 'batch.kubernetes.io/cronjob-scheduled-timestamp': formatIn(zone, mostRecent) },
            },
          }),
    }
  },
}

interface BackoffOperation {
  readonly op: string
  readonly atMs: number
  readonly eventMs?: number
}

export const backoff: Topic = {
  run: ({ initialMs, maxMs, ops }: { initialMs: number; maxMs: number; ops: readonly BackoffOperation[] }) => {
    const entry = createBackoff(initialMs, maxMs)
    const results = ops.map(({ op, atMs, eventMs = 0 }) => {
      switch (op) {
        case 'next':
          entry.next('x', eventMs, atMs)
          return entry.get('x')
        case 'get':
          return entry.get('x')
        case 'isInBackOffSince':
          return entry.isInBackOffSince('x', eventMs, atMs)
        case 'isInBackOffSinceUpdate':
          return entry.isInBackOffSinceUpdate('x', eventMs)
        case 'gc':
          entry.gc(atMs)
          return null
        default:
          entry.reset('x')
          return null
      }
    })
    return { results }
  },
}
