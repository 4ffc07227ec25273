import { diffValues } from '../../api/diff/diff-values.ts'
import { builtinScheme } from '../../api/scheme/builtin-scheme.ts'
import type { Json } from '../../api/object.ts'
import { nounOf } from '../../api/noun-of.ts'
import { createPaint, type Paint } from '../paint.ts'
import { printTime } from '../print-time.ts'
import { wrapLine } from '../wrap-line.ts'
import { shownDifferences, type DifferenceOptions } from './cluster-difference.ts'
import type { RunsDifference } from './compare-runs.ts'
import { diffText } from './diff-text.ts'
import { pathText, valueText } from './change-text.ts'
import { wantedOf, type Transition } from './transitions.ts'
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

/** Of one object that both have then, the fields in which something else is wanted of it. */
const wantedOtherwise = ({ before, after }: NonNullable<RunsDifference['divergence']>): readonly string[] => {
  if (before?.object === undefined || after?.object === undefined || before.subject !== after.subject) return []
  const type = builtinScheme().byKind(`${after.object.apiVersion}/${after.object.kind}`)?.type
  return diffValues(
    wantedOf(before.object) as Json | undefined,
    wantedOf(after.object) as Json | undefined,
    type === undefined ? undefined : { ref: type },
  )
    .slice(0, most)
    .map((change) => `${pathText(change)}: ${valueText(change.before)} -> ${valueText(change.after)}`)
}

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
          ...wantedOtherwise(divergence).map((line) => `      ${line}`),
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
