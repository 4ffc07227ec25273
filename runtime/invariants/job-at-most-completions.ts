import type { Job } from '../../api/types/batch-v1.generated.ts'
import type { Invariant } from './invariant.ts'

const ended = (job: Job, type: string): boolean =>
  job.status?.conditions?.some((one) => one.type === type && one.status === 'True') === true

export const jobAtMostCompletions: Invariant = {
  name: 'job-at-most-completions',
  rows: ['JOB-06', 'JOB-07'],
  says: 'a Job ends once, as Complete or as Failed, and what it has counted is never taken back',
  reads: ['jobs.batch'],
  upheld: true,
  track: (ledger) => ({
    change({ subject, object, before }) {
      const job = object as Job | undefined
      if (job === undefined) return
      if (ended(job, 'Complete') && ended(job, 'Failed')) ledger.broken(subject, 'it is Complete and Failed at once')
      const was = before as Job | undefined
      if (was === undefined || was.metadata.uid !== job.metadata.uid || was.status === job.status) return
      for (const type of ['Complete', 'Failed'])
        if (ended(was, type) && !ended(job, type)) ledger.broken(subject, `it was ${type}, and is not any more`)
      for (const field of ['succeeded', 'failed'] as const) {
        const [from, to] = [was.status?.[field] ?? 0, job.status?.[field] ?? 0]
        if (to < from) ledger.broken(subject, `status.${field} fell from ${from} to ${to}`)
      }
    },
  }),
}
