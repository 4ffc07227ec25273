import { durations } from './durations.ts'
import { eventCorrelator } from './events.ts'
import { eviction } from './eviction.ts'
import { controllerRevision, podTemplate } from './hashes.ts'
import { intOrString } from './int-or-string.ts'
import { names } from './names.ts'
import {
  containerRestart,
  oomScore,
  podConditions,
  podPhase,
  podQos,
  podResources,
  scaleDownOrder,
  toleration,
} from './pods.ts'
import { quantity } from './quantity.ts'
import { fieldSelector, labelSelector, nodeAffinity } from './selectors.ts'
import { backoff, cron, deploymentMath, jobIndexes } from './workloads.ts'
import type { Topic } from './topic.ts'

/** By file name. */
export const topics: Readonly<Record<string, Readonly<Record<string, (input: unknown) => unknown>>>> = {
  backoff,
  'container-restart': containerRestart,
  'controller-revision': controllerRevision,
  cron,
  'deployment-math': deploymentMath,
  durations,
  'event-correlator': eventCorrelator,
  eviction,
  'field-selector': fieldSelector,
  'int-or-string': intOrString,
  'job-indexes': jobIndexes,
  'label-selector': labelSelector,
  names,
  'node-affinity': nodeAffinity,
  'oom-score': oomScore,
  'pod-conditions': podConditions,
  'pod-phase': podPhase,
  'pod-qos': podQos,
  'pod-resources': podResources,
  'pod-template-hash': podTemplate,
  quantity,
  'scale-down-order': scaleDownOrder,
  toleration,
} satisfies Record<string, Topic> as never
