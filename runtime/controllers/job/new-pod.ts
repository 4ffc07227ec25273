import type { Draft } from '../../../api/object.ts'
import type { Job } from '../../../api/types/batch-v1.generated.ts'
import type { Container, Pod, PodTemplateSpec } from '../../../api/types/core-v1.generated.ts'
import { podFromTemplate } from '../../reconcile/pod-control.ts'
import { decidePodFailure } from './decide-pod-failure.ts'
import {
  failureCount,
  failureCountAnnotation,
  hasLimitPerIndex,
  ignoredCount,
  ignoredCountAnnotation,
  indexAnnotation,
  isIndexed,
  trackingFinalizer,
} from './job-facts.ts'

const indexVariable = 'JOB_COMPLETION_INDEX'
/** names.MaxGeneratedNameLength */
const maxPrefix = 58

const withVariable = (container: Container): Container =>
  container.env?.some((one) => one.name === indexVariable) === true
    ? container
    : {
        ...container,
        env: [
          ...(container.env ?? []),
          {
            name: indexVariable,
            valueFrom: { fieldRef: { apiVersion: 'v1', fieldPath: `metadata.labels['${indexAnnotation}']` } },
          },
        ],
      }

/** getNewIndexFailureCounts, as annotations. */
const failureAnnotations = (job: Job, replaced: Pod | undefined): Record<string, string> => {
  if (!hasLimitPerIndex(job)) return {}
  const counts = replaced === undefined || decidePodFailure(job, replaced).counts
  const failures = replaced === undefined ? 0 : failureCount(replaced) + (counts ? 1 : 0)
  const ignored = replaced === undefined ? 0 : ignoredCount(replaced) + (counts ? 0 : 1)
  return {
    [failureCountAnnotation]: String(failures),
    ...(ignored === 0 ? {} : { [ignoredCountAnnotation]: String(ignored) }),
  }
}

/** podGenerateNameWithIndex */
const prefixOf = (job: Job, index: number): string => {
  const end = `-${index}-`
  return (job.metadata.name ?? '').slice(0, maxPrefix - end.length) + end
}

/** The template of a Job's pods: with the tracking finalizer, and in an Indexed Job the variable of the index. */
export const jobTemplate = (job: Job): PodTemplateSpec => {
  const { template } = job.spec
  const finalizers = template.metadata?.finalizers ?? []
  const spec = template.spec
  const { initContainers } = spec
  return {
    ...template,
    metadata: {
      ...template.metadata,
      finalizers: finalizers.includes(trackingFinalizer) ? finalizers : [...finalizers, trackingFinalizer],
    },
    spec: !isIndexed(job)
      ? spec
      : {
          ...spec,
          containers: spec.containers.map(withVariable),
          ...(initContainers === undefined ? {} : { initContainers: initContainers.map(withVariable) }),
        },
  }
}

export const newPod = (
  job: Job,
  template: PodTemplateSpec,
  index: number | undefined,
  replaced: Pod | undefined,
): Draft<Pod> => {
  const pod = podFromTemplate(template, job)
  if (index === undefined) return pod
  const { metadata } = pod
  return {
    ...pod,
    metadata: {
      ...metadata,
      generateName: prefixOf(job, index),
      annotations: { ...metadata.annotations, [indexAnnotation]: String(index), ...failureAnnotations(job, replaced) },
      labels: { ...metadata.labels, [indexAnnotation]: String(index) },
    },
    spec: { ...template.spec, hostname: `${job.metadata.name ?? ''}-${index}` },
  }
}
