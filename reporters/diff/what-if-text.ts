import { nounOf } from '../../api/noun-of.ts'
import { createPaint, type Paint } from '../paint.ts'
import { printTime } from '../print-time.ts'
import { wrapLine } from '../wrap-line.ts'
import { shownDifferences, type DifferenceOptions } from './cluster-difference.ts'
import type { RunsDifference } from './compare-runs.ts'
import { diffText } from './diff-text.ts'
import type { Transition } from './transitions.ts'
import { visibleText } from './visible-text.ts'

export interface WhatIfStyle extends DifferenceOptions {
  readonly color: boolean
  readonly width: number
  readonly before: string
  readonly after: string
}

const most = 12
const name = (subject: string): string => visibleText(nounOf(subject))

const told = (one: Transition | undefined): string =>
  one === undefined ? 'nothing more happens' : `${printTime(one.at)}  ${name(one.subject)} is ${one.status}`

const lifeText = (life: readonly Transition[]): string =>
  life.length === 0 ? 'is never there' : life.map(({ at, status }) => `${status} ${printTime(at)}`).join(' -> ')

const livesText = (difference: RunsDifference, style: WhatIfStyle, paint: Paint): readonly string[] => {
  const lines = difference.lives
    .slice(0, most)
    .flatMap((one) => [
      `  ${paint('strong', name(one.subject))}`,
      ...wrapLine(`    ${paint('remove', '-')} ${lifeText(one.before)}`, style.width),
      ...wrapLine(`    ${paint('add', '+')} ${lifeText(one.after)}`, style.width),
    ])
  const more = difference.lives.length - most
  return more > 0 ? [...lines, `  … and ${more} more objects (--json has them all)`] : lines
}

/** Two runs side by side, for people: where they part, what went otherwise, what is left of it. */
export const whatIfText = (difference: RunsDifference, style: WhatIfStyle): string => {
  const paint = createPaint(style.color)
  const { divergence, lives, sentences } = difference
  const shown = shownDifferences(difference.net, style)
  const head = [
    paint('remove', `--- ${visibleText(style.before)}`),
    paint('add', `+++ ${visibleText(style.after)}`),
    '',
  ]
  const parted =
    divergence === undefined
      ? ['the runs do not part: every object takes the same way at the same instants', '']
      : [
          'first divergence',
          `  ${paint('remove', '-')} ${told(divergence.before)}`,
          `  ${paint('add', '+')} ${told(divergence.after)}`,
          '',
        ]
  const ways =
    lives.length === 0
      ? []
      : [
          `what went otherwise (${lives.length} object${lives.length === 1 ? '' : 's'})`,
          ...livesText(difference, style, paint),
          '',
        ]
  const verdicts =
    sentences.length === 0
      ? []
      : [
          'sentences',
          ...sentences.map(
            ({ text, before }) =>
              `  ${before ? 'held, and is now false' : 'was false, and now holds'}: ${visibleText(text.split('\n')[0]!)}`,
          ),
          '',
        ]
  const net = diffText(
    { before: 'end of the first run', after: 'end of the second run', counts: difference.counts, ...shown },
    style,
  )
  return [...head, ...parted, ...ways, ...verdicts, net].join('\n')
}
