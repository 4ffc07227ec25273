import { describe, expect, it } from 'vitest'
import { createCluster } from '../../../../runtime/cluster/create-cluster.ts'
import { invariants } from '../../../../runtime/invariants/registry.ts'
import type { CreateCluster } from '../../../../runtime/cluster/cluster.ts'
import type { Record as RunRecord } from '../../../../runtime/record/record.ts'
import { runScenario } from '../../../../runtime/runner/run-scenario.ts'
import { compileText } from '../../dsl/support/compile-text.ts'
import { tamperedEtcd } from '../../../support/tamper-etcd.ts'
import { withBug } from '../../../zoo/planted-bug.ts'
import { plantedViolations, type PlantedViolation } from './planted-bugs.ts'

const behaviors = `behavior image "web:*" { pull 1s, start 1s, stop 1s }
behavior image "task:*" { pull 1s, start 1s, exit 0 after 3s }
`
const textOf = (name: string, planted: PlantedViolation, settings: string): string => `${behaviors}
scenario "planted" {
  cluster {
    ${settings}
    pool workers 2 { cpu 2, memory 4Gi }
  }
  ${planted.asks === undefined ? `always ${name}` : ''}
${planted.body}
  ${planted.asks ?? ''}
}
`
const clusterOf = ({ tamper, etcd }: PlantedViolation): CreateCluster => {
  const made: CreateCluster = tamper === undefined ? createCluster : withBug(createCluster, { tamper })
  if (etcd === undefined) return made
  return (spec, given, options) => made(spec, given, { ...options, tamperEtcd: (below) => tamperedEtcd(below, etcd) })
}
const run = (text: string, cluster: CreateCluster): RunRecord => {
  const { plan, diagnostics } = compileText(text)
  if (plan === undefined) throw new Error(`${diagnostics.map((one) => one.message).join('\n')}\n${text}`)
  return runScenario(plan.scenarios[0]!, { seed: '1', createCluster: cluster, lookAhead: false, keepGoing: true })
}

describe('planted bugs', () => {
  it('there is one for every invariant', () => {
    expect(Object.keys(plantedViolations).sort()).toEqual(invariants.map((one) => one.name).sort())
  })

  it.each(Object.entries(plantedViolations))(
    '%s is broken by what it guards against, and by nothing else',
    (name, planted) => {
      const broken = run(textOf(name, planted, planted.settings ?? ''), clusterOf(planted))
      expect(broken.findings.map((one) => one.sentence).join('\n')).toContain(name)
      const sound = run(textOf(name, planted, ''), createCluster)
      expect(sound.findings.filter((one) => one.sentence.includes(name)).map((one) => one.message)).toEqual([])
    },
  )
})
