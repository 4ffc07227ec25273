import { element } from './element.ts'

export interface VirtualList {
  readonly root: HTMLElement
  /** `row` is asked only for what can be seen. */
  show(count: number, row: (index: number) => HTMLElement): void
  scrollTo(index: number): void
  redraw(): void
}

/** A list of which only the visible rows exist. */
export const createVirtualList = (label: string, rowHeight: number): VirtualList => {
  const rows = element('div', { class: 'rows', role: 'list' })
  const root = element('div', { class: 'virtual', role: 'region', 'aria-label': label, tabindex: 0 }, rows)
  let count = 0
  let rowOf: (index: number) => HTMLElement = () => element('div')
  const draw = (): void => {
    const from = Math.max(0, Math.floor(root.scrollTop / rowHeight) - 4)
    const to = Math.min(count, Math.ceil((root.scrollTop + root.clientHeight) / rowHeight) + 4)
    const shown: HTMLElement[] = []
    for (let index = from; index < to; index += 1) {
      const row = rowOf(index)
      row.setAttribute('role', 'listitem')
      row.setAttribute('aria-setsize', String(count))
      row.setAttribute('aria-posinset', String(index + 1))
      row.style.top = `${index * rowHeight}px`
      row.style.height = `${rowHeight}px`
      shown.push(row)
    }
    rows.replaceChildren(...shown)
  }
  let waiting = false
  const later = (): void => {
    if (waiting) return
    waiting = true
    requestAnimationFrame(() => {
      waiting = false
      draw()
    })
  }
  root.addEventListener('scroll', later, { passive: true })
  new ResizeObserver(later).observe(root)
  return {
    root,
    show(howMany, row) {
      count = howMany
      rowOf = row
      rows.style.height = `${count * rowHeight}px`
      draw()
    },
    scrollTo(index) {
      const top = index * rowHeight
      if (top < root.scrollTop || top + rowHeight > root.scrollTop + root.clientHeight)
        root.scrollTop = Math.max(0, top - root.clientHeight / 2)
    },
    redraw: draw,
  }
}
