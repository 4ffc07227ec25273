import { podTemplateHash } from '../../../api/hash/pod-template-hash.ts'
import { structuralEqual } from '../../../api/json/structural-equal.ts'
import type { Draft } from '../../../api/object.ts'
import type { Deployment, ReplicaSet } from '../../../api/types/apps-v1.generated.ts'
import type { PodTemplateSpec } from '../../../api/types/core-v1.generated.ts'
import type { LabelSelector } from '../../../api/types/meta-v1.generated.ts'
import { newControllerReference } from '../../reconcile/controller-reference.ts'
import { newReplicaSetAnnotations } from './annotations.ts'
import { newReplicaSetSize } from './replica-math.ts'
import { byCreation } from './replica-set-order.ts'

export const templateHashLabel = 'pod-template-hash'

/** validation.DNS1123SubdomainMaxLength */
const maxNameLength = 253

type Labels = Readonly<Record<string, string>>

const withoutHash = (labels: Labels | undefined): Labels => {
  if (labels?.[templateHashLabel] === undefined) return labels ?? {}
  const { [templateHashLabel]: _hash, ...rest } = labels
  return rest
}

/** EqualIgnoreHash: two templates but for the label that the controller adds. */
export const sameTemplate = (a: PodTemplateSpec | undefined, b: PodTemplateSpec | undefined): boolean => {
  if (a === b) return true
  const { labels: labelsA, ...metaA } = a?.metadata ?? {}
  const { labels: labelsB, ...metaB } = b?.metadata ?? {}
  return (
    structuralEqual(a?.spec, b?.spec) &&
    structuralEqual(withoutHash(labelsA), withoutHash(labelsB)) &&
    structuralEqual(metaA, metaB)
  )
}

export interface SortedSets {
  readonly current: ReplicaSet | undefined
  /** Oldest first. */
  readonly old: readonly ReplicaSet[]
}

/** FindNewReplicaSet, FindOldReplicaSets: the oldest set with the Deployment's template is the new one. */
export const sortSets = (deployment: Deployment, sets: readonly ReplicaSet[]): SortedSets => {
  const sorted = [...sets].sort(byCreation)
  const current = sorted.find((set) => sameTemplate(set.spec?.template, deployment.spec?.template))
  return { current, old: sorted.filter((set) => set !== current) }
}

const withHashLabel = (selector: LabelSelector, hash: string): LabelSelector => ({
  ...selector,
  matchLabels: { ...selector.matchLabels, [templateHashLabel]: hash },
})

/** The ReplicaSet that getNewReplicaSet creates. */
export const draftReplicaSet = (
  deployment: Deployment,
  old: readonly ReplicaSet[],
  revision: number,
): Draft<ReplicaSet> => {
  const template = deployment.spec.template
  const hash = podTemplateHash(template, deployment.status?.collisionCount)
  const labels = { ...template.metadata?.labels, [templateHashLabel]: hash }
  const room = maxNameLength - 1 - hash.length
  const base = deployment.metadata.name ?? ''
  const minReadySeconds = deployment.spec?.minReadySeconds ?? 0
  return {
    apiVersion: 'apps/v1',
    kind: 'ReplicaSet',
    metadata: {
      name: `${base.slice(0, room)}-${hash}`,
      namespace: deployment.metadata.namespace ?? '',
      ownerReferences: [newControllerReference(deployment)],
      labels,
      annotations: newReplicaSetAnnotations(deployment, undefined, revision, false),
    },
    spec: {
      replicas: newReplicaSetSize(deployment, old, 0),
      ...(minReadySeconds === 0 ? {} : { minReadySeconds }),
      selector: withHashLabel(deployment.spec.selector, hash),
      template: { ...template, metadata: { ...template.metadata, labels } },
    },
  }
}
