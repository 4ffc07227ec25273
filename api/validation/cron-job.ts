import { parseSchedule } from '../cron/parse-schedule.ts'
import { timeZone } from '../cron/time-zone.ts'
import { nonNegative } from './field-causes.ts'
import { invalid, notSupported, required, type Cause } from './cause.ts'
import { jobSpecCauses } from './job-spec.ts'
import type { Strategy } from './strategy.ts'
import { flag, optionalNumber, optionalText, struct, text, type View } from './view.ts'

const policies = ['Allow', 'Forbid', 'Replace']

const scheduleCauses = (spec: View, old: View | undefined): Cause[] => {
  const path = 'spec.schedule'
  const schedule = text(spec, 'schedule')
  if (schedule === '') return [required(path)]
  const causes: Cause[] = []
  const parsed = parseSchedule(schedule)
  if ('error' in parsed) causes.push(invalid(path, schedule, parsed.error))
  if (!schedule.includes('TZ')) return causes
  if (old === undefined || !text(old, 'schedule').includes('TZ')) {
    causes.push(invalid(path, schedule, 'cannot use TZ or CRON_TZ in schedule, use timeZone field instead'))
  } else if (optionalText(spec, 'timeZone') !== undefined) {
    causes.push(invalid(path, schedule, 'cannot use both timeZone field and TZ or CRON_TZ in schedule'))
  }
  return causes
}

const zoneCauses = (zone: string | undefined, path: string): Cause[] => {
  if (zone === undefined) return []
  if (zone === '') return [invalid(path, zone, 'timeZone must be nil or non-empty string')]
  for (const part of zone.split('/')) {
    if (part === '.' || part === '..' || part.startsWith('-') || !/^[A-Za-z.\-_0-9+]{1,14}$/.test(part)) {
      return [invalid(path, zone, `unknown time zone ${zone}`)]
    }
  }
  if (zone.toLowerCase() === 'local') {
    return [invalid(path, zone, 'timeZone must be an explicit time zone as defined in https://www.iana.org/time-zones')]
  }
  return timeZone(zone) !== undefined ? [] : [invalid(path, zone, `unknown time zone ${zone}`)]
}

const specCauses = (spec: View, old: View | undefined): Cause[] => {
  const causes = scheduleCauses(spec, old)
  causes.push(...nonNegative(optionalNumber(spec, 'startingDeadlineSeconds'), 'spec.startingDeadlineSeconds'))
  const zone = optionalText(spec, 'timeZone')
  if (old === undefined || optionalText(old, 'timeZone') !== zone) causes.push(...zoneCauses(zone, 'spec.timeZone'))
  const policy = text(spec, 'concurrencyPolicy')
  if (policy === '') causes.push(required('spec.concurrencyPolicy'))
  else if (!policies.includes(policy)) causes.push(notSupported('spec.concurrencyPolicy', policy, policies))
  const job = struct(struct(spec, 'jobTemplate'), 'spec')
  const path = 'spec.jobTemplate.spec'
  causes.push(...jobSpecCauses(job, path))
  if (job['selector'] !== undefined)
    causes.push(invalid(`${path}.selector`, job['selector'], '`selector` will be auto-generated'))
  if (flag(job, 'manualSelector')) causes.push(notSupported(`${path}.manualSelector`, true, ['nil', 'false']))
  causes.push(...nonNegative(optionalNumber(spec, 'successfulJobsHistoryLimit'), 'spec.successfulJobsHistoryLimit'))
  causes.push(...nonNegative(optionalNumber(spec, 'failedJobsHistoryLimit'), 'spec.failedJobsHistoryLimit'))
  return causes
}

const nameCauses = (object: View): Cause[] => {
  const name = text(struct(object, 'metadata'), 'name')
  return name.length > 52 ? [invalid('metadata.name', name, 'must be no more than 52 characters')] : []
}

/** pkg/registry/batch/cronjob/strategy.go, pkg/apis/batch/validation */
export const cronJobStrategy: Strategy = {
  validate: (object) => specCauses(struct(object, 'spec'), undefined),
  validateNew: nameCauses,
  validateUpdate: (object, old) => specCauses(struct(object, 'spec'), struct(old, 'spec')),
}
