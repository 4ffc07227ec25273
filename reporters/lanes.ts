import { nounOf } from '../api/noun-of.ts'
import { printDuration } from './print-time.ts'
import type { Revision } from '../runtime/record/revision.ts'
import type { Timeline } from '../runtime/record/timeline.ts'
import { laneStatus } from './lane-status.ts'

interface Change {
  readonly at: number
  readonly status: string
}

const changesOf = (timeline: Timeline, subject: string): Change[] => {
  const resource = subject.split('/')[0]!
  const changes: Change[] = []
  for (const entry of timeline.about(subject)) {
    if (timeline.kind(entry) !== 'revision') continue
    const { object } = timeline.data(entry) as Revision
    const status = object === undefined ? 'gone' : laneStatus(resource, object)
    if (changes.at(-1)?.status !== status) changes.push({ at: timeline.time(entry), status })
  }
  return changes
}

/** One lane: each status at the column of its instant, cut where the next one begins, drawn on to the end. */
const drawLane = (changes: readonly Change[], from: number, to: number, width: number): string => {
  const column = (at: number): number =>
    to === from ? 0 : Math.max(0, Math.min(width - 1, Math.floor(((at - from) * (width - 1)) / (to - from))))
  const visible: { readonly at: number; readonly status: string }[] = []
  for (const change of changes) {
    if (change.at > to) break
    const next = { at: column(change.at), status: change.status }
    if (change.at <= from || visible.at(-1)?.at === next.at) visible.pop()
    visible.push(next)
  }
  let line = ' '.repeat(visible[0]?.at ?? width)
  visible.forEach(({ at, status }, index) => {
    const room = (visible[index + 1]?.at ?? width) - at
    // One that has no room is cut, and seen to be.
    const text = room > status.length ? `${status} ` : room < 4 ? '' : `${status.slice(0, room - 1)}…`
    line += text.padEnd(room, '━')
  })
  // A status that came too late to be written out stands behind the lane.
  const last = visible.at(-1)
  const cut = last !== undefined && width - last.at < last.status.length
  return cut ? `${line.slice(0, last.at)}┃ ${last.status}` : line.trimEnd()
}

export interface LaneWindow {
  readonly from: number
  readonly to: number
  readonly width: number
}

/** The slice of the timeline that explains a finding: a lane for each subject between two instants, with a scale above. */
export const drawLanes = (timeline: Timeline, subjects: readonly string[], window: LaneWindow): string[] => {
  const rows = subjects
    .map((subject) => ({ name: nounOf(subject), changes: changesOf(timeline, subject) }))
    .filter((row) => row.changes.length > 0)
  if (rows.length === 0) return []
  const nameWidth = Math.min(34, Math.max(...rows.map((row) => row.name.length)))
  const endings = rows.map((row) => row.changes.filter((change) => change.at <= window.to).at(-1)?.status.length ?? 0)
  const width = Math.max(20, window.width - nameWidth - 6 - Math.min(18, Math.max(...endings) + 1))
  const start = printDuration(window.from)
  const middle = printDuration(Math.floor((window.from + window.to) / 2))
  const end = printDuration(window.to)
  const half = Math.floor(width / 2)
  const scale = `t=${start}`.padEnd(half).slice(0, half) + middle
  const line = scale.padEnd(width - end.length) + end
  return [
    `${''.padEnd(nameWidth)}  ${line}`,
    ...rows.map((row) => {
      const name = row.name.length > nameWidth ? `${row.name.slice(0, nameWidth - 1)}…` : row.name.padEnd(nameWidth)
      return `${name}  ${drawLane(row.changes, window.from, window.to, width)}`
    }),
  ]
}
