import { laneStatus } from '../../lane-status.ts'
import { printTime } from '../../print-time.ts'
import { visibleText } from '../../visible-text.ts'
import type { Version } from '../histories.ts'
import { printYaml } from '../print-yaml.ts'
import { writerOf } from '../writer-of.ts'
import { causeList } from './cause-list.ts'
import { element } from './element.ts'
import { lineDiff } from './line-diff.ts'
import type { OpenRun } from './open-run.ts'
import type { Go, Panel } from './panel.ts'
import { verdictTables } from './verdict-tables.ts'
import type { View } from './view.ts'

const yamlOf = (version: Version | undefined): readonly string[] =>
  version?.object === undefined ? [] : printYaml(version.object)

const nameOf = (version: Version, index: number, run: OpenRun, subject: string): string => {
  const resource = subject.slice(0, subject.indexOf('/'))
  const status = version.object === undefined ? 'deleted' : visibleText(laneStatus(resource, version.object))
  const when = version.entry < 0 ? 'at the start' : printTime(version.time)
  const who = version.entry < 0 ? '' : ` ${writerOf(run.timeline, version.entry)}`
  return `${index + 1}. ${when} ${status}${who}`
}

const differenceOf = (before: Version | undefined, after: Version | undefined): HTMLElement => {
  const lines = lineDiff(yamlOf(before), yamlOf(after), 3)
  const same = lines.every((one) => one.sign === ' ' || one.sign === '…')
  if (same) return element('p', { class: 'faint' }, 'No difference.')
  const words = { '+': 'add', '-': 'remove', ' ': 'same', '…': 'faint' } as const
  return element(
    'pre',
    { class: 'diff', tabindex: 0, 'aria-label': 'Difference' },
    ...lines.map(({ sign, text }) => element('span', { class: words[sign] }, `${sign} ${text}\n`)),
  )
}

/** An object: its history, what it is at the instant, the difference of any two revisions, and how it was scheduled. */
export const createObjectView = (go: Go): Panel => {
  const root = element('section', { class: 'object', 'aria-label': 'Object' })
  let drawn = ''
  let shown: OpenRun | undefined

  const compared = ({ from, to }: View, here: number, last: number): readonly [number, number] => {
    const right = to >= 0 && to <= last ? to : Math.max(0, here)
    return [from >= 0 && from <= last ? from : Math.max(0, right - 1), right]
  }

  return {
    root,
    update(view, run) {
      const subject = view.object
      const versions = run.histories.versions(subject)
      const now = run.histories.before(subject, run.instants.entriesAt(view.at))
      const here = now === undefined ? -1 : versions.indexOf(now)
      const state = `${subject} ${here} ${view.from} ${view.to}`
      if (shown === run && drawn === state) return
      ;[shown, drawn] = [run, state]
      if (subject === '') {
        root.replaceChildren(
          element('h3', {}, 'Object'),
          element(
            'p',
            { class: 'faint' },
            'Choose a lane, a node or a pod to see its history, its revisions and how it was scheduled.',
          ),
        )
        return
      }
      const noun = run.nouns(subject)
      if (versions.length === 0) {
        root.replaceChildren(element('h3', {}, noun), element('p', { class: 'faint' }, 'This run has no such object.'))
        return
      }
      const focused = root.contains(document.activeElement) ? document.activeElement?.id : undefined
      const [left, right] = compared(view, here, versions.length - 1)
      const choice = (label: string, id: string, chosen: number, change: (index: number) => void): HTMLElement => {
        const select = element(
          'select',
          { id, 'aria-label': `Compare ${label}`, onchange: () => change(Number(select.value)) },
          ...versions.map((one, index) =>
            element('option', { value: index, selected: index === chosen }, nameOf(one, index, run, subject)),
          ),
        )
        return element('label', {}, `${label} `, select)
      }
      const history = versions.map((one, index) =>
        element(
          'li',
          {},
          element(
            'button',
            {
              type: 'button',
              class: 'link',
              'aria-current': index === here ? 'true' : undefined,
              onclick: () => go({ at: Math.max(0, one.time), from: -1, to: -1 }),
            },
            nameOf(one, index, run, subject),
          ),
        ),
      )
      const shownEntry = versions[right]?.entry ?? -1
      const causes = shownEntry < 0 ? undefined : causeList(shownEntry, run, go)
      const verdicts = verdictTables(subject, run, go)
      const status =
        now === undefined
          ? 'not there yet'
          : now.object === undefined
            ? 'gone'
            : visibleText(laneStatus(subject.slice(0, subject.indexOf('/')), now.object))
      root.replaceChildren(
        element(
          'div',
          { class: 'bar' },
          element('h3', {}, noun),
          element('span', { class: 'status' }, status),
          element('span', { class: 'grow' }),
          element(
            'button',
            { type: 'button', 'aria-label': 'Close the object', onclick: () => go({ object: '', from: -1, to: -1 }) },
            '✕',
          ),
        ),
        element('h4', {}, 'Difference'),
        element(
          'div',
          { class: 'compare' },
          choice('from', 'compare-from', left, (index) => go({ from: index, to: right })),
          choice('to', 'compare-to', right, (index) => go({ from: left, to: index })),
        ),
        versions.length === 1
          ? element('p', { class: 'faint' }, 'It never changed.')
          : differenceOf(versions[left], versions[right]),
        element('h4', {}, versions.length === 1 ? 'History: 1 revision' : `History: ${versions.length} revisions`),
        element('ol', { class: 'history', tabindex: 0, 'aria-label': 'History' }, ...history),
        ...(causes === undefined ? [] : [element('h4', {}, 'Why: each line caused by the one below it'), causes]),
        ...(verdicts.length === 0 ? [] : [element('h4', {}, 'Scheduling'), ...verdicts]),
        element(
          'details',
          {},
          element('summary', {}, 'YAML at the instant'),
          element('pre', { tabindex: 0, 'aria-label': 'YAML' }, yamlOf(now).join('\n')),
        ),
      )
      if (focused !== undefined && focused !== '') document.getElementById(focused)?.focus()
    },
  }
}
