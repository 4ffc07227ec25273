import { readdirSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { scenariosOf } from '../controllers/law-run.ts'
import { beyondLoss, nothingLost } from './lost-in-memory.ts'
import { differenceAt, nodeRun } from './restart-run.ts'

const folder = 'scenarios/kubelet'
const names = readdirSync(folder)
  .filter((name) => name.endsWith('.kscn'))
  .sort()

describe('a kubelet that is restarted, in every fourth scenario of the kubelet', () => {
  const sample = names.filter((_, index) => index % 4 === 0)

  it('there are enough of them', () => {
    expect(names.length).toBeGreaterThanOrEqual(60)
    expect(sample.length).toBeGreaterThanOrEqual(15)
  })

  it.each(sample)('%s', (name) => {
    for (const scenario of scenariosOf(`${folder}/${name}`)) {
      const base = nodeRun(scenario)
      expect(base.record.findings.map((finding) => finding.message)).toEqual([])
      expect(base.events.length).toBeGreaterThan(0)
      const restart = base.events[(name.length * 7919) % base.events.length]!
      expect(differenceAt(scenario, restart, base.end)).toEqual([])
    }
  })
})

describe('what a restart may change', () => {
  const count = (times: number, name = 'a'): string =>
    `pods/default/${name} .status.containerStatuses[app].restartCount = ${times}`
  const lost = { containers: new Set(['default/a/app']), resizes: new Set<string>(), pressed: false }

  it.each([
    ['nothing, if nothing was lost', nothingLost, [count(0), count(1)], 2],
    ['one run more of a container whose start was broken off', lost, [count(0), count(1)], 0],
    ['not two', lost, [count(0), count(2)], 1],
    ['nor of another', lost, [count(0, 'b'), count(1, 'b')], 2],
    ['nor its state', lost, ['pods/default/a .status.phase = Running', 'pods/default/a .status.phase = Failed'], 2],
  ] as const)('%s', (_, loss, [before, after], lines) => {
    // One line is missing and one came for each field that changed.
    expect(beyondLoss([before], [after], loss)).toHaveLength(lines)
  })

  it('a plan whose kubelet forgets its pods is caught', () => {
    const [scenario] = scenariosOf(`${folder}/kubelet-restart.kscn`)
    const base = nodeRun(scenario!)
    const without = base.end.filter((line) => !line.includes('.status.phase = Running'))
    expect(without.length).toBeLessThan(base.end.length)
    expect(differenceAt(scenario!, base.events[0]!, without)).not.toEqual([])
  })
})
