import type { StatefulSet } from '../../../api/types/apps-v1.generated.ts'
import type { PersistentVolumeClaim, Pod, Volume } from '../../../api/types/core-v1.generated.ts'
import { podFromTemplate } from '../../reconcile/pod-control.ts'

// pkg/controller/statefulset/stateful_set_utils.go: names, ordinals and storage of a set's pods.

export const revisionLabel = 'controller-revision-hash'
const podNameLabel = 'statefulset.kubernetes.io/pod-name'
const podIndexLabel = 'apps.kubernetes.io/pod-index'

/** getParentNameAndOrdinal; ordinal -1 for a name that has none. */
export const parentAndOrdinal = (name: string): { readonly parent: string; readonly ordinal: number } => {
  const match = /^(.*)-([0-9]+)$/s.exec(name)
  if (match === null) return { parent: '', ordinal: -1 }
  const ordinal = Number(match[2])
  return { parent: match[1]!, ordinal: ordinal > 2147483647 ? -1 : ordinal }
}

export const ordinalOf = (pod: Pod): number => parentAndOrdinal(pod.metadata.name ?? '').ordinal

export const startOrdinal = (set: StatefulSet): number => set.spec.ordinals?.start ?? 0

export const replicasOf = (set: StatefulSet): number => set.spec.replicas ?? 1

export const inOrdinalRange = (set: StatefulSet, pod: Pod): boolean => {
  const ordinal = ordinalOf(pod)
  return ordinal >= startOrdinal(set) && ordinal < startOrdinal(set) + replicasOf(set)
}

export const podRevision = (pod: Pod): string => pod.metadata.labels?.[revisionLabel] ?? ''

export const claimName = (set: StatefulSet, template: PersistentVolumeClaim, ordinal: number): string =>
  `${template.metadata.name ?? ''}-${set.metadata.name ?? ''}-${ordinal}`

/** getPersistentVolumeClaims, in the order of the templates (upstream's is that of a map). */
export const claimsOf = (set: StatefulSet, ordinal: number): readonly PersistentVolumeClaim[] =>
  (set.spec.volumeClaimTemplates ?? []).map((template) => ({
    ...template,
    apiVersion: 'v1',
    kind: 'PersistentVolumeClaim',
    metadata: {
      ...template.metadata,
      name: claimName(set, template, ordinal),
      namespace: set.metadata.namespace ?? '',
      ...(template.metadata.labels === undefined && set.spec.selector.matchLabels === undefined
        ? {}
        : { labels: { ...template.metadata.labels, ...set.spec.selector.matchLabels } }),
    },
  }))

export const identityMatches = (set: StatefulSet, pod: Pod): boolean => {
  const name = pod.metadata.name ?? ''
  const { parent, ordinal } = parentAndOrdinal(name)
  return (
    ordinal >= 0 &&
    set.metadata.name === parent &&
    name === `${parent}-${ordinal}` &&
    pod.metadata.labels?.[podNameLabel] === name
  )
}

export const storageMatches = (set: StatefulSet, pod: Pod): boolean => {
  const ordinal = ordinalOf(pod)
  if (ordinal < 0) return false
  return (set.spec.volumeClaimTemplates ?? []).every((template) =>
    (pod.spec.volumes ?? []).some(
      (volume) =>
        volume.name === template.metadata.name &&
        volume.persistentVolumeClaim?.claimName === claimName(set, template, ordinal),
    ),
  )
}

/** updateIdentity */
export const withIdentity = <P extends Pod>(set: StatefulSet, pod: P): P => {
  const ordinal = ordinalOf(pod)
  const name = `${set.metadata.name ?? ''}-${ordinal}`
  const labels = { ...pod.metadata.labels, [podNameLabel]: name, [podIndexLabel]: String(ordinal) }
  return { ...pod, metadata: { ...pod.metadata, name, namespace: set.metadata.namespace ?? '', labels } }
}

/** updateStorage: the claims' volumes first. */
export const withStorage = <P extends Pod>(set: StatefulSet, pod: P): P => {
  const templates = set.spec.volumeClaimTemplates ?? []
  const names = templates.map((template) => template.metadata.name ?? '')
  const volumes: Volume[] = templates.map((template) => ({
    name: template.metadata.name ?? '',
    persistentVolumeClaim: { claimName: claimName(set, template, ordinalOf(pod)) },
  }))
  for (const volume of pod.spec.volumes ?? []) if (!names.includes(volume.name)) volumes.push(volume)
  if (volumes.length === 0) return pod
  return { ...pod, spec: { ...pod.spec, volumes } }
}

/** A pod that is to be created: it has no status, so no phase. */
export const newPod = (set: StatefulSet, ordinal: number, revision: string): Pod => {
  const draft = podFromTemplate(set.spec.template, set) as unknown as Pod
  const named = { ...draft, metadata: { ...draft.metadata, name: `${set.metadata.name ?? ''}-${ordinal}` } }
  const pod = withStorage(set, withIdentity(set, named))
  const subdomain = set.spec.serviceName ?? ''
  return {
    ...pod,
    metadata: { ...pod.metadata, labels: { ...pod.metadata.labels, [revisionLabel]: revision } },
    spec: { ...pod.spec, hostname: pod.metadata.name ?? '', ...(subdomain === '' ? {} : { subdomain }) },
  }
}
