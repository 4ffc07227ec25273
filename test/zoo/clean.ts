import { explore } from '../../runtime/explore/explore.ts'
import { brokenOf } from '../../runtime/explore/fingerprint.ts'
import { createCluster } from '../../runtime/cluster/create-cluster.ts'
import type { Clean, Job } from './jobs.ts'
import { propertyPlan } from './property-plan.ts'

/** Runs of a property on the control plane as it is: whatever breaks is a false alarm, or a bug that nobody has planted. */
export const exploreClean = ({ chunk, property, seed, runs }: Extract<Job, { kind: 'clean' }>): Clean => {
  const record = explore(propertyPlan(property).scenario, { seed, runs, version: 'zoo', line: 1, createCluster })
  const failure = record.exploration?.failure
  return {
    kind: 'clean',
    chunk,
    property,
    runs: record.exploration?.runs ?? 0,
    alarm:
      record.verdict === 'PASS'
        ? undefined
        : `run ${failure?.run ?? 0} of seed ${seed}: "${brokenOf(record)?.sentence ?? ''}" ${brokenOf(record)?.message ?? record.verdict}`,
  }
}
