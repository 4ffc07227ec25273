import type { EntryKind } from '../../../runtime/kernel/trace.ts'
import { entryKinds } from '../../packed/entry-kinds.ts'
import { printTime } from '../../print-time.ts'
import { describeEntry } from '../describe-entry.ts'
import { writerOf } from '../writer-of.ts'
import { element } from './element.ts'
import type { OpenRun } from './open-run.ts'
import type { Go, Panel } from './panel.ts'
import { createVirtualList } from './virtual-list.ts'

/** What a first look leaves out: the steps inside of components. */
const quiet: ReadonlySet<EntryKind> = new Set(['hop', 'request'])

/** Every entry of the time line, to be searched, and filtered by kind. */
export const createEntryLog = (go: Go): Panel => {
  const list = createVirtualList('Entries', 26)
  const count = element('span', { class: 'faint', role: 'status' })
  let chosen: ReadonlySet<EntryKind> = new Set(entryKinds.filter((kind) => !quiet.has(kind)))
  let run: OpenRun | undefined
  let found: readonly number[] = []
  let foundBy = ''
  let texts: (string | undefined)[] = []
  let at = -1
  let again: () => void = () => undefined
  const boxes = entryKinds.map((kind) => {
    const box = element('input', {
      type: 'checkbox',
      checked: chosen.has(kind),
      onchange: () => {
        chosen = new Set(entryKinds.filter((_, index) => boxes[index]!.box.checked))
        again()
      },
    })
    return { box, label: element('label', { class: 'kind' }, box, ` ${kind}`) }
  })
  const root = element(
    'section',
    { 'aria-label': 'Entries' },
    element('div', { class: 'bar' }, element('h3', {}, 'Entries'), count),
    element('fieldset', {}, element('legend', {}, 'kinds'), ...boxes.map((one) => one.label)),
    list.root,
  )
  const textOf = (entry: number, open: OpenRun): string =>
    (texts[entry] ??=
      `${writerOf(open.timeline, entry)} ${open.nouns(open.timeline.subject(entry))} ${describeEntry(open.timeline, entry)}`.toLowerCase())
  const find = (open: OpenRun, query: string): readonly number[] => {
    const words = query
      .toLowerCase()
      .split(/\s+/)
      .filter((word) => word !== '')
    const result: number[] = []
    for (let entry = 0; entry < open.timeline.length; entry += 1)
      if (
        chosen.has(open.timeline.kind(entry)) &&
        (words.length === 0 || words.every((word) => textOf(entry, open).includes(word)))
      )
        result.push(entry)
    return result
  }
  /** Place of the last entry found that had happened by then. */
  const placeAt = (entries: number): number => {
    let low = 0
    let high = found.length
    while (low < high) {
      const middle = (low + high) >> 1
      if (found[middle]! < entries) low = middle + 1
      else high = middle
    }
    return low - 1
  }
  return {
    root,
    update(view, open) {
      const entries = open.instants.entriesAt(view.at)
      const by = `${view.query} ${[...chosen].join()}`
      const fresh = open !== run
      if (fresh) texts = []
      if (!fresh && by === foundBy && view.at === at) return
      if (fresh || by !== foundBy) found = find(open, view.query)
      ;[run, foundBy, at] = [open, by, view.at]
      again = () => {
        foundBy = ''
        this.update(view, open)
      }
      const { timeline } = open
      const here = placeAt(entries)
      list.show(found.length, (index) => {
        const entry = found[index]!
        const subject = timeline.subject(entry)
        const known = open.histories.versions(subject).length > 0
        const time = Math.max(0, timeline.time(entry))
        return element(
          'div',
          { class: `entry${index === here ? ' here' : ''}${index > here ? ' later' : ''}` },
          element(
            'button',
            {
              type: 'button',
              class: 'link',
              onclick: () => go(known ? { at: time, object: subject, from: -1, to: -1 } : { at: time }),
            },
            printTime(timeline.time(entry)),
          ),
          element('span', { class: 'faint' }, timeline.kind(entry)),
          element('span', {}, writerOf(timeline, entry)),
          element('span', {}, open.nouns(subject)),
          element('span', { class: 'what' }, describeEntry(timeline, entry)),
        )
      })
      if (here >= 0) list.scrollTo(here)
      count.textContent = `${found.length} of ${timeline.length}`
    },
  }
}
