import type { KubeObject } from '../../api/object.ts'
import type { Node, Pod } from '../../api/types/core-v1.generated.ts'
import { defaultConfiguration, type SchedulerConfiguration } from './config/configuration.ts'
import { createEngine } from './engine.ts'
import type { Listers } from './framework.ts'
import type { SchedulingVerdict } from '../record/scheduling-verdict.ts'
import { verdictOf } from './verdict.ts'

export interface WhatIf {
  readonly configuration: SchedulerConfiguration
  /** What the cluster holds: nodes, pods, claims and whatever else the plugins read. */
  readonly objects: readonly KubeObject[]
  readonly pods: readonly Pod[]
  /** Microseconds since 1970. */
  readonly now: number
}

/** Why a scheduler with this configuration would not start; undefined if it would. */
export const configurationTrouble = ({ profiles }: SchedulerConfiguration): string | undefined => {
  const nobody = { get: () => undefined, list: () => [] }
  const engine = createEngine({
    configuration: { ...defaultConfiguration, profiles },
    listers: nobody,
    now: () => 0,
    choose: () => 0,
  })
  const broken = engine.frameworks.find((one) => one.error !== undefined)
  return broken === undefined
    ? undefined
    : `initializing profiles: creating profile for scheduler name ${broken.schedulerName}: ${broken.error ?? ''}`
}

/** `verdict` is undefined for a pod that does not get as far as an attempt: `gate` says what holds it back. */
export interface WhatIfAnswer {
  readonly pod: Pod
  readonly verdict: SchedulingVerdict | undefined
  readonly gate: string | undefined
}

const listersOf = (objects: readonly KubeObject[]): Listers => {
  const kinds = new Map<string, KubeObject[]>()
  const byKey = new Map<string, KubeObject>()
  for (const object of objects) {
    const kind = `${object.apiVersion}/${object.kind}`
    const known = kinds.get(kind)
    if (known === undefined) kinds.set(kind, [object])
    else known.push(object)
    byKey.set(`${kind} ${object.metadata.namespace ?? ''}/${object.metadata.name}`, object)
  }
  const none: readonly KubeObject[] = []
  return {
    get: (kind, namespace, name) => byKey.get(`${kind} ${namespace}/${name}`),
    list: (kind, namespace) => {
      const all = kinds.get(kind) ?? none
      return namespace === undefined ? all : all.filter((one) => one.metadata.namespace === namespace)
    },
  }
}

/** The scheduler's answer for pods that are not there yet, one after the other: each sees where those before it went. */
export const scheduleWhatIf = ({ configuration, objects, pods, now }: WhatIf): readonly WhatIfAnswer[] => {
  const keyed = [...objects].sort((a, b) => {
    const keyOf = ({ metadata }: KubeObject): string => `${metadata.namespace ?? ''}/${metadata.name}`
    return keyOf(a) < keyOf(b) ? -1 : keyOf(a) > keyOf(b) ? 1 : 0
  })
  const engine = createEngine({
    configuration,
    listers: listersOf([...keyed, ...pods]),
    now: () => now,
    choose: () => 0,
    explain: () => true,
  })
  for (const object of keyed) if (object.kind === 'Node') engine.nodeAdded(object as Node)
  for (const object of keyed) {
    const pod = object as Pod
    const ended = pod.status?.phase === 'Succeeded' || pod.status?.phase === 'Failed'
    // Other pods that wait are not in question; only their nominations count, and those come with their status.
    if (object.kind === 'Pod' && !ended && (pod.spec.nodeName ?? '') !== '') engine.podAdded(pod)
  }
  return pods.map((pod) => {
    engine.podAdded(pod)
    const attempt = engine.attempt()
    if (attempt === undefined || attempt.kind === 'idle') {
      const waiting = engine.queue.waiting().unschedulable.find((one) => one.pod === pod)
      const gate = waiting === undefined ? undefined : engine.frameworkOf(pod).preEnqueue(waiting)
      return { pod, verdict: undefined, gate: gate?.reasons.join(', ') }
    }
    if (attempt.kind === 'placed') engine.bindingBegins(attempt.pod)
    else if (attempt.kind === 'failed') engine.queue.done(pod.metadata.uid)
    return { pod, verdict: verdictOf(engine.nodes, attempt), gate: undefined }
  })
}
