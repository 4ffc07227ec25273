import { printDuration, printTime } from '../../print-time.ts'
import { visibleText } from '../../visible-text.ts'
import { element } from './element.ts'
import type { Go, Panel } from './panel.ts'
import type { OpenRun } from './open-run.ts'

const finding = (one: OpenRun['told']['findings'][number], run: OpenRun, go: Go): HTMLElement => {
  const about = one.subjects.find((subject) => run.histories.versions(subject).length > 0) ?? ''
  return element(
    'article',
    { class: `finding ${one.severity}` },
    element(
      'header',
      {},
      element('strong', {}, `${one.code} ${visibleText(one.message)}`),
      element(
        'button',
        { type: 'button', onclick: () => go({ at: one.at, object: about, from: -1, to: -1 }) },
        `Go to ${printTime(one.at)}`,
      ),
    ),
    element('pre', { tabindex: 0, 'aria-label': 'Explanation' }, visibleText(one.text)),
  )
}

const sentences = (run: OpenRun, go: Go): HTMLElement =>
  element(
    'table',
    {},
    element(
      'thead',
      {},
      element(
        'tr',
        {},
        ...['', 'sentence', 'line', 'began', 'ended', 'to spare'].map((one) => element('th', { scope: 'col' }, one)),
      ),
    ),
    element(
      'tbody',
      {},
      ...run.told.sentences.map((one) =>
        element(
          'tr',
          {},
          element('td', { class: one.held ? 'tone-good' : 'tone-bad' }, one.held ? '✓ held' : '✗ broke'),
          element(
            'td',
            {},
            element(
              'button',
              { type: 'button', class: 'link', onclick: () => go({ at: one.ended }) },
              visibleText(one.text),
            ),
          ),
          element('td', {}, String(one.line)),
          element('td', {}, printDuration(one.began)),
          element('td', {}, printDuration(one.ended)),
          element('td', {}, one.deadline === null || !one.held ? '' : printDuration(one.deadline - one.ended)),
        ),
      ),
    ),
  )

/** What came of the scenario: verdict, findings, sentences, and how to run it again. */
export const createOutcome = (go: Go): Panel => {
  const root = element('section', { 'aria-label': 'Outcome' })
  let shown: OpenRun | undefined
  return {
    root,
    update(_view, run) {
      if (shown === run) return
      shown = run
      const { told } = run
      const held = told.sentences.filter((one) => one.held).length
      root.replaceChildren(
        element(
          'h2',
          {},
          element('span', { class: `verdict ${told.verdict}` }, told.verdict),
          ` ${visibleText(told.row === '' ? told.title : `${told.title} ${told.row}`)}`,
        ),
        element(
          'p',
          { class: 'faint' },
          `${printDuration(told.duration)} virtual · ${told.timeline.time.length} entries · seed ${visibleText(told.seed)} · hash ${told.hash}`,
        ),
        ...(told.note === null ? [] : [element('p', {}, visibleText(told.note))]),
        element(
          'p',
          { class: 'replay' },
          element('span', { class: 'faint' }, 'run it again '),
          element('code', {}, visibleText(told.replay)),
        ),
        ...told.findings.map((one) => finding(one, run, go)),
        ...(told.sentences.length === 0
          ? []
          : [
              element(
                'details',
                { open: told.findings.length > 0 },
                element('summary', {}, `Sentences: ${held} of ${told.sentences.length} held`),
                element(
                  'div',
                  { class: 'scroll', tabindex: 0, role: 'region', 'aria-label': 'Sentences' },
                  sentences(run, go),
                ),
              ),
            ]),
      )
    },
  }
}
