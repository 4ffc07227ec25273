import {
  mutatingBindingStrategy,
  mutatingPolicyStrategy,
  validatingBindingStrategy,
  validatingPolicyStrategy,
} from './admission-policy.ts'
import { certificateSigningRequestStrategy } from './certificate-signing-request.ts'
import { coreEventStrategy, typedEventStrategy } from './event.ts'
import { horizontalPodAutoscalerStrategy } from './horizontal-pod-autoscaler.ts'
import { ingressClassStrategy, ingressStrategy } from './ingress.ts'
import { networkPolicyStrategy } from './network-policy.ts'
import {
  leaseStrategy,
  podTemplateStrategy,
  priorityClassStrategy,
  runtimeClassStrategy,
  serviceAccountStrategy,
} from './small-kinds.ts'
import {
  csiDriverStrategy,
  csiNodeStrategy,
  csiStorageCapacityStrategy,
  storageClassStrategy,
  volumeAttachmentStrategy,
  volumeAttributesClassStrategy,
} from './storage.ts'
import { customResourceDefinitionStrategy } from './custom-resource-definition.ts'
import { webhookConfigurationStrategy } from './webhook-configuration.ts'
import { configMapStrategy, secretStrategy } from './config-map.ts'
import { controllerRevisionStrategy } from './controller-revision.ts'
import { cronJobStrategy } from './cron-job.ts'
import { daemonSetStrategy } from './daemon-set.ts'
import { deploymentStrategy } from './deployment.ts'
import { podDisruptionBudgetStrategy } from './disruption-budget.ts'
import { endpointSliceStrategy, endpointsStrategy } from './endpoints.ts'
import { jobStrategy } from './job.ts'
import { namespaceStrategy } from './namespace.ts'
import { nodeStrategy } from './node.ts'
import { persistentVolumeClaimStrategy } from './persistent-volume-claim.ts'
import { persistentVolumeStrategy } from './persistent-volume.ts'
import { podStrategy } from './pod.ts'
import { clusterRoleBindingStrategy, clusterRoleStrategy, roleBindingStrategy, roleStrategy } from './rbac.ts'
import { replicaSetStrategy } from './replica-set.ts'
import { replicationControllerStrategy } from './replication-controller.ts'
import { limitRangeStrategy, resourceQuotaStrategy } from './resource-quota.ts'
import { serviceStrategy } from './service.ts'
import { statefulSetStrategy } from './stateful-set.ts'
import type { Strategy } from './strategy.ts'

const none: Strategy = {}

/** By resource id. A kind that is not here has generic metadata checks only. */
const strategies: Readonly<Record<string, Strategy>> = {
  'v1/ConfigMap': configMapStrategy,
  'v1/Endpoints': endpointsStrategy,
  'v1/LimitRange': limitRangeStrategy,
  'v1/Namespace': namespaceStrategy,
  'v1/Node': nodeStrategy,
  'v1/PersistentVolume': persistentVolumeStrategy,
  'v1/PersistentVolumeClaim': persistentVolumeClaimStrategy,
  'v1/Pod': podStrategy,
  'v1/ResourceQuota': resourceQuotaStrategy,
  'v1/Secret': secretStrategy,
  'v1/Service': serviceStrategy,
  'policy/v1/PodDisruptionBudget': podDisruptionBudgetStrategy,
  'rbac.authorization.k8s.io/v1/ClusterRole': clusterRoleStrategy,
  'rbac.authorization.k8s.io/v1/ClusterRoleBinding': clusterRoleBindingStrategy,
  'rbac.authorization.k8s.io/v1/Role': roleStrategy,
  'rbac.authorization.k8s.io/v1/RoleBinding': roleBindingStrategy,
  'discovery.k8s.io/v1/EndpointSlice': endpointSliceStrategy,
  'v1/ReplicationController': replicationControllerStrategy,
  'apps/v1/ControllerRevision': controllerRevisionStrategy,
  'apps/v1/DaemonSet': daemonSetStrategy,
  'apps/v1/Deployment': deploymentStrategy,
  'apps/v1/ReplicaSet': replicaSetStrategy,
  'apps/v1/StatefulSet': statefulSetStrategy,
  'batch/v1/CronJob': cronJobStrategy,
  'batch/v1/Job': jobStrategy,
  'certificates.k8s.io/v1/CertificateSigningRequest': certificateSigningRequestStrategy,
  'v1/Event': coreEventStrategy,
  'events.k8s.io/v1/Event': typedEventStrategy,
  'autoscaling/v2/HorizontalPodAutoscaler': horizontalPodAutoscalerStrategy,
  'autoscaling/v1/HorizontalPodAutoscaler': horizontalPodAutoscalerStrategy,
  'networking.k8s.io/v1/Ingress': ingressStrategy,
  'networking.k8s.io/v1/IngressClass': ingressClassStrategy,
  'networking.k8s.io/v1/NetworkPolicy': networkPolicyStrategy,
  'coordination.k8s.io/v1/Lease': leaseStrategy,
  'v1/PodTemplate': podTemplateStrategy,
  'scheduling.k8s.io/v1/PriorityClass': priorityClassStrategy,
  'node.k8s.io/v1/RuntimeClass': runtimeClassStrategy,
  'v1/ServiceAccount': serviceAccountStrategy,
  'storage.k8s.io/v1/CSIDriver': csiDriverStrategy,
  'storage.k8s.io/v1/CSINode': csiNodeStrategy,
  'storage.k8s.io/v1/CSIStorageCapacity': csiStorageCapacityStrategy,
  'storage.k8s.io/v1/StorageClass': storageClassStrategy,
  'storage.k8s.io/v1/VolumeAttachment': volumeAttachmentStrategy,
  'storage.k8s.io/v1/VolumeAttributesClass': volumeAttributesClassStrategy,
  'apiextensions.k8s.io/v1/CustomResourceDefinition': customResourceDefinitionStrategy,
  'admissionregistration.k8s.io/v1/MutatingAdmissionPolicy': mutatingPolicyStrategy,
  'admissionregistration.k8s.io/v1/MutatingAdmissionPolicyBinding': mutatingBindingStrategy,
  'admissionregistration.k8s.io/v1/ValidatingAdmissionPolicy': validatingPolicyStrategy,
  'admissionregistration.k8s.io/v1/ValidatingAdmissionPolicyBinding': validatingBindingStrategy,
  'admissionregistration.k8s.io/v1/MutatingWebhookConfiguration': webhookConfigurationStrategy,
  'admissionregistration.k8s.io/v1/ValidatingWebhookConfiguration': webhookConfigurationStrategy,
}

export const strategyOf = (resourceId: string): Strategy => strategies[resourceId] ?? none
