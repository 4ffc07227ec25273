import { nonNegative } from './field-causes.ts'
import { invalid, invalidUnshown, duplicate, required, type Cause } from './cause.ts'
import { indexCount, overlapAt } from './job-indexes.ts'
import { child, list, number, optionalNumber, optionalText, strings, struct, text, type View } from './view.ts'

const isTrue = (job: View, type: string): boolean =>
  list(struct(job, 'status'), 'conditions').some((one) => text(one, 'type') === type && text(one, 'status') === 'True')

const uncountedCauses = (status: View): Cause[] => {
  const uncounted = child(status, 'uncountedTerminatedPods')
  const seen = new Set<string>()
  return ['succeeded', 'failed'].flatMap((key) =>
    strings(uncounted, key).flatMap((uid, i) => {
      const at = `status.uncountedTerminatedPods.${key}[${i}]`
      if (uid === '') return [invalid(at, uid, 'must not be empty')]
      if (seen.has(uid)) return [duplicate(at, uid)]
      seen.add(uid)
      return []
    }),
  )
}

const timeCauses = (job: View, old: View): Cause[] => {
  const status = struct(job, 'status')
  const before = struct(old, 'status')
  const complete = isTrue(job, 'Complete')
  const end = optionalText(status, 'completionTime')
  const start = optionalText(status, 'startTime')
  const causes: Cause[] = []
  if (end !== undefined && !complete) {
    causes.push(
      invalid('status.completionTime', end, 'cannot set completionTime when there is no Complete=True condition'),
    )
  }
  if (end === undefined && complete)
    causes.push(required('status.completionTime', 'completionTime is required for Complete jobs'))
  if (start !== undefined && end !== undefined && end < start) {
    causes.push(invalid('status.completionTime', end, 'must be equal to or after `startTime`'))
  }
  if (end !== undefined && before['completionTime'] !== undefined && end !== before['completionTime']) {
    causes.push(invalid('status.completionTime', end, 'field is immutable'))
  }
  return causes
}

const indexCauses = (job: View): Cause[] => {
  const spec = struct(job, 'spec')
  const status = struct(job, 'status')
  const completions = optionalNumber(spec, 'completions')
  const completed = text(status, 'completedIndexes')
  const failed = optionalText(status, 'failedIndexes')
  const causes: Cause[] = []
  if (completions !== undefined) {
    const parsed = indexCount(completed, completions)
    if ('error' in parsed)
      causes.push(invalid('status.completedIndexes', completed, `error parsing completedIndexes: ${parsed.error}`))
    if (failed !== undefined && spec['backoffLimitPerIndex'] !== undefined) {
      const other = indexCount(failed, completions)
      if ('error' in other)
        causes.push(invalid('status.failedIndexes', failed, `error parsing failedIndexes: ${other.error}`))
    }
  }
  if (completed !== '' && text(spec, 'completionMode') !== 'Indexed') {
    causes.push(
      invalid(
        'status.completedIndexes',
        completed,
        'cannot set non-empty completedIndexes when non-indexed completion mode',
      ),
    )
  }
  if (failed !== undefined && spec['backoffLimitPerIndex'] === undefined) {
    causes.push(
      invalid('status.failedIndexes', failed, 'cannot set non-null failedIndexes when backoffLimitPerIndex is null'),
    )
  }
  const both = failed === undefined || completions === undefined ? undefined : overlapAt(completed, failed, completions)
  if (both !== undefined) {
    causes.push(invalid('status.failedIndexes', failed, `failedIndexes and completedIndexes overlap at index: ${both}`))
  }
  return causes
}

const conditions = 'status.conditions'

/** ValidateJobUpdateStatus, with the options that a new status gets. */
export const jobStatusCauses = (job: View, old: View): Cause[] => {
  const status = struct(job, 'status')
  const before = struct(old, 'status')
  const complete = isTrue(job, 'Complete')
  const failed = isTrue(job, 'Failed')
  const target = isTrue(job, 'FailureTarget')
  const met = isTrue(job, 'SuccessCriteriaMet')
  const finished = complete || failed
  const active = number(status, 'active')
  const causes = [
    ...['active', 'succeeded', 'failed', 'ready', 'terminating'].flatMap((key) =>
      nonNegative(optionalNumber(status, key), `status.${key}`),
    ),
    ...uncountedCauses(status),
  ]
  const refuse = (wrong: boolean, told: string): void => {
    if (wrong) causes.push(invalidUnshown(conditions, told))
  }
  refuse(complete && failed, 'cannot set Complete=True and Failed=true conditions')
  refuse(complete && target, 'cannot set Complete=True and FailureTarget=true conditions')
  causes.push(...timeCauses(job, old))
  refuse(
    failed && !target && !isTrue(old, 'Failed'),
    'cannot set Failed=True condition without the FailureTarget=true condition',
  )
  refuse(
    complete && !met && !isTrue(old, 'Complete'),
    'cannot set Complete=True condition without the SuccessCriteriaMet=true condition',
  )
  if (active > 0 && finished) causes.push(invalid('status.active', active, 'active>0 is invalid for finished job'))
  if (status['startTime'] === undefined && finished)
    causes.push(required('status.startTime', 'startTime is required for finished job'))
  const uncounted = child(status, 'uncountedTerminatedPods')
  if (finished && strings(uncounted, 'succeeded').length + strings(uncounted, 'failed').length > 0) {
    causes.push(
      invalid(
        'status.uncountedTerminatedPods',
        { typed: uncounted, type: 'io.k8s.api.batch.v1.UncountedTerminatedPods' },
        'must be empty for finished job',
      ),
    )
  }
  causes.push(...indexCauses(job))
  const terminating = optionalNumber(status, 'terminating')
  if (terminating !== undefined && terminating > 0 && finished) {
    causes.push(invalid('status.terminating', terminating, 'terminating>0 is invalid for finished job'))
  }
  const ready = optionalNumber(status, 'ready')
  if (ready !== undefined && ready > active)
    causes.push(invalid('status.ready', ready, 'cannot set more ready pods than active'))
  refuse(met && failed, 'cannot set SuccessCriteriaMet=True and Failed=true conditions')
  refuse(met && target, 'cannot set SuccessCriteriaMet=True and FailureTarget=true conditions')
  const policy = child(struct(job, 'spec'), 'successPolicy')
  refuse(
    policy !== undefined && !met && complete,
    'cannot set Complete=True for Job with SuccessPolicy unless SuccessCriteriaMet=True',
  )
  for (const type of ['Failed', 'Complete', 'FailureTarget']) {
    refuse(isTrue(old, type) && !isTrue(job, type), `cannot disable the terminal ${type}=True condition`)
  }
  // An indexed Job with as many pods as completions may be scaled down, and its successes with it.
  const { completionMode, completions, parallelism } = struct(job, 'spec')
  const elastic = completionMode === 'Indexed' && completions === parallelism
  for (const key of elastic ? ['failed'] : ['failed', 'succeeded']) {
    if (number(status, key) < number(before, key)) {
      causes.push(invalid(`status.${key}`, number(status, key), `cannot decrease the ${key} counter`))
    }
  }
  const start = optionalText(before, 'startTime')
  if (start !== undefined && start !== status['startTime'] && struct(job, 'spec')['suspend'] !== true) {
    causes.push(invalid('status.startTime', status['startTime'], 'field is immutable for unsuspended job once set'))
  }
  refuse(isTrue(old, 'SuccessCriteriaMet') && !met, 'cannot disable the SuccessCriteriaMet=True condition')
  refuse(
    isTrue(old, 'Complete') && !isTrue(old, 'SuccessCriteriaMet') && met,
    'cannot set SuccessCriteriaMet=True for Job already has Complete=true conditions',
  )
  return causes
}
