import { finalizerWarnings } from '../../custom-resources/finalizer-warnings.ts'
import { ratchetWarnings } from '../../custom-resources/validate-custom.ts'
import type { KubeObject } from '../../object.ts'
import type { Resource } from '../../protocol/resource.ts'
import type { View } from '../view.ts'
import { labelSelectorWarnings } from './node-labels.ts'
import { balancerStatusWarnings, serviceWarnings } from './service.ts'
import * as small from './small-kinds.ts'
import * as workloads from './workloads.ts'

/** WarningsOnCreate and WarningsOnUpdate of a kind's strategies in pkg/registry. */
interface Warnings {
  readonly create?: (object: View) => readonly string[]
  readonly update?: (object: View, old: View) => readonly string[]
  /** Of the status subresource. */
  readonly status?: (object: View) => readonly string[]
}

const both = (of: (object: View) => readonly string[]): Warnings => ({ create: of, update: (object) => of(object) })
const templateOwner: Warnings = { create: workloads.templateOwnerCreate, update: workloads.templateOwnerUpdate }

/** By resource id. */
const kinds: Readonly<Record<string, Warnings>> = {
  'v1/Pod': { create: workloads.podCreateWarnings, status: small.podStatusWarnings },
  'v1/Service': { ...both(serviceWarnings), status: balancerStatusWarnings },
  'v1/Secret': both(small.secretWarnings),
  'v1/Node': both(small.nodeWarnings),
  'v1/PersistentVolume': both(small.persistentVolumeWarnings),
  'v1/PersistentVolumeClaim': both(small.persistentVolumeClaimWarnings),
  'v1/PodTemplate': { create: workloads.podTemplateCreate, update: workloads.podTemplateUpdate },
  'v1/ReplicationController': { create: workloads.templateOwnerCreate, update: workloads.replicationControllerUpdate },
  'v1/ResourceQuota': { create: small.resourceQuotaWarnings },
  'v1/ServiceAccount': {
    create: (object) => small.serviceAccountWarnings(object),
    update: small.serviceAccountWarnings,
  },
  'apps/v1/DaemonSet': { create: workloads.daemonSetCreate, update: workloads.daemonSetUpdate },
  'apps/v1/Deployment': templateOwner,
  'apps/v1/ReplicaSet': templateOwner,
  'apps/v1/StatefulSet': { create: workloads.statefulSetCreate, update: workloads.statefulSetUpdate },
  'batch/v1/CronJob': { create: workloads.cronJobCreate, update: workloads.cronJobUpdate },
  'batch/v1/Job': { create: workloads.jobCreate, update: workloads.jobUpdate },
  'discovery.k8s.io/v1/EndpointSlice': { create: small.endpointSliceCreate, update: small.endpointSliceUpdate },
  'networking.k8s.io/v1/Ingress': { create: small.ingressWarnings, status: balancerStatusWarnings },
  'networking.k8s.io/v1/NetworkPolicy': both(small.networkPolicyWarnings),
  'node.k8s.io/v1/RuntimeClass': both(small.runtimeClassWarnings),
  'storage.k8s.io/v1/CSIDriver': {
    create: (object) => small.csiDriverWarnings(object),
    update: small.csiDriverWarnings,
  },
  'storage.k8s.io/v1/CSIStorageCapacity': both((object) => labelSelectorWarnings(object, 'nodeTopology')),
  'storage.k8s.io/v1/StorageClass': both(small.storageClassWarnings),
}

const none: readonly string[] = Object.freeze([])

/** What a client is told about a new object that is taken all the same. */
export const warningsForCreate = (resource: Resource, object: KubeObject): readonly string[] =>
  resource.custom === undefined
    ? (kinds[resource.id]?.create?.(object as unknown as View) ?? none)
    : finalizerWarnings(object, undefined)

export const warningsForUpdate = (
  resource: Resource,
  object: KubeObject,
  old: KubeObject,
  subresource?: string,
): readonly string[] => {
  if (resource.custom !== undefined) return [...finalizerWarnings(object, old), ...ratchetWarnings(object)]
  const warnings = kinds[resource.id]
  if (warnings === undefined) return none
  const now = object as unknown as View
  if (subresource === undefined) return warnings.update?.(now, old as unknown as View) ?? none
  return (subresource === 'status' ? warnings.status?.(now) : undefined) ?? none
}

/** Whole kinds that are on their way out (APILifecycleDeprecated): every answer that a handler gives says so. */
const retiring: Readonly<Record<string, string>> = {
  'v1/ComponentStatus': 'v1 ComponentStatus is deprecated in v1.19+',
  'v1/Endpoints': 'v1 Endpoints is deprecated in v1.33+; use discovery.k8s.io/v1 EndpointSlice',
}
export const deprecationOf = (resource: Resource): string | undefined =>
  resource.custom === undefined ? retiring[resource.id] : resource.custom.deprecation
