import type { SchedulingVerdict } from '../../../runtime/record/scheduling-verdict.ts'
import { printTime } from '../../print-time.ts'
import { visibleText } from '../../visible-text.ts'
import { element } from './element.ts'
import type { OpenRun } from './open-run.ts'
import type { Go } from './panel.ts'

const head = (cells: readonly string[]): HTMLElement =>
  element('thead', {}, element('tr', {}, ...cells.map((one) => element('th', { scope: 'col' }, one))))
const row = (cells: readonly string[]): HTMLElement =>
  element(
    'tr',
    {},
    ...cells.map((one, index) => element(index === 0 ? 'th' : 'td', index === 0 ? { scope: 'row' } : {}, one)),
  )
const scrolled = (label: string, table: HTMLElement): HTMLElement =>
  element('div', { class: 'scroll', tabindex: 0, role: 'region', 'aria-label': label }, table)

const scores = ({ scores: nodes, node }: SchedulingVerdict): HTMLElement | undefined => {
  if (nodes.length === 0) return undefined
  const plugins = [...new Set(nodes.flatMap((one) => Object.keys(one.plugins)))]
  const rows = nodes.map((one) =>
    row([
      `${visibleText(one.node)}${one.node === node ? ' ✓' : ''}`,
      String(one.total),
      ...plugins.map((plugin) => String(one.plugins[plugin]?.[2] ?? '')),
    ]),
  )
  return scrolled(
    'Scores',
    element(
      'table',
      {},
      element('caption', {}, 'Scores, weighted'),
      head(['node', 'total', ...plugins]),
      element('tbody', {}, ...rows),
    ),
  )
}

const refusals = (verdict: SchedulingVerdict): HTMLElement | undefined => {
  if (verdict.refusals.length === 0) return undefined
  const rows = verdict.refusals.map(({ plugin, reasons, count, nodes }) => {
    const named = nodes.map((one) => `${one.node}${one.change === undefined ? '' : ` (${one.change})`}`).join(', ')
    return row([
      plugin === '' ? '—' : visibleText(plugin),
      visibleText(reasons.join('; ')),
      String(count),
      visibleText(named),
    ])
  })
  return scrolled(
    'Refusals',
    element(
      'table',
      {},
      element('caption', {}, 'Nodes that were refused'),
      head(['plugin', 'reason', 'nodes', 'which, and what would change it']),
      element('tbody', {}, ...rows),
    ),
  )
}

/** Each attempt to schedule a pod: outcome, scores by node, refusals by plugin. */
export const verdictTables = (subject: string, run: OpenRun, go: Go): readonly HTMLElement[] =>
  run.timeline
    .about(subject)
    .filter((entry) => run.timeline.kind(entry) === 'verdict')
    .map((entry) => {
      const verdict = run.timeline.data(entry) as SchedulingVerdict
      const at = run.timeline.time(entry)
      const outcome =
        verdict.outcome === 'placed' ? `placed on ${verdict.node}` : `${verdict.outcome}: ${verdict.message ?? ''}`
      return element(
        'div',
        { class: 'attempt' },
        element(
          'p',
          {},
          element('button', { type: 'button', class: 'link', onclick: () => go({ at }) }, printTime(at)),
          ` attempt ${verdict.attempt}, ${visibleText(outcome)} — ${verdict.feasible} of ${verdict.evaluated} nodes looked at could take it, ${verdict.known} known${verdict.woken === undefined ? '' : `; woken by ${visibleText(verdict.woken.event)}`}`,
        ),
        scores(verdict),
        refusals(verdict),
      )
    })
