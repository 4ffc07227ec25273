import type { Defaulters } from './defaulter.ts'
import { change, fillNil, fillZero, replace, type Fields } from './fill.ts'

const batch = 'io.k8s.api.batch.v1.'
const maxInt32 = 2147483647

const jobSpec = (value: Fields): Fields => {
  const spec =
    value['completions'] === undefined && value['parallelism'] === undefined
      ? fillNil(value, { completions: 1 })
      : value
  return fillNil(spec, {
    parallelism: 1,
    backoffLimit: spec['backoffLimitPerIndex'] === undefined ? 6 : maxInt32,
    completionMode: 'NonIndexed',
    suspend: false,
    podReplacementPolicy: spec['podFailurePolicy'] === undefined ? 'TerminatingOrFailed' : 'Failed',
    manualSelector: false,
  })
}

/** A Job without labels takes those of its template. */
const job = (value: Fields): Fields => {
  const out = change(value, 'spec', (spec) => jobSpec(spec ?? {}))
  const template = (out['spec'] as Fields)['template'] as Fields | undefined
  const labels = (template?.['metadata'] as Fields | undefined)?.['labels']
  const metadata = (out['metadata'] as Fields | undefined) ?? {}
  if (labels === undefined || metadata['labels'] !== undefined) return out
  return replace(out, { metadata: replace(metadata, { labels }) })
}

/** pkg/apis/batch/v1/defaults.go */
export const batchDefaulters: Defaulters = {
  [`${batch}Job`]: job,
  [`${batch}CronJob`]: (value) =>
    change(value, 'spec', (spec) =>
      fillNil(fillZero(spec ?? {}, { concurrencyPolicy: 'Allow' }), {
        suspend: false,
        successfulJobsHistoryLimit: 3,
        failedJobsHistoryLimit: 1,
      }),
    ),
  [`${batch}PodFailurePolicyOnPodConditionsPattern`]: (value) => fillZero(value, { status: 'True' }),
}
