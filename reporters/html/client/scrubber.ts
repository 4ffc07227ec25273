import { printTime } from '../../print-time.ts'
import { element } from './element.ts'
import type { OpenRun } from './open-run.ts'
import type { Go, Panel } from './panel.ts'

export interface Scrubber extends Panel {
  step(by: number): void
}

/** The slider: one place for each instant at which something happened. */
export const createScrubber = (go: Go): Scrubber => {
  let run: OpenRun | undefined
  let place = 0
  const to = (index: number): void => {
    if (run === undefined) return
    go({ at: run.instants.times[Math.max(0, Math.min(run.instants.times.length - 1, index))]! })
  }
  const slider = element('input', {
    type: 'range',
    id: 'instant',
    min: 0,
    step: 1,
    'aria-label': 'Instant',
    oninput: () => to(Number(slider.value)),
  })
  const when = element('output', { for: 'instant', class: 'when' })
  const date = element('span', { class: 'faint date' })
  const button = (label: string, text: string, index: () => number): HTMLElement =>
    element('button', { type: 'button', 'aria-label': label, title: label, onclick: () => to(index()) }, text)
  const root = element(
    'section',
    { class: 'scrubber', 'aria-label': 'Instant' },
    button('First instant', '|◀', () => 0),
    button('Previous instant', '◀', () => place - 1),
    slider,
    button('Next instant', '▶', () => place + 1),
    button('Last instant', '▶|', () => Infinity),
    when,
    date,
  )
  return {
    root,
    step: (by) => to(place + by),
    update(view, open) {
      run = open
      place = open.instants.indexAt(view.at)
      slider.max = String(open.instants.times.length - 1)
      slider.value = String(place)
      const text = printTime(view.at)
      slider.setAttribute('aria-valuetext', text)
      when.textContent = text
      date.textContent = `${new Date((open.told.clock + view.at) / 1000).toISOString().slice(0, 19)}Z`
    },
  }
}
