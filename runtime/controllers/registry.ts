import { featureGates } from '../../api/feature-gates.ts'
import type { Controller } from '../reconcile/controller.ts'
import type { Cloud } from '../cloud/cloud.ts'
import { cloudNodeController } from './cloud-node/controller.ts'
import { cloudNodeLifecycle } from './cloud-node-lifecycle/controller.ts'
import { clusterRoleAggregation } from './clusterrole-aggregation/controller.ts'
import { cronJobController } from './cronjob/controller.ts'
import { daemonSetController } from './daemonset/controller.ts'
import { deploymentController } from './deployment/controller.ts'
import { disruptionController } from './disruption/controller.ts'
import { endpointsController } from './endpoints/controller.ts'
import { endpointSliceController } from './endpointslice/controller.ts'
import { endpointSliceMirroring } from './endpointslice-mirroring/controller.ts'
import { ephemeralVolumeController } from './ephemeral-volume/controller.ts'
import { garbageCollectorController } from './garbage-collector/controller.ts'
import { horizontalPodAutoscaler } from './horizontal-pod-autoscaler/controller.ts'
import { jobController } from './job/controller.ts'
import { namespaceController } from './namespace/controller.ts'
import { nodeIpamController } from './node-ipam/controller.ts'
import { nodeLifecycleController } from './node-lifecycle/controller.ts'
import { persistentVolumeBinder } from './persistentvolume-binder/controller.ts'
import { persistentVolumeExpander } from './persistentvolume-expander/controller.ts'
import { podGarbageCollector } from './pod-gc/controller.ts'
import { replicaSetController } from './replicaset/controller.ts'
import { replicationController } from './replicaset/replication-controller.ts'
import { resourceClaimController } from './resourceclaim/controller.ts'
import { resourceQuotaController } from './resourcequota/controller.ts'
import { rootCaPublisher } from './root-ca-publisher/controller.ts'
import { routeController } from './route/controller.ts'
import { serviceController } from './service/controller.ts'
import { serviceAccountController } from './serviceaccount/controller.ts'
import { serviceAccountTokenController } from './serviceaccount-token/controller.ts'
import { statefulSetController } from './statefulset/controller.ts'
import { taintEvictionController } from './taint-eviction/controller.ts'
import { ttlController } from './ttl/controller.ts'
import { ttlAfterFinishedController } from './ttl-after-finished/controller.ts'
import { claimProtection } from './volume-protection/claim-protection.ts'
import { volumeProtection } from './volume-protection/volume-protection.ts'

/** kube-controller-manager's flags by upstream's names, without dashes; absent ones have upstream's defaults. */
export type ControllerFlags = Readonly<Record<string, string>>

const count = (flags: ControllerFlags, name: string, preset: number): number => Number(flags[name] ?? preset)

const unit = { ms: 1_000, s: 1_000_000, m: 60_000_000, h: 3_600_000_000 } as const

/** A flag that is a duration (`40s`, `1m30s`), in microseconds. */
const duration = (flags: ControllerFlags, name: string, preset: number): number => {
  const text = flags[name]
  if (text === undefined) return preset
  let total = 0
  for (const [, value, suffix] of text.matchAll(/([0-9.]+)(ms|s|m|h)/g))
    total += Number(value) * unit[suffix as keyof typeof unit]
  return Math.round(total)
}

const terminatingGate = 'DeploymentReplicaSetTerminatingReplicas'

/** StaleControllerConsistency, which came with 1.36, has a gate for each controller that knows it. */
const consistencyGates: Readonly<Record<string, string>> = {
  'daemonset-controller': 'StaleControllerConsistencyDaemonSet',
  'job-controller': 'StaleControllerConsistencyJob',
  'replicaset-controller': 'StaleControllerConsistencyReplicaSet',
  'statefulset-controller': 'StaleControllerConsistencyStatefulSet',
}

/** Controllers by upstream's names (`--controllers`), in the order in which they start. */
const factories: Readonly<Record<string, (flags: ControllerFlags) => Controller | undefined>> = {
  'endpoints-controller': (flags) => endpointsController(count(flags, 'concurrent-endpoint-syncs', 5)),
  'endpointslice-controller': (flags) =>
    endpointSliceController(
      count(flags, 'concurrent-service-endpoint-syncs', 5),
      count(flags, 'max-endpoints-per-slice', 100),
    ),
  'endpointslice-mirroring-controller': (flags) =>
    endpointSliceMirroring(
      count(flags, 'mirroring-concurrent-service-endpoint-syncs', 5),
      count(flags, 'mirroring-max-endpoints-per-subset', 1000),
    ),
  'replicationcontroller-controller': (flags) => replicationController(count(flags, 'concurrent-rc-syncs', 5)),
  'resourcequota-controller': (flags) =>
    resourceQuotaController(
      count(flags, 'concurrent-resource-quota-syncs', 5),
      duration(flags, 'resource-quota-sync-period', 300_000_000),
    ),
  'namespace-controller': (flags) => namespaceController(count(flags, 'concurrent-namespace-syncs', 10)),
  'serviceaccount-controller': () => serviceAccountController(),
  'serviceaccount-token-controller': (flags) =>
    serviceAccountTokenController(count(flags, 'concurrent-serviceaccount-token-syncs', 5)),
  'clusterrole-aggregation-controller': () => clusterRoleAggregation(),
  'ttl-controller': () => ttlController(),
  'node-ipam-controller': (flags) =>
    flags['allocate-node-cidrs'] === 'true'
      ? nodeIpamController(flags['cluster-cidr'], count(flags, 'node-cidr-mask-size', 24))
      : undefined,
  'root-ca-certificate-publisher-controller': () => rootCaPublisher(),
  'pod-garbage-collector-controller': (flags) =>
    podGarbageCollector(count(flags, 'terminated-pod-gc-threshold', 12_500)),
  'node-lifecycle-controller': (flags) =>
    nodeLifecycleController({
      monitorPeriod: duration(flags, 'node-monitor-period', 5_000_000),
      monitorGracePeriod: duration(flags, 'node-monitor-grace-period', 50_000_000),
      startupGracePeriod: duration(flags, 'node-startup-grace-period', 60_000_000),
      evictionRate: count(flags, 'node-eviction-rate', 0.1),
      secondaryEvictionRate: count(flags, 'secondary-node-eviction-rate', 0.01),
      largeClusterThreshold: count(flags, 'large-cluster-size-threshold', 50),
      unhealthyZoneThreshold: count(flags, 'unhealthy-zone-threshold', 0.55),
    }),
  'taint-eviction-controller': () => taintEvictionController(),
  'garbage-collector-controller': (flags) => garbageCollectorController(count(flags, 'concurrent-gc-syncs', 20)),
  'daemonset-controller': (flags) => daemonSetController(count(flags, 'concurrent-daemonset-syncs', 2)),
  'job-controller': (flags) => jobController(count(flags, 'concurrent-job-syncs', 5)),
  'deployment-controller': (flags) =>
    deploymentController(
      count(flags, 'concurrent-deployment-syncs', 5),
      featureGates(flags)(terminatingGate) !== false,
    ),
  'replicaset-controller': (flags) =>
    replicaSetController(
      count(flags, 'concurrent-replicaset-syncs', 5),
      featureGates(flags)(terminatingGate) !== false,
    ),
  'horizontal-pod-autoscaler-controller': (flags) =>
    horizontalPodAutoscaler(
      {
        syncPeriod: duration(flags, 'horizontal-pod-autoscaler-sync-period', 15_000_000),
        downscaleStabilization: duration(flags, 'horizontal-pod-autoscaler-downscale-stabilization', 300_000_000),
        tolerance: count(flags, 'horizontal-pod-autoscaler-tolerance', 0.1),
        cpuInitializationPeriod: duration(flags, 'horizontal-pod-autoscaler-cpu-initialization-period', 300_000_000),
        initialReadinessDelay: duration(flags, 'horizontal-pod-autoscaler-initial-readiness-delay', 30_000_000),
      },
      count(flags, 'concurrent-horizontal-pod-autoscaler-syncs', 5),
    ),
  'disruption-controller': () => disruptionController(),
  'cronjob-controller': (flags) => cronJobController(count(flags, 'concurrent-cron-job-syncs', 5)),
  'ttl-after-finished-controller': (flags) =>
    ttlAfterFinishedController(count(flags, 'concurrent-ttl-after-finished-syncs', 5)),
  'persistentvolume-binder-controller': (flags) =>
    persistentVolumeBinder(duration(flags, 'pvclaimbinder-sync-period', 15_000_000)),
  'persistentvolume-expander-controller': () => persistentVolumeExpander(),
  'persistentvolumeclaim-protection-controller': () => claimProtection(),
  'persistentvolume-protection-controller': () => volumeProtection(),
  'ephemeral-volume-controller': (flags) =>
    ephemeralVolumeController(count(flags, 'concurrent-ephemeralvolume-syncs', 5)),
  'resourceclaim-controller': (flags) => resourceClaimController(count(flags, 'concurrent-resource-claim-syncs', 50)),
  'statefulset-controller': (flags) => statefulSetController(count(flags, 'concurrent-statefulset-syncs', 5)),
}

/** The controllers of a cloud-controller-manager with these flags (k8s.io/cloud-provider app/core.go), in the order of their start. */
export const cloudControllers = (cloud: Cloud, flags: ControllerFlags, routed: boolean): readonly Controller[] => [
  cloudNodeController(cloud, {
    workers: count(flags, 'concurrent-node-syncs', 1),
    statusUpdateFrequency: duration(flags, 'node-status-update-frequency', 300_000_000),
  }),
  cloudNodeLifecycle(cloud, duration(flags, 'node-monitor-period', 5_000_000)),
  serviceController(cloud, count(flags, 'concurrent-service-syncs', 1)),
  ...(routed && flags['configure-cloud-routes'] !== 'false'
    ? [routeController(cloud, duration(flags, 'route-reconciliation-period', 10_000_000))]
    : []),
]

/** `--controllers`: `*` is all that are on by default, `foo` takes one, `-foo` leaves one out; the first word that speaks of it counts. */
const chosen = (name: string, list: readonly string[]): boolean => {
  for (const word of list) {
    if (word === name) return true
    if (word === `-${name}`) return false
  }
  return list.includes('*')
}

/** The controllers of a kube-controller-manager with these flags. */
export const builtinControllers = (flags: ControllerFlags = {}): readonly Controller[] => {
  const list = (flags['controllers'] ?? '*').split(',').map((word) => word.trim())
  return Object.entries(factories)
    .filter(([name]) => chosen(name, list))
    .map(([, create]) => create(flags))
    .filter((one) => one !== undefined)
    .map((one) => {
      const gate = consistencyGates[one.name]
      return gate === undefined || featureGates(flags)(gate) !== false ? one : { ...one, readsItsWrites: false }
    })
}
