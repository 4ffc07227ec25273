import fc from 'fast-check'
import { arbitraryCluster, arbitraryFaults, arbitraryWorkload, scenarioText } from 'kscn/fast-check'
import { matchers, runText } from 'kscn/vitest'
import { expect, test } from 'vitest'

expect.extend(matchers)

test('whatever has room runs, also when the control plane crashes meanwhile', () => {
  fc.assert(
    fc.property(arbitraryCluster(), arbitraryWorkload(), arbitraryFaults(), (cluster, workload, faults) => {
      const [record] = runText(
        scenarioText({
          cluster,
          workloads: [workload],
          faults,
          body: `  wait 2m
  settle within 20m
  expect count(p in pods[app=${workload.name}]: p is Ready) == ${workload.replicas}`,
        }),
      )
      expect(record).toHold()
    }),
    { numRuns: 15, seed: 7 },
  )
})

test('a node that is too small is told', () => {
  const [record] = runText(
    scenarioText({
      cluster: { pools: [{ name: 'small', nodes: 1, cpu: 1, memory: '1Gi' }] },
      workloads: [{ kind: 'Deployment', name: 'web', replicas: 3, cpu: 500 }],
      body: '  expect 3 pods[app=web] are Running within 1m',
    }),
  )
  expect(record).toBreak('expect 3 pods[app=web] are Running')
})
