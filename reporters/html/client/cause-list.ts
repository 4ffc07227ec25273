import { printTime } from '../../print-time.ts'
import { describeEntry } from '../describe-entry.ts'
import { writerOf } from '../writer-of.ts'
import { element } from './element.ts'
import type { OpenRun } from './open-run.ts'
import type { Go } from './panel.ts'

const most = 10

/** What led to an entry, nearest first, back to the step or the fault. */
export const causeList = (entry: number, run: OpenRun, go: Go): HTMLElement | undefined => {
  const { timeline } = run
  const causes: number[] = []
  for (let at = timeline.cause(entry); at >= 0; at = timeline.cause(at)) causes.push(at)
  if (causes.length === 0) return undefined
  // The near end says what happened, the far end who began it.
  const shown = causes.length <= most ? causes : [...causes.slice(0, most - 1), causes.at(-1)!]
  return element(
    'ol',
    { class: 'history', tabindex: 0, 'aria-label': 'Causes' },
    ...shown.map((one, index) => {
      const subject = timeline.subject(one)
      const known = run.histories.versions(subject).length > 0
      const at = Math.max(0, timeline.time(one))
      const left = index === shown.length - 1 ? causes.length - shown.length : 0
      return element(
        'li',
        {},
        left > 0 ? element('span', { class: 'faint' }, `… ${left} more … `) : undefined,
        element(
          'button',
          {
            type: 'button',
            class: 'link',
            onclick: () => go(known ? { at, object: subject, from: -1, to: -1 } : { at }),
          },
          printTime(timeline.time(one)),
        ),
        ` ${writerOf(timeline, one)} ${run.nouns(subject)} `,
        element('span', { class: 'faint' }, describeEntry(timeline, one)),
      )
    }),
  )
}
