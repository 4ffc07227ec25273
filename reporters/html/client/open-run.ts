import type { StateStart } from '../../../runtime/record/state-start.ts'
import type { Timeline } from '../../../runtime/record/timeline.ts'
import { unpackTimeline } from '../../packed/unpack-timeline.ts'
import { createHistories, type Histories } from '../histories.ts'
import { createInstants, type Instants } from '../instants.ts'
import { createLanes, faultBands, type Band, type Lane } from '../lanes.ts'
import { createNouns, type Nouns } from '../nouns.ts'
import type { PagePool, PageRun } from '../page-data.ts'

/** A run that is open in the page. */
export interface OpenRun {
  readonly told: PageRun
  readonly timeline: Timeline
  readonly start: StateStart | undefined
  readonly histories: Histories
  readonly instants: Instants
  readonly nouns: Nouns
  readonly bands: readonly Band[]
  readonly lanes: readonly Lane[]
  readonly end: number
}

/** A block of data that stands in the page. */
export const readBlock = (id: string): unknown => JSON.parse(document.getElementById(id)?.textContent ?? 'null')

export const openRun = (index: number): OpenRun => {
  const told = readBlock(`scenario-${index + 1}`) as PageRun
  const pool = readBlock('pool') as PagePool
  const resources = told.resources.map((place) => pool.resources[place]!)
  const { timeline, start } = unpackTimeline({
    timeline: told.timeline,
    resources,
    start: told.start && { ...told.start, objects: told.start.objects.map((place) => pool.objects[place]!) },
  })
  const histories = createHistories(timeline, start)
  const nouns = createNouns(resources)
  const last = timeline.length === 0 ? 0 : timeline.time(timeline.length - 1)
  const end = Math.max(told.duration, last, 1)
  const bands = faultBands(timeline, nouns, end)
  const source = { timeline, histories, nouns, end, sentences: told.sentences }
  return {
    told,
    timeline,
    start,
    histories,
    instants: createInstants(timeline),
    nouns,
    bands,
    lanes: createLanes(source, bands),
    end,
  }
}
