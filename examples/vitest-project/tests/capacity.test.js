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
