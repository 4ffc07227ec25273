import type { Job } from '../../../api/types/batch-v1.generated.ts'
import { countIndexes, parseIndexes, type IndexIntervals } from '../../../api/workloads/job-indexes.ts'

const overlap = (a: IndexIntervals, b: IndexIntervals): number => {
  let common = 0
  for (const x of a) for (const y of b) common += Math.max(0, Math.min(x.last, y.last) - Math.max(x.first, y.first) + 1)
  return common
}

/** matchSuccessPolicy (pkg/controller/job/success_policy.go): which rule holds. */
export const decideSuccess = (job: Job, succeeded: IndexIntervals): string | undefined => {
  if (succeeded.length === 0) return undefined
  for (const [index, rule] of (job.spec.successPolicy?.rules ?? []).entries()) {
    const message = `Matched rules at index ${index}`
    const { succeededCount, succeededIndexes } = rule
    if (succeededIndexes === undefined) {
      if (succeededCount !== undefined && countIndexes(succeeded) >= succeededCount) return message
      continue
    }
    const required = parseIndexes(succeededIndexes, job.spec.completions ?? 0)
    if (required.length === 0) continue
    const common = overlap(required, succeeded)
    if (common === countIndexes(required) || (succeededCount !== undefined && common >= succeededCount)) return message
  }
  return undefined
}
