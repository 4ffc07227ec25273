import type { Defaulters } from './defaulter.ts'
import { change, fillNil, fillZero, type Fields } from './fill.ts'

const apps = 'io.k8s.api.apps.v1.'

const rolling = (strategy: Fields, defaults: Fields): Fields => {
  const out = fillZero(strategy, { type: 'RollingUpdate' })
  return out['type'] === 'RollingUpdate'
    ? change(out, 'rollingUpdate', (update) => fillNil(update ?? {}, defaults))
    : out
}

const statefulStrategy = (strategy: Fields): Fields => {
  const out =
    strategy['type'] === undefined
      ? fillNil(fillZero(strategy, { type: 'RollingUpdate' }), { rollingUpdate: {} })
      : strategy
  const update = out['rollingUpdate']
  if (out['type'] !== 'RollingUpdate' || update === undefined) return out
  return change(out, 'rollingUpdate', (value) => fillNil(value ?? {}, { partition: 0 }))
}

const spec =
  (by: (value: Fields) => Fields) =>
  (value: Fields): Fields =>
    change(value, 'spec', (one) => by(one ?? {}))

const generationAnnotation = 'deprecated.daemonset.template.generation'

/** The internal spec.templateGeneration is an annotation on the wire, written even when it is 0. */
const daemonSet =
  (by: (value: Fields) => Fields) =>
  (value: Fields): Fields =>
    change(spec(by)(value), 'metadata', (metadata) =>
      change(metadata ?? {}, 'annotations', (annotations) =>
        fillNil(annotations ?? {}, { [generationAnnotation]: '0' }),
      ),
    )

/** pkg/apis/apps/v1/defaults.go */
export const appsDefaulters: Defaulters = {
  [`${apps}Deployment`]: spec((value) =>
    fillNil(
      change(value, 'strategy', (strategy) => rolling(strategy ?? {}, { maxUnavailable: '25%', maxSurge: '25%' })),
      { replicas: 1, revisionHistoryLimit: 10, progressDeadlineSeconds: 600 },
    ),
  ),
  [`${apps}DaemonSet`]: daemonSet((value) =>
    fillNil(
      change(value, 'updateStrategy', (strategy) => rolling(strategy ?? {}, { maxUnavailable: 1, maxSurge: 0 })),
      { revisionHistoryLimit: 10 },
    ),
  ),
  [`${apps}StatefulSet`]: spec((value) =>
    fillNil(
      change(
        change(fillZero(value, { podManagementPolicy: 'OrderedReady' }), 'updateStrategy', (strategy) =>
          statefulStrategy(strategy ?? {}),
        ),
        'persistentVolumeClaimRetentionPolicy',
        (policy) => fillZero(policy ?? {}, { whenDeleted: 'Retain', whenScaled: 'Retain' }),
      ),
      { replicas: 1, revisionHistoryLimit: 10 },
    ),
  ),
  [`${apps}ReplicaSet`]: spec((value) => fillNil(value, { replicas: 1 })),
}
