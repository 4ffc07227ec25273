import { structuralEqual } from '../../json/structural-equal.ts'
import { isDns1123Label } from '../../names/dns-names.ts'
import { list, number, optionalNumber, struct, text, type View } from '../view.ts'
import { claimSpecWarnings } from './fractional.ts'
import { podSpecWarnings } from './pod-spec.ts'

const template = (owner: View, prefix: string): readonly string[] => podSpecWarnings(struct(owner, 'template'), prefix)

/** A name that pods will bear as part of theirs. */
const nameWarnings = (object: View, usedIn: string): readonly string[] => {
  const complaints = isDns1123Label(text(struct(object, 'metadata'), 'name'))
  return complaints.length === 0
    ? []
    : [
        `metadata.name: this is used in ${usedIn}, which can result in surprising behavior; a DNS label is recommended: [${complaints.join(' ')}]`,
      ]
}
const inPodNames = 'Pod names and hostnames'

const generationMoved = (object: View, old: View): boolean =>
  number(struct(object, 'metadata'), 'generation') !== number(struct(old, 'metadata'), 'generation')

export const podCreateWarnings = (pod: View): readonly string[] => [
  ...nameWarnings(pod, "the Pod's hostname"),
  ...podSpecWarnings(pod, ''),
]

export const templateOwnerCreate = (object: View): readonly string[] => [
  ...nameWarnings(object, inPodNames),
  ...template(struct(object, 'spec'), 'spec.template.'),
]
export const templateOwnerUpdate = (object: View, old: View): readonly string[] =>
  generationMoved(object, old) ? template(struct(object, 'spec'), 'spec.template.') : []

/** Upstream passes new and old the wrong way round: it is the old template that is looked at. */
export const replicationControllerUpdate = (object: View, old: View): readonly string[] =>
  generationMoved(object, old) ? template(struct(old, 'spec'), 'spec.template.') : []

export const daemonSetCreate = (object: View): readonly string[] => template(struct(object, 'spec'), 'spec.template.')
/** spec.templateGeneration moves with the template. */
export const daemonSetUpdate = (object: View, old: View): readonly string[] =>
  structuralEqual(struct(object, 'spec')['template'], struct(old, 'spec')['template']) ? [] : daemonSetCreate(object)

export const podTemplateCreate = (object: View): readonly string[] => template(object, 'template.')
export const podTemplateUpdate = (object: View, old: View): readonly string[] =>
  generationMoved(object, old) ? podTemplateCreate(object) : []

const claimTemplates = (object: View, field: string): readonly string[] => {
  const limit = optionalNumber(struct(object, 'spec'), 'revisionHistoryLimit')
  return [
    ...list(struct(object, 'spec'), 'volumeClaimTemplates').flatMap((claim, i) =>
      claimSpecWarnings(struct(claim, 'spec'), `spec.volumeClaimTemplates[${i}]${field}`),
    ),
    ...(limit !== undefined && limit < 0
      ? ['spec.revisionHistoryLimit: a negative value retains all historical revisions; a value >= 0 is recommended']
      : []),
  ]
}

export const statefulSetCreate = (object: View): readonly string[] => [
  ...template(struct(object, 'spec'), 'spec.template.'),
  ...claimTemplates(object, ''),
]
export const statefulSetUpdate = (object: View, old: View): readonly string[] => [
  ...templateOwnerUpdate(object, old),
  ...claimTemplates(object, '.Spec'),
]

/** pkg/api/job/warnings.go, WarningsForJobSpec */
const jobSpecWarnings = (spec: View, path: string): readonly string[] => [
  ...(text(spec, 'completionMode') === 'Indexed' &&
  number(spec, 'completions') > 100_000 &&
  number(spec, 'parallelism') > 10_000
    ? [
        `${path}: In Indexed Jobs with a number of completions higher than 10^5 and a parallelism higher than 10^4, Kubernetes might not be able to track completedIndexes when a big number of indexes fail`,
      ]
    : []),
  ...template(spec, `${path}.template.`),
]

export const jobCreate = (object: View): readonly string[] => [
  ...nameWarnings(object, inPodNames),
  ...jobSpecWarnings(struct(object, 'spec'), 'spec'),
]
export const jobUpdate = (object: View, old: View): readonly string[] =>
  generationMoved(object, old) ? jobSpecWarnings(struct(object, 'spec'), 'spec') : []

const ofJobTemplate = (object: View): readonly string[] =>
  jobSpecWarnings(struct(struct(struct(object, 'spec'), 'jobTemplate'), 'spec'), 'spec.jobTemplate.spec')

export const cronJobCreate = (object: View): readonly string[] => [
  ...nameWarnings(object, inPodNames),
  ...ofJobTemplate(object),
]
export const cronJobUpdate = (object: View, old: View): readonly string[] => [
  ...(generationMoved(object, old) ? ofJobTemplate(object) : []),
  ...(text(struct(object, 'spec'), 'schedule').includes('TZ')
    ? [
        'cannot use TZ or CRON_TZ in spec.spec.schedule, use timeZone instead, see https://kubernetes.io/docs/concepts/workloads/controllers/cron-jobs/ for more details',
      ]
    : []),
]
