import { readdirSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import type { Emission } from '../../../runtime/record/emission.ts'
import { eventReasons, unreachableReasons } from './event-reasons.ts'
import type { Sample } from './laws.ts'
import type { WholeObservation } from './observe.ts'
import { folder, tryFile } from './try-file.ts'

const names = readdirSync(folder)
  .filter((name) => name.endsWith('.kscn'))
  .sort()

const hit = new Set<string>()
const note = ({ record: { timeline } }: WholeObservation): void => {
  for (let entry = 0; entry < timeline.length; entry += 1)
    if (timeline.kind(entry) === 'emission') hit.add((timeline.data(entry) as Emission).reason)
}

/** What takes a run of its own for each try is tried in some of the files; `npm run laws` tries all. */
const sampleOf = (law: string, index: number): Sample | undefined => {
  if (law === 'order') return index % 8 === 0 ? { pick: index } : undefined
  if (law === 'crash') return index % 8 === 4 ? { pick: index * 7919 } : undefined
  return 'all'
}

describe('the laws of the controllers', () => {
  it('there are at least 80 scenarios', () => {
    expect(names.length).toBeGreaterThanOrEqual(80)
  })

  it.each(names.map((name, index) => [name, index] as const))('%s', (name, index) => {
    const report = tryFile(name, (law) => sampleOf(law, index), note)
    expect(report.broken).toEqual([])
    expect(report.tried['converges']).toBeGreaterThan(0)
  })

  it('every reason of an event has been seen, but those that no scenario can bring about', () => {
    expect(eventReasons.filter((reason) => !hit.has(reason) && unreachableReasons[reason] === undefined)).toEqual([])
    expect(Object.keys(unreachableReasons).filter((reason) => hit.has(reason))).toEqual([])
  })
})
