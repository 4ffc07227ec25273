import { chooseLanes } from './choose-lanes.ts'
import { drawLanes } from './draw-lanes.ts'
import { element } from './element.ts'
import type { Lane } from '../lanes.ts'
import type { OpenRun } from './open-run.ts'
import type { Go, Panel } from './panel.ts'
import type { View } from './view.ts'

export interface TimeLine extends Panel {
  /** Below 1 shows less time, above 1 more; 0 all of it. */
  zoom(factor: number): void
}

const rowHeight = 24
const axisHeight = 22

/** The time line: a lane for each fault, expectation, component and object. Only what can be seen is drawn. */
export const createTimeLine = (go: Go): TimeLine => {
  let run: OpenRun | undefined
  let view: View | undefined
  let lanes: readonly Lane[] = []
  let chosenBy = ''
  let from = 0
  let to = 1
  const canvas = element('canvas', { 'aria-hidden': 'true' })
  const names = element('div', { class: 'names' })
  const spacer = element('div', { class: 'spacer' })
  const sheet = element('div', { class: 'sheet' }, names, canvas)
  const scroller = element(
    'div',
    { class: 'lanes', tabindex: 0, role: 'region', 'aria-label': 'Time line' },
    sheet,
    spacer,
  )
  const choice = element('select', { 'aria-label': 'Lanes', onchange: () => go({ lanes: choice.value }) })
  const count = element('span', { class: 'faint', role: 'status' })
  const tool = (label: string, text: string, factor: number): HTMLElement =>
    element('button', { type: 'button', 'aria-label': label, title: label, onclick: () => zoom(factor) }, text)
  const root = element(
    'section',
    { 'aria-label': 'Time line' },
    element(
      'div',
      { class: 'bar' },
      element('h3', {}, 'Time line'),
      choice,
      count,
      element('span', { class: 'grow' }),
      tool('Show less time', '+', 0.5),
      tool('Show more time', '−', 2),
      tool('Show all of it', 'all', 0),
    ),
    scroller,
  )
  const context = canvas.getContext('2d')

  const draw = (): void => {
    if (run === undefined || view === undefined || context === null) return
    const { at, object } = view
    const width = Math.max(60, scroller.clientWidth - names.offsetWidth)
    const height = scroller.clientHeight
    const ratio = window.devicePixelRatio
    if (canvas.width !== Math.round(width * ratio) || canvas.height !== Math.round(height * ratio)) {
      canvas.width = Math.round(width * ratio)
      canvas.height = Math.round(height * ratio)
      canvas.style.width = `${width}px`
      canvas.style.height = `${height}px`
    }
    context.setTransform(ratio, 0, 0, ratio, 0, 0)
    const first = Math.floor(scroller.scrollTop / rowHeight)
    const offset = scroller.scrollTop - first * rowHeight
    const seen = lanes.slice(first, first + Math.ceil(height / rowHeight) + 1)
    const colors = getComputedStyle(root)
    const ink = (name: string): string => colors.getPropertyValue(name)
    drawLanes(context, { width, height, rowHeight, axisHeight, from, to, at, lanes: seen, offset }, run, ink)
    const focused = names.contains(document.activeElement)
      ? (document.activeElement as HTMLElement).dataset['lane']
      : undefined
    names.replaceChildren(
      ...seen.map((lane, row) => {
        const name =
          lane.subject === '' ? element('span', { class: 'lane', title: lane.name }, lane.name) : nameOf(lane, object)
        name.style.top = `${axisHeight + row * rowHeight - offset}px`
        name.classList.add(lane.group)
        return name
      }),
    )
    if (focused !== undefined) names.querySelector<HTMLElement>(`[data-lane="${CSS.escape(focused)}"]`)?.focus()
  }
  const nameOf = (lane: Lane, object: string): HTMLElement =>
    element(
      'button',
      {
        type: 'button',
        class: 'lane',
        title: lane.name,
        'data-lane': lane.subject,
        'aria-pressed': lane.subject === object ? 'true' : 'false',
        onclick: () => go({ object: lane.subject, from: -1, to: -1 }),
      },
      lane.name,
    )
  let waiting = false
  const later = (): void => {
    if (waiting) return
    waiting = true
    requestAnimationFrame(() => {
      waiting = false
      draw()
    })
  }
  const zoom = (factor: number): void => {
    if (run === undefined || view === undefined) return
    if (factor === 0) [from, to] = [0, run.end]
    else {
      const span = Math.max(1_000, Math.min(run.end, (to - from) * factor))
      const middle = view.at >= from && view.at <= to ? view.at : (from + to) / 2
      const share = (middle - from) / (to - from)
      from = Math.max(0, Math.min(run.end - span, middle - span * share))
      to = from + span
    }
    later()
  }
  scroller.addEventListener('scroll', later, { passive: true })
  new ResizeObserver(later).observe(scroller)
  window.matchMedia('(prefers-color-scheme: dark)').addEventListener('change', later)
  const timeAt = (event: MouseEvent): number => {
    const box = canvas.getBoundingClientRect()
    return Math.max(0, Math.round(from + ((event.clientX - box.left) / box.width) * (to - from)))
  }
  canvas.addEventListener('click', (event) => {
    const row = Math.floor((event.offsetY - axisHeight + scroller.scrollTop) / rowHeight)
    const subject = event.offsetY < axisHeight ? '' : (lanes[row]?.subject ?? '')
    go({ at: timeAt(event), ...(subject === '' ? {} : { object: subject, from: -1, to: -1 }) })
  })
  canvas.addEventListener('pointermove', (event) => {
    if (event.buttons === 1) go({ at: timeAt(event) })
  })

  return {
    root,
    zoom,
    update(next, open) {
      if (open !== run) {
        ;[from, to] = [0, open.end]
        const resources = [...new Set(open.lanes.map((lane) => lane.resource))].filter((one) => one !== '').sort()
        choice.replaceChildren(
          ...[
            ['main', 'what matters first'],
            ['all', 'everything'],
            ['components', 'components'],
            ...resources.map((one) => [one, one]),
          ].map(([value, text]) => element('option', { value: value! }, text)),
        )
      }
      const by = `${next.lanes} ${next.query}`
      if (open !== run || by !== chosenBy) {
        lanes = chooseLanes(open.lanes, next.lanes, next.query)
        chosenBy = by
        choice.value = next.lanes
        spacer.style.height = `${lanes.length * rowHeight + axisHeight + 4}px`
        scroller.style.height = `${Math.min(16, Math.max(4, lanes.length)) * rowHeight + axisHeight + 4}px`
        count.textContent = lanes.length === 1 ? '1 lane' : `${lanes.length} lanes`
      }
      const moved = view !== undefined && view.at !== next.at && (next.at < from || next.at > to)
      run = open
      view = next
      if (moved) {
        const half = (to - from) / 2
        from = Math.max(0, Math.min(run.end - 2 * half, next.at - half))
        to = from + 2 * half
      }
      later()
    },
  }
}
