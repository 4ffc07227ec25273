import { printDuration } from '../../print-time.ts'
import type { Lane } from '../lanes.ts'
import type { OpenRun } from './open-run.ts'
import { ticksBetween } from './time-axis.ts'

export interface Sheet {
  readonly width: number
  readonly height: number
  readonly rowHeight: number
  readonly axisHeight: number
  readonly from: number
  readonly to: number
  readonly at: number
  /** The lanes that can be seen, and how far above the sheet the first one begins. */
  readonly lanes: readonly Lane[]
  readonly offset: number
}

type Ink = (name: string) => string

/** Draws what is visible of the lanes: axis, bands of faults, segments with their words, marks, and the instant. */
export const drawLanes = (context: CanvasRenderingContext2D, sheet: Sheet, run: OpenRun, ink: Ink): void => {
  const { width, height, rowHeight, axisHeight, from, to, offset } = sheet
  const x = (time: number): number => ((time - from) / (to - from)) * width
  context.clearRect(0, 0, width, height)
  context.font = '11px system-ui, sans-serif'
  context.textBaseline = 'middle'
  context.textAlign = 'left'
  const ticks = ticksBetween(from, to, Math.max(2, Math.floor(width / 90)))
  for (const band of run.bands) {
    if (band.to < from || band.from > to) continue
    context.fillStyle = ink('--band')
    context.fillRect(x(band.from), axisHeight, Math.max(2, x(band.to) - x(band.from)), height)
  }
  context.fillStyle = ink('--line')
  for (const tick of ticks) context.fillRect(Math.round(x(tick)), axisHeight, 1, height)

  sheet.lanes.forEach((lane, row) => {
    const top = axisHeight + row * rowHeight - offset
    for (const segment of lane.segments()) {
      if (segment.to < from || segment.from > to) continue
      const left = Math.max(-1, x(segment.from))
      const wide = Math.max(2, Math.min(width + 1, x(segment.to)) - left)
      context.fillStyle = ink(`--${segment.tone}-soft`)
      context.fillRect(left, top + 4, wide, rowHeight - 8)
      context.fillStyle = ink(`--${segment.tone}`)
      context.fillRect(left, top + 4, 2, rowHeight - 8)
      if (wide > 26) {
        context.save()
        context.beginPath()
        context.rect(left, top, wide, rowHeight)
        context.clip()
        context.fillStyle = ink('--text')
        context.fillText(segment.text, left + 6, top + rowHeight / 2)
        context.restore()
      }
    }
    context.fillStyle = ink('--mark')
    let last = -2
    for (const mark of lane.marks()) {
      if (mark < from || mark > to) continue
      const column = Math.round(x(mark))
      if (column === last) continue
      last = column
      if (lane.group === 'actor') context.fillRect(column, top + 7, 2, rowHeight - 14)
      else context.fillRect(column, top + rowHeight - 6, 1, 3)
    }
  })
  context.fillStyle = ink('--panel')
  context.fillRect(0, 0, width, axisHeight)
  context.fillStyle = ink('--faint')
  for (const tick of ticks) {
    const text = printDuration(tick)
    const room = context.measureText(text).width
    context.fillText(text, Math.max(0, Math.min(width - room, x(tick) - room / 2)), axisHeight / 2)
  }
  if (sheet.at >= from && sheet.at <= to) {
    context.fillStyle = ink('--accent')
    context.fillRect(Math.round(x(sheet.at)) - 1, 0, 2, height)
  }
}
