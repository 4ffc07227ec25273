import { nounOf } from '../api/noun-of.ts'
import type { Micros } from '../runtime/kernel/micros.ts'
import type { Record } from '../runtime/record/record.ts'
import type { Timeline } from '../runtime/record/timeline.ts'
import type { Refusals, SchedulingVerdict, WokenBy } from '../runtime/record/scheduling-verdict.ts'
import { createPaint, type Paint } from './paint.ts'
import { placementScores } from './placement-scores.ts'
import { printDuration, printTime } from './print-time.ts'
import { wrapLine } from './wrap-line.ts'

export interface WhyOptions {
  readonly color: boolean
  readonly width: number
}

export interface ToldAttempt {
  readonly at: Micros | undefined
  /** What came before it: how long the pod had waited since. */
  readonly since: Micros | undefined
  readonly verdict: SchedulingVerdict
}

const plural = (count: number, noun: string): string => `${count} ${noun}${count === 1 ? '' : 's'}`
const namesShown = 6

/** Names of nodes in a row, the last ones counted. */
const namesOf = (nodes: readonly string[], count: number): string => {
  const shown = nodes.slice(0, namesShown)
  const more = count - shown.length
  return more === 0 ? shown.join(', ') : `${shown.join(', ')} and ${more} more`
}

const refusalLines = (group: Refusals, paint: Paint): readonly string[] => {
  const who = group.plugin === '' ? '' : `${group.plugin}: `
  const head = `    ${paint('bad', plural(group.count, 'node'))}  ${who}${group.reasons.join(', ')}`
  const byChange = new Map<string, string[]>()
  for (const { node, change = '' } of group.nodes) {
    const known = byChange.get(change)
    if (known === undefined) byChange.set(change, [node])
    else known.push(node)
  }
  const untold = group.count - group.nodes.length
  const lines = [...byChange].map(([change, nodes]) => {
    const names = namesOf(nodes, nodes.length + (byChange.size === 1 ? untold : 0))
    return change === ''
      ? `      ${paint('faint', names)}`
      : `      ${paint('faint', names)}: ${paint('accent', change)}`
  })
  const rest = byChange.size > 1 && untold > 0 ? [`      ${paint('faint', `and ${untold} more`)}`] : []
  return [head, ...lines, ...rest]
}

const wokenText = ({ event, subject, plugin }: WokenBy): string => {
  if (event === 'Unschedulable')
    return subject === undefined
      ? 'nothing: it had waited for the longest time without an attempt'
      : 'what it had preempted for was over'
  const about = subject === undefined ? '' : ` of ${nounOf(subject)}`
  return `${event}${about}${plugin === '' ? '' : `, which ${plugin} waits for`}`
}

const outcomeText = (
  { outcome, node, known, evaluated, feasible, message }: SchedulingVerdict,
  paint: Paint,
): string => {
  if (outcome === 'skipped') return `${paint('warn', 'skipped')}  ${message ?? ''}`
  if (outcome === 'failed') return `${paint('bad', 'not scheduled')}  ${message ?? ''}`
  const looked = evaluated < known ? `${evaluated} of ${plural(known, 'node')} looked at` : plural(known, 'node')
  return `${paint('good', `placed on ${node ?? ''}`)}  ${looked}, ${feasible} could take it`
}

const attemptLines = ({ at, since, verdict }: ToldAttempt, options: WhyOptions): readonly string[] => {
  const paint = createPaint(options.color)
  const { attempt, woken, refusals, nominated, victims, scores, node } = verdict
  const when = at === undefined ? '' : `  ${printTime(at)}`
  const waited = at === undefined || since === undefined ? '' : `  after ${printDuration(at - since)}`
  const head =
    at === undefined ? `  ${outcomeText(verdict, paint)}` : `  ${paint('strong', `attempt ${attempt}`)}${when}${waited}`
  const lines = [head]
  if (woken !== undefined) lines.push(`    woken by ${wokenText(woken)}`)
  if (at !== undefined) lines.push(`    ${outcomeText(verdict, paint)}`)
  for (const group of refusals) lines.push(...refusalLines(group, paint))
  if (victims.length > 0)
    lines.push(`    preempts ${plural(victims.length, 'pod')} on ${nominated ?? ''}: ${victims.join(', ')}`)
  lines.push(...placementScores(scores, { ...options, chosen: node }))
  return lines.flatMap((line) => wrapLine(line, options.width))
}

/** One decision, or one attempt after the other. */
export const tellAttempts = (attempts: readonly ToldAttempt[], options: WhyOptions): string =>
  attempts.map((one) => attemptLines(one, options).join('\n')).join('\n\n')

const podSubjects = (timeline: Timeline, noun: string): readonly string[] => {
  const wanted = noun.replace(/^(pods|po)\//, 'pod/')
  const matches = wanted.endsWith('*')
    ? (text: string): boolean => text.startsWith(wanted.slice(0, -1))
    : (text: string): boolean => text === wanted
  const found = new Set<string>()
  for (let entry = 0; entry < timeline.length; entry += 1) {
    const subject = timeline.subject(entry)
    if (subject.startsWith('pods/') && timeline.kind(entry) === 'revision' && matches(nounOf(subject)))
      found.add(subject)
  }
  return [...found]
}

/** Why a pod landed where it did, and why not elsewhere: each attempt to schedule it. */
export const whyPlacement = (record: Record, noun: string, options: WhyOptions): string => {
  const { timeline } = record
  const subjects = podSubjects(timeline, noun)
  if (subjects.length === 0) return `why: no pod called ${noun} was ever stored in "${record.title}"\n`
  return subjects
    .map((subject) => {
      const entries = timeline.about(subject).filter((entry) => timeline.kind(entry) === 'verdict')
      const attempts = entries.map((entry, index): ToldAttempt => ({
        at: timeline.time(entry),
        since: index === 0 ? undefined : timeline.time(entries[index - 1]!),
        verdict: timeline.data(entry) as SchedulingVerdict,
      }))
      const told =
        attempts.length === 0
          ? '  The scheduler never tried it: it was bound, gated or gone before its turn.'
          : tellAttempts(attempts, options)
      return `\nwhy ${nounOf(subject)} in "${record.title}"\n${told}\n`
    })
    .join('')
}
