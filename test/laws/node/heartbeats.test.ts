import { readdirSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { scenariosOf } from '../controllers/law-run.ts'
import { heartbeatDifference, heartbeatRun } from './heartbeat-run.ts'

const folders = ['kubelet', 'node', 'network', 'faults']
const files = folders.flatMap((folder) =>
  readdirSync(`scenarios/${folder}`)
    .filter((name) => name.endsWith('.kscn'))
    .sort()
    .map((name) => `scenarios/${folder}/${name}`),
)

describe('heartbeats that are computed and heartbeats that are written give the same timeline', () => {
  it.each(files.filter((_, index) => index % 10 === 3))('%s', (file) => {
    for (const scenario of scenariosOf(file)) expect(heartbeatDifference(scenario)).toEqual([])
  })

  it('the one writes none, the other one every ten seconds and node', () => {
    const [scenario] = scenariosOf('scenarios/node/partition-runs-on.kscn')
    expect(heartbeatRun(scenario!, false).renewals).toBe(0)
    expect(heartbeatRun(scenario!, true).renewals).toBeGreaterThan(10)
  })

  it('a timeline with another entry differs', () => {
    const [first] = scenariosOf('scenarios/node/crash-not-ready.kscn')
    const [second] = scenariosOf('scenarios/node/cordon-leaves-pods.kscn')
    expect(heartbeatRun(first!, false).lines).not.toEqual(heartbeatRun(second!, true).lines)
  })
})
