import { printDuration } from '../../print-time.ts'
import { visibleText } from '../../visible-text.ts'
import type { PageIndex, PageScenario } from '../page-data.ts'
import { element } from './element.ts'

export interface ScenarioList {
  readonly root: HTMLElement
  select(index: number): void
}

const matches = (scenario: PageScenario, words: readonly string[], verdict: string): boolean => {
  const text = `${scenario.name} ${scenario.file} ${scenario.tags.join(' ')}`.toLowerCase()
  return (verdict === '' || scenario.verdict === verdict) && words.every((word) => text.includes(word))
}

/** Every scenario with its verdict, to be searched and filtered. */
export const createScenarioList = (index: PageIndex, open: (scenario: number) => void): ScenarioList => {
  const search = element('input', {
    type: 'search',
    placeholder: 'Find a scenario',
    'aria-label': 'Find a scenario',
    oninput: () => filter(),
  })
  const verdicts = [...new Set(index.scenarios.map((one) => one.verdict))].sort()
  const verdict = element(
    'select',
    { 'aria-label': 'Verdict', onchange: () => filter() },
    element('option', { value: '' }, 'all verdicts'),
    ...verdicts.map((one) => element('option', { value: one }, `${one} (${index.summary.counts[one]})`)),
  )
  const buttons = index.scenarios.map((scenario, at) =>
    element(
      'button',
      { type: 'button', class: 'scenario', onclick: () => open(at) },
      element('span', { class: `verdict ${scenario.verdict}` }, scenario.verdict),
      element('span', { class: 'name' }, visibleText(scenario.name)),
      element(
        'span',
        { class: 'faint' },
        `${visibleText(scenario.file)}:${scenario.line} · ${printDuration(scenario.duration)}`,
      ),
    ),
  )
  const none = element('p', { class: 'faint', hidden: true }, 'No scenario matches.')
  const items = buttons.map((button) => element('li', {}, button))
  const filter = (): void => {
    const words = search.value
      .toLowerCase()
      .split(/\s+/)
      .filter((word) => word !== '')
    let shown = 0
    index.scenarios.forEach((scenario, at) => {
      const here = matches(scenario, words, verdict.value)
      items[at]!.hidden = !here
      if (here) shown += 1
    })
    none.hidden = shown > 0
  }
  const wide = window.matchMedia('(min-width: 900px)').matches
  const root = element(
    'nav',
    { 'aria-label': 'Scenarios' },
    element(
      'details',
      { open: wide },
      element('summary', {}, `Scenarios (${index.scenarios.length})`),
      element('div', { class: 'filters' }, search, verdict),
      element('ul', {}, ...items),
      none,
    ),
  )
  return {
    root,
    select(at) {
      buttons.forEach((button, one) => {
        if (one === at) button.setAttribute('aria-current', 'true')
        else button.removeAttribute('aria-current')
      })
    },
  }
}
