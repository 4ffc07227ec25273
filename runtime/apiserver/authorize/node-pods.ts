import type { PersistentVolumeClaim, Pod } from '../../../api/types/core-v1.generated.ts'
import type { ServerContext } from '../server-context.ts'

/** Which objects the pods of a node refer to: the node authorizer's graph, as an index of pods by node. */
export interface NodePods {
  /** Kinds: `pods`, `secrets`, `configmaps`, `persistentvolumeclaims`, `persistentvolumes`, `serviceaccounts`, `resourceclaims`. */
  refersTo(node: string, kind: string, namespace: string, name: string): boolean
}

const volumeNames = (pod: Pod, kind: string): (string | undefined)[] => {
  const names: (string | undefined)[] = []
  for (const volume of pod.spec?.volumes ?? []) {
    if (kind === 'secrets') names.push(volume.secret?.secretName, volume.csi?.nodePublishSecretRef?.name)
    if (kind === 'configmaps') names.push(volume.configMap?.name)
    if (kind === 'persistentvolumeclaims') {
      names.push(
        volume.persistentVolumeClaim?.claimName,
        volume.ephemeral === undefined ? undefined : `${pod.metadata.name}-${volume.name}`,
      )
    }
    for (const source of volume.projected?.sources ?? [])
      names.push(kind === 'secrets' ? source.secret?.name : kind === 'configmaps' ? source.configMap?.name : undefined)
  }
  return names
}

const containerNames = (pod: Pod, kind: string): (string | undefined)[] => {
  const names: (string | undefined)[] = []
  const { spec } = pod
  for (const container of [
    ...(spec?.containers ?? []),
    ...(spec?.initContainers ?? []),
    ...(spec?.ephemeralContainers ?? []),
  ]) {
    for (const { valueFrom } of container.env ?? [])
      names.push(kind === 'secrets' ? valueFrom?.secretKeyRef?.name : valueFrom?.configMapKeyRef?.name)
    for (const { secretRef, configMapRef } of container.envFrom ?? [])
      names.push(kind === 'secrets' ? secretRef?.name : configMapRef?.name)
  }
  return names
}

const refers = (context: ServerContext, pod: Pod, kind: string, name: string): boolean => {
  switch (kind) {
    case 'pods':
      return pod.metadata.name === name
    case 'serviceaccounts':
      return (pod.spec?.serviceAccountName ?? '') === name
    case 'secrets':
      if ((pod.spec?.imagePullSecrets ?? []).some((one) => one.name === name)) return true
      return volumeNames(pod, kind).includes(name) || containerNames(pod, kind).includes(name)
    case 'configmaps':
      return volumeNames(pod, kind).includes(name) || containerNames(pod, kind).includes(name)
    case 'persistentvolumeclaims':
      return volumeNames(pod, kind).includes(name)
    case 'persistentvolumes':
      return volumeNames(pod, 'persistentvolumeclaims').some((claim) => {
        if (claim === undefined) return false
        const found = context.lookup('v1/PersistentVolumeClaim', pod.metadata.namespace, claim) as
          PersistentVolumeClaim | undefined
        return found?.spec?.volumeName === name
      })
    case 'resourceclaims':
      return [
        ...(pod.spec?.resourceClaims ?? []).map((one) => one.resourceClaimName),
        ...(pod.status?.resourceClaimStatuses ?? []).map((one) => one.resourceClaimName),
      ].includes(name)
    default:
      return false
  }
}

export const createNodePods = (context: ServerContext): NodePods => {
  const byNode = new Map<string, Map<string, Pod>>()
  const nodeOf = (pod: Pod | undefined): string => pod?.spec?.nodeName ?? ''
  const put = (key: string, pod: Pod | undefined): void => {
    const node = nodeOf(pod)
    if (pod === undefined || node === '') return
    let pods = byNode.get(node)
    if (pods === undefined) byNode.set(node, (pods = new Map<string, Pod>()))
    pods.set(key, pod)
  }
  const resource = context.scheme().byKind('v1/Pod')!
  context.etcd.table(resource).scan('', '', (row) => put(row.key, row.value as Pod))
  context.etcd.watch(resource, (events) => {
    for (const { key, before, value } of events) {
      if (value === undefined) byNode.get(nodeOf(before as Pod | undefined))?.delete(key)
      else put(key, value as Pod)
    }
  })
  return {
    refersTo(node, kind, namespace, name) {
      const pods = byNode.get(node)
      if (pods === undefined) return false
      if (kind === 'pods') return pods.has(`${namespace}/${name}`)
      for (const pod of pods.values()) {
        const here = kind === 'persistentvolumes' || pod.metadata.namespace === namespace
        if (here && refers(context, pod, kind, name)) return true
      }
      return false
    },
  }
}
