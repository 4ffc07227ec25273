import { describe, expect, it } from 'vitest'
import { createCluster } from '../../../../runtime/cluster/create-cluster.ts'
import type { Record as RunRecord } from '../../../../runtime/record/record.ts'
import { runScenario } from '../../../../runtime/runner/run-scenario.ts'
import { compileText } from '../../dsl/support/compile-text.ts'

const textOf = (body: string): string => `scenario "example" {
  cluster {
    storageclass ssd { provision 1s }
    pool workers 2 { cpu 2, memory 4Gi }
  }
  ${body}
  wait 2m
}
`
const run = (body: string): RunRecord => {
  const { plan, diagnostics } = compileText(textOf(body))
  if (plan === undefined) throw new Error(diagnostics.map((one) => `${one.code} ${one.message}`).join('\n'))
  return runScenario(plan.scenarios[0]!, { seed: '1', createCluster })
}
const told = (body: string): string => {
  const { verdict, findings, warnings = [] } = run(body) as RunRecord & { readonly warnings?: RunRecord['findings'] }
  return [verdict, ...[...findings, ...warnings].map((one) => `${one.sentence} | ${one.message}`)].join('\n')
}
const down = 'this fault never struck: it was down already'

describe('faults that do nothing', () => {
  it.each([
    ['inject crash node/workers-0 for 1m\n  inject crash node/workers-0 for 1m', down],
    ['inject crash scheduler for 1m\n  inject failover scheduler', down],
    ['inject down storageclass/ssd\n  inject down storageclass/ssd', down],
    ['inject crash controller/deployment after-write 3', 'this fault never struck: it came to no such write'],
    ['inject error apiserver/* 503 on "POST widgets"', 'this fault never struck: no such request came'],
    ['heal node/workers-0', 'there was nothing to heal: no fault had struck it before'],
  ])('%s', (body, message) => {
    expect(told(body)).toContain('VACUOUS')
    expect(told(body)).toContain(message)
  })

  it.each([
    ['healing twice', 'inject crash kubelet/workers-0\n  heal kubelet/workers-0\n  heal kubelet/workers-0'],
    ['healing after it healed itself', 'inject crash kubelet/workers-0 for 1s\n  wait 2s\n  heal kubelet/workers-0'],
    ['healing all of nothing', 'heal all'],
    ['one of several that strikes', 'repeat 2 {\n    inject crash kubelet/workers-0 for 1m\n  }'],
    [
      'one that overlaps another part',
      'inject partition node/workers-0 from apiserver/* for 1m\n  inject crash node/workers-0 for 1m',
    ],
  ])('%s is no trouble', (_, body) => {
    expect(told(body)).toBe('PASS')
  })

  it.each([
    ['inject crash controller/depoyment', 'nothing matches controller/depoyment'],
    ['inject crash nodes[pool=other]', 'nothing matches nodes[pool=other]'],
    ['let gone = "workers-7"\n  inject crash node/${gone}', 'the cluster has no node/workers-7'],
    ['inject down storageclass/none', 'the cluster has no storageclass/none'],
    ['inject timeout webhook/none', 'the cluster has no webhook/none'],
  ])('%s is an error: it has no target', (body, message) => {
    expect(told(body)).toContain('ERROR')
    expect(told(body)).toContain(message)
  })
})

describe('invariants of the library', () => {
  it.each([
    ['always pdb-respected', 'pdb-respected looks at poddisruptionbudgets.policy, and there were none'],
    ['always gates-respected', 'gates-respected looks at pods, and there were none'],
  ])('%s over nothing is vacuous', (body, message) => {
    expect(told(body)).toContain('VACUOUS')
    expect(told(body)).toContain(message)
  })

  it.each(['always uid-unique', 'always no-overcommit', 'always watch-ordered'])(
    '%s has something to look at',
    (body) => {
      expect(told(body)).toBe('PASS')
    },
  )

  it('takes no arguments', () => {
    expect(compileText(textOf('always no-overcommit(3)')).diagnostics.map((one) => one.message)).toEqual([
      '`no-overcommit` takes no arguments',
    ])
  })

  it('is known by its name alone', () => {
    const [problem] = compileText(textOf('always no-overcomit')).diagnostics
    expect(`${problem?.message} ${problem?.help ?? ''}`).toContain('no-overcommit')
  })
})
