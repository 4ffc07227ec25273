import { printSummary } from '../../summary.ts'
import type { PageIndex } from '../page-data.ts'
import { createClusterView } from './cluster-view.ts'
import { element } from './element.ts'
import { createEntryLog } from './entry-log.ts'
import { listenToKeys, type Keys } from './keyboard.ts'
import { createObjectView } from './object-view.ts'
import { openRun, readBlock, type OpenRun } from './open-run.ts'
import { createOutcome } from './outcome.ts'
import { createScenarioList } from './scenario-list.ts'
import { createScrubber } from './scrubber.ts'
import { createTimeLine } from './time-line.ts'
import { readLink, writeLink, type View } from './view.ts'

const index = readBlock('report') as PageIndex
const runs = new Map<number, OpenRun>()
let view: View

/** The last instant of a scenario is where a reader starts: what came of it. */
const runOf = (scenario: number): OpenRun => {
  let run = runs.get(scenario)
  if (run === undefined) {
    // One run at a time: a report of hundreds of scenarios stays small in memory.
    runs.clear()
    runs.set(scenario, (run = openRun(scenario)))
  }
  return run
}

const draw = (): void => {
  const run = runOf(view.scenario)
  list.select(view.scenario)
  if (search.value !== view.query) search.value = view.query
  for (const panel of panels) panel.update(view, run)
}

const go = (change: Partial<View>): void => {
  const opened = change.object !== undefined && change.object !== '' && change.object !== view.object
  view = { ...view, ...change }
  history.replaceState(null, '', writeLink(view))
  draw()
  // Where all stands in one column, what was opened would be out of sight.
  if (opened && window.matchMedia('(max-width: 899px)').matches) objectView.root.scrollIntoView({ block: 'start' })
}

const firstInstant = (scenario: number): number => runOf(scenario).told.findings[0]?.at ?? runOf(scenario).told.duration
const open = (scenario: number): void => go({ scenario, at: firstInstant(scenario), object: '', from: -1, to: -1 })

const follow = (): void => {
  const asked = readLink(location.hash)
  const scenario = asked.scenario < index.scenarios.length ? asked.scenario : 0
  const said = new URLSearchParams(location.hash.slice(1)).has('t')
  view = { ...asked, scenario, at: said ? asked.at : firstInstant(scenario) }
  draw()
}

const list = createScenarioList(index, open)
const outcome = createOutcome(go)
const scrubber = createScrubber(go)
const timeLine = createTimeLine(go)
const objectView = createObjectView(go)
const panels = [outcome, scrubber, timeLine, createClusterView(go), objectView, createEntryLog(go)]
const search = element('input', {
  type: 'search',
  placeholder: 'Search lanes and entries  /',
  'aria-label': 'Search lanes and entries',
  oninput: () => go({ query: search.value }),
})
const keys: Keys = {
  ArrowLeft: { does: 'previous instant', run: () => scrubber.step(-1) },
  ArrowRight: { does: 'next instant', run: () => scrubber.step(1) },
  '+': { does: 'show less time', run: () => timeLine.zoom(0.5) },
  '-': { does: 'show more time', run: () => timeLine.zoom(2) },
  '0': { does: 'show all of it', run: () => timeLine.zoom(0) },
  j: { does: 'next scenario', run: () => open(Math.min(index.scenarios.length - 1, view.scenario + 1)) },
  k: { does: 'previous scenario', run: () => open(Math.max(0, view.scenario - 1)) },
  '/': { does: 'search', run: () => search.focus() },
  Escape: { does: 'close the object', run: () => go({ object: '', from: -1, to: -1 }) },
  '?': { does: 'this list', run: () => help.showModal() },
}
const help = element(
  'dialog',
  { 'aria-label': 'Keys' },
  element('h2', {}, 'Keys'),
  element(
    'dl',
    {},
    ...Object.keys(keys).flatMap((key) => [
      element('dt', {}, element('kbd', {}, key)),
      element('dd', {}, keys[key]!.does),
    ]),
  ),
  element('button', { type: 'button', onclick: () => help.close() }, 'Close'),
)
const elapsed = index.elapsedMs === null ? '' : ` in ${Math.round(index.elapsedMs)} ms`
document.body.replaceChildren(
  element(
    'header',
    { class: 'top' },
    element('h1', {}, 'kscn report'),
    element('p', {}, `${printSummary(index.summary)}${elapsed}${index.interrupted ? ' (interrupted)' : ''}`),
    element('span', { class: 'grow' }),
    search,
    element('button', { type: 'button', 'aria-label': 'Keys', title: 'Keys', onclick: () => help.showModal() }, '?'),
  ),
  element(
    'div',
    { class: 'page' },
    list.root,
    element(
      'main',
      {},
      ...(index.scenarios.length === 0
        ? [element('p', {}, 'No scenario was run.')]
        : panels.map((panel) => panel.root)),
    ),
  ),
  help,
)
if (index.scenarios.length > 0) {
  listenToKeys(keys)
  window.addEventListener('hashchange', follow)
  follow()
}
