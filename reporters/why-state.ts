import { nounOf } from '../api/noun-of.ts'
import type { Emission } from '../runtime/record/emission.ts'
import type { WhyLine } from '../runtime/record/finding.ts'
import type { PendingWork } from '../runtime/record/record.ts'
import type { RequestNote } from '../runtime/record/request-note.ts'
import type { Revision } from '../runtime/record/revision.ts'
import type { SchedulingVerdict } from '../runtime/record/scheduling-verdict.ts'
import type { Timeline } from '../runtime/record/timeline.ts'
import { visibleText } from './diff/visible-text.ts'
import { laneStatus } from './lane-status.ts'
import { createPaint, type Paint } from './paint.ts'
import { printDuration, printTime } from './print-time.ts'
import { tellAttempts } from './why-placement.ts'
import { wrapLine } from './wrap-line.ts'

export interface WhyState {
  readonly title: string
  readonly subject: string
  /** Virtual microseconds; nothing of the timeline is later. */
  readonly at: number
  readonly timeline: Timeline
  /** From the visible state back to what caused it, where there is something to explain. */
  readonly why: readonly WhyLine[]
  /** Where lines of the scenario stand, by the span that a line names. */
  readonly positionOf: (line: WhyLine) => string
  /** What was still to come when the run ended, if it ended at this instant. */
  readonly pending: readonly PendingWork[]
}

const statusAt = (timeline: Timeline, entry: number): string => {
  const { object } = timeline.data(entry) as Revision
  return object === undefined ? 'gone' : laneStatus(timeline.subject(entry).split('/')[0]!, object)
}

/** The write with which the object came to be called as it is. */
const turningPoint = (timeline: Timeline, subject: string): number | undefined => {
  const writes = timeline.about(subject).filter((entry) => timeline.kind(entry) === 'revision')
  let found = writes.at(-1)
  for (const entry of writes.toReversed()) {
    if (statusAt(timeline, entry) !== statusAt(timeline, found!)) break
    found = entry
  }
  return found
}

const entryText = (timeline: Timeline, entry: number): string => {
  const noun = nounOf(timeline.subject(entry))
  const actor = timeline.actor(entry)
  switch (timeline.kind(entry)) {
    case 'revision':
      return `${noun} is written: ${statusAt(timeline, entry)}`
    case 'request': {
      const { verb, agent, subresource, code } = timeline.data(entry) as RequestNote
      return `${agent}: ${verb} ${noun}${subresource === undefined ? '' : `/${subresource}`}, answered ${code}`
    }
    case 'emission': {
      const { reason, message } = timeline.data(entry) as Emission
      return `${actor}: ${reason} ${message}`
    }
    case 'step': {
      const text = timeline.data(entry)
      return `${actor}: ${typeof text === 'string' ? text.split('\n')[0]!.replace(/ ```$/, '') : timeline.action(entry)}`
    }
    case 'verdict':
    case 'hop':
    case 'fault':
    case 'truth':
      return `${actor}: ${timeline.action(entry)} ${noun}`
  }
}

const furthestBack = 60
const most = 14

/** The entries that led to one, nearest first, down to a step, a fault, or what was there from the beginning. */
const chainOf = (timeline: Timeline, entry: number): readonly number[] => {
  const chain = [entry]
  for (let at = timeline.cause(entry); at >= 0 && chain.length < furthestBack; at = timeline.cause(at)) {
    chain.push(at)
    // What the script did before it asked for this is another story.
    if (timeline.kind(at) === 'fault' || timeline.actor(at).startsWith('script/')) break
  }
  return chain
}

const chainLines = (timeline: Timeline, entry: number): readonly string[] => {
  // What somebody merely read is on the way, and explains nothing.
  const chain = chainOf(timeline, entry).filter(
    (one) => timeline.kind(one) !== 'request' || !['get', 'list', 'watch'].includes(timeline.action(one)),
  )
  // The middle of a long way is left out, its ends say the most.
  const shown = chain.length <= most ? chain : [...chain.slice(0, most - 3), -1, ...chain.slice(-2)]
  return shown.map((one, index) => {
    if (one < 0) return `${' '.repeat(12)} … ${chain.length - most + 1} more`
    const later = index === 0 || shown[index - 1]! < 0 ? 0 : timeline.time(shown[index - 1]!) - timeline.time(one)
    const waited = later >= 1_000_000 ? `  (${printDuration(later)} before)` : ''
    return `${printTime(timeline.time(one)).padEnd(12)} ${visibleText(entryText(timeline, one))}${waited}`
  })
}

const attemptsOf = (timeline: Timeline, subject: string): Parameters<typeof tellAttempts>[0] => {
  const entries = timeline.about(subject).filter((entry) => timeline.kind(entry) === 'verdict')
  return entries.map((entry, index) => ({
    at: timeline.time(entry),
    since: index === 0 ? undefined : timeline.time(entries[index - 1]!),
    verdict: timeline.data(entry) as SchedulingVerdict,
  }))
}

const whyLines = ({ why, positionOf }: WhyState, paint: Paint): readonly string[] =>
  why.map((line, index) => {
    const depth = line.depth ?? index
    const head = `${'  '.repeat(Math.max(0, depth - 1))}${depth === 0 ? '' : '└ '}${visibleText(line.what)}`
    const detail = line.detail === '' ? '' : `  ${paint('faint', visibleText(line.detail))}`
    const position = positionOf(line)
    return `${head}${detail}${position === '' ? '' : `  ${paint('accent', position)}`}`
  })

/** Why an object is as it is at an instant: its state and since when, the reasons, the way there, and what was still to come. */
export const whyState = (told: WhyState, options: { readonly color: boolean; readonly width: number }): string => {
  const { timeline, subject, at, title, pending } = told
  const paint = createPaint(options.color)
  const turn = turningPoint(timeline, subject)
  const noun = visibleText(nounOf(subject))
  const state =
    turn === undefined
      ? 'is not there yet'
      : `is ${paint('strong', statusAt(timeline, turn))} since ${printTime(timeline.time(turn))}`
  const section = (name: string, lines: readonly string[]): readonly string[] =>
    lines.length === 0 ? [] : ['', `  ${name}`, ...lines.map((line) => `    ${line}`)]
  const attempts = subject.startsWith('pods/') ? attemptsOf(timeline, subject) : []
  const placement =
    attempts.length === 0
      ? []
      : tellAttempts(attempts, options)
          .split('\n')
          .map((line) => line.replace(/^ {2}/, ''))
  const lines = [
    `why ${paint('strong', noun)} at ${printTime(at)} in "${visibleText(title)}"`,
    '',
    `  ${noun} ${state}`,
    ...section('why  (each line caused by the one below it)', whyLines(told, paint)),
    ...section(
      'how it came to this  (each line caused by the one below it)',
      turn === undefined ? [] : chainLines(timeline, turn),
    ),
    ...section('placement', placement),
    ...section(
      'pending at the end',
      pending
        .slice(0, 6)
        .map(
          (one) =>
            `${printTime(one.at).padEnd(12)} ${visibleText(one.actor)}${one.label === '' ? '' : `  ${visibleText(one.label)}`}`,
        ),
    ),
  ]
  return `${lines.flatMap((line) => wrapLine(line, options.width)).join('\n')}\n`
}
