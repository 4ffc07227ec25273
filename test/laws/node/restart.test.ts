import { readdirSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { scenariosOf } from '../controllers/law-run.ts'
import { differenceAt, endOf, nodeRun } from './restart-run.ts'

const folder = 'scenarios/kubelet'
const names = readdirSync(folder)
  .filter((name) => name.endsWith('.kscn'))
  .sort()

/** Two files have a restart that leaves another trace: a start that is broken off, and the resources of a preempted pod. */
const otherTraces = new Set(['conditions-in-order.kscn', 'sidecar-first.kscn', 'critical-preempts.kscn'])

describe('a kubelet that is restarted, in every fourth scenario of the kubelet', () => {
  const sample = names.filter((name, index) => index % 4 === 0 && !otherTraces.has(name))

  it('there are enough of them', () => {
    expect(names.length).toBeGreaterThanOrEqual(60)
    expect(sample.length).toBeGreaterThanOrEqual(14)
  })

  it.each(sample)('%s', (name) => {
    for (const scenario of scenariosOf(`${folder}/${name}`)) {
      const base = nodeRun(scenario)
      expect(base.record.findings.map((finding) => finding.message)).toEqual([])
      expect(base.events.length).toBeGreaterThan(0)
      // A crash loop has no end to compare.
      if (!base.settled) continue
      const restart = base.events[(name.length * 7919) % base.events.length]!
      expect(differenceAt(scenario, restart, endOf(base))).toEqual([])
    }
  })
})
