import type { Record, SentenceResult } from '../runtime/record/record.ts'
import type { Paint } from './paint.ts'
import { printPosition } from './position.ts'
import { printDuration } from './print-time.ts'
import type { ReportContext } from './reporter.ts'
import { visibleText } from './visible-text.ts'
import { wrapLine } from './wrap-line.ts'

/** More of them would hide the next scenario. */
const most = 3

/** Less than a tenth of its time was left. */
const isTight = ({ slack, began, deadline }: SentenceResult): boolean =>
  slack !== undefined && deadline !== undefined && slack * 10 < deadline - began

/** Sentences that held in the last tenth of their time: a little slower, and they would have broken. */
export const tightLines = (record: Record, context: ReportContext, paint: Paint): readonly string[] => {
  if (record.verdict !== 'PASS' && record.verdict !== 'VACUOUS') return []
  const tight = record.sentences.filter(isTight)
  const shown = tight.slice(0, most).map(({ text, span, slack = 0, began, deadline = 0 }) => {
    const left = slack === 0 ? 'nothing' : printDuration(slack)
    const time = `${left} of ${printDuration(deadline - began)} left`
    return `  ${paint('warn', 'tight')}  ${visibleText(text)}: ${time}  ${paint('accent', printPosition(span, context.sources))}`
  })
  const more = tight.length - shown.length
  return [
    ...shown,
    ...(more === 0 ? [] : [`  ${paint('faint', `and ${more} more that held in the last tenth of their time`)}`]),
  ].flatMap((line) => wrapLine(line, context.width))
}
