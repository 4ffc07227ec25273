import { millisecond, minute, second, type Micros } from '../kernel/micros.ts'
import type { EvictionThreshold } from '../../api/nodes/eviction-thresholds.ts'
import { parseShutdownPeriods, shutdownPeriods, type ShutdownPeriod } from '../../api/nodes/shutdown-periods.ts'
import { featureGates } from '../../api/feature-gates.ts'
import { evictionThresholds } from './eviction-config.ts'
import type { TopologyPolicy } from './topology.ts'
import { parseGoDuration } from './go-duration.ts'

/** KubeletConfiguration (kubelet.config.k8s.io/v1beta1), as far as it is modelled; upstream's names and defaults. */
export interface KubeletConfig {
  readonly maxPods: number | undefined
  readonly serializeImagePulls: boolean
  /** Where they are not serialized; undefined: any number. */
  readonly maxParallelImagePulls: number | undefined
  /** KubeletEnsureSecretPulledImages (on since 1.35): an image is for who shows what it was pulled with. */
  readonly ensuresSecretPulledImages: boolean
  /** Pulls a second and at once; 0 for no limit. */
  readonly registryPullQPS: number
  readonly registryBurst: number
  readonly maxContainerRestartPeriod: Micros
  readonly nodeStatusUpdateFrequency: Micros
  readonly nodeStatusReportFrequency: Micros
  readonly nodeLeaseDurationSeconds: number
  /** Limit of the client for pods and everything but heartbeats. */
  readonly kubeAPIQPS: number
  readonly kubeAPIBurst: number
  readonly evictionThresholds: readonly EvictionThreshold[]
  /** For soft thresholds, in seconds. */
  readonly evictionMaxPodGracePeriod: number
  readonly imageGCHighThresholdPercent: number
  readonly imageGCLowThresholdPercent: number
  readonly imageMinimumGCAge: Micros
  /** What is unused for longer goes whatever the disk holds; 0: never. */
  readonly imageMaximumGCAge: Micros
  readonly cpuManagerPolicy: 'none' | 'static'
  readonly topologyManagerPolicy: TopologyPolicy
  /** 0: no limit by cores. */
  readonly podsPerCore: number
  readonly evictionPressureTransitionPeriod: Micros
  /** What pods get when the node shuts down, from the lowest priority to the highest; none: it goes off without this kubelet. */
  readonly shutdownPeriods: readonly ShutdownPeriod[]
  /** pkg/kubelet/kubelet.go: plegRelistPeriod. */
  readonly relistPeriod: Micros
  /** How long the relist of one pod on demand takes; on a real clock it is never nothing. */
  readonly relistTakes: Micros
  /** PLEGOnDemandRelist (on since 1.36). */
  readonly relistOnDemand: boolean
  /** NodeDeclaredFeatures (on since 1.36). */
  readonly declaresFeatures: boolean
  readonly syncPeriod: Micros
  readonly housekeepingPeriod: Micros
  /** Start of the sync loop's tickers after the start of the PLEG. */
  readonly loopDelay: Micros
  readonly resyncInterval: Micros
  readonly backOffPeriod: Micros
  /** Node status is reported every nodeStatusReportFrequency even if nothing changed, as upstream does. */
  readonly eagerHeartbeats: boolean
}

export const defaultKubeletConfig: KubeletConfig = Object.freeze({
  maxPods: undefined,
  serializeImagePulls: true,
  maxParallelImagePulls: undefined,
  ensuresSecretPulledImages: true,
  registryPullQPS: 5,
  registryBurst: 10,
  maxContainerRestartPeriod: 5 * minute,
  nodeStatusUpdateFrequency: 10 * second,
  nodeStatusReportFrequency: 5 * minute,
  nodeLeaseDurationSeconds: 40,
  kubeAPIQPS: 50,
  kubeAPIBurst: 100,
  evictionThresholds: evictionThresholds({
    hard: undefined,
    soft: undefined,
    softGracePeriod: undefined,
    minimumReclaim: undefined,
  }),
  evictionMaxPodGracePeriod: 0,
  imageGCHighThresholdPercent: 85,
  imageGCLowThresholdPercent: 80,
  imageMinimumGCAge: 2 * minute,
  imageMaximumGCAge: 0,
  podsPerCore: 0,
  cpuManagerPolicy: 'none',
  topologyManagerPolicy: 'none',
  evictionPressureTransitionPeriod: 5 * minute,
  shutdownPeriods: [],
  relistPeriod: second,
  relistTakes: millisecond,
  relistOnDemand: true,
  declaresFeatures: true,
  syncPeriod: second,
  housekeepingPeriod: 2 * second,
  loopDelay: 100 * millisecond,
  resyncInterval: minute,
  backOffPeriod: 10 * second,
  eagerHeartbeats: false,
})

const topologyPolicies = ['none', 'best-effort', 'restricted', 'single-numa-node'] as const

/** Settings of a scenario's `kubelet` block (flag or configuration field, either spelling). Unknown ones are not the kubelet's to judge. */
export const kubeletConfig = (
  flags: Readonly<Record<string, string>>,
  base: KubeletConfig = defaultKubeletConfig,
): KubeletConfig => {
  const said = (camel: string, kebab: string): string | undefined => flags[camel] ?? flags[kebab]
  const duration = (camel: string, kebab: string): Micros | undefined => {
    const text = said(camel, kebab)
    return text === undefined ? undefined : parseGoDuration(text)
  }
  const integer = (camel: string, kebab: string): number | undefined => {
    const text = said(camel, kebab)
    return text === undefined ? undefined : Number.parseInt(text, 10)
  }
  const eviction = [
    said('evictionHard', 'eviction-hard'),
    said('evictionSoft', 'eviction-soft'),
    said('evictionSoftGracePeriod', 'eviction-soft-grace-period'),
    said('evictionMinimumReclaim', 'eviction-minimum-reclaim'),
  ] as const
  const gate = featureGates(flags)
  const shutdown = (): readonly ShutdownPeriod[] => {
    if (gate('GracefulNodeShutdown') === false) return []
    const seconds = (camel: string, kebab: string): number => (duration(camel, kebab) ?? 0) / second
    const byPriority = said('shutdownGracePeriodByPodPriority', 'shutdown-grace-period-by-pod-priority')
    return shutdownPeriods(
      seconds('shutdownGracePeriod', 'shutdown-grace-period'),
      seconds('shutdownGracePeriodCriticalPods', 'shutdown-grace-period-critical-pods'),
      byPriority === undefined ? [] : (parseShutdownPeriods(byPriority) ?? []),
    )
  }
  const maxPods = said('maxPods', 'max-pods')
  const parallel = integer('maxParallelImagePulls', 'max-parallel-image-pulls')
  const serialize = said('serializeImagePulls', 'serialize-image-pulls')
  const qps = said('kubeAPIQPS', 'kube-api-qps')
  const burst = said('kubeAPIBurst', 'kube-api-burst')
  const lease = said('nodeLeaseDurationSeconds', 'node-lease-duration-seconds')
  return {
    ...base,
    relistOnDemand: gate('PLEGOnDemandRelist') ?? base.relistOnDemand,
    ensuresSecretPulledImages: gate('KubeletEnsureSecretPulledImages') ?? base.ensuresSecretPulledImages,
    declaresFeatures: gate('NodeDeclaredFeatures') ?? base.declaresFeatures,
    shutdownPeriods: shutdown(),
    maxPods: maxPods === undefined ? base.maxPods : Number.parseInt(maxPods, 10),
    // SetDefaults_KubeletConfiguration: more than one at a time is not serialized.
    serializeImagePulls:
      serialize === undefined ? base.serializeImagePulls && (parallel ?? 1) < 2 : serialize !== 'false',
    maxParallelImagePulls: parallel ?? base.maxParallelImagePulls,
    registryPullQPS: integer('registryPullQPS', 'registry-qps') ?? base.registryPullQPS,
    registryBurst: integer('registryBurst', 'registry-burst') ?? base.registryBurst,
    nodeLeaseDurationSeconds: lease === undefined ? base.nodeLeaseDurationSeconds : Number.parseInt(lease, 10),
    kubeAPIQPS: qps === undefined ? base.kubeAPIQPS : Number(qps),
    kubeAPIBurst: burst === undefined ? base.kubeAPIBurst : Number.parseInt(burst, 10),
    maxContainerRestartPeriod:
      duration('maxContainerRestartPeriod', 'max-container-restart-period') ?? base.maxContainerRestartPeriod,
    nodeStatusUpdateFrequency:
      duration('nodeStatusUpdateFrequency', 'node-status-update-frequency') ?? base.nodeStatusUpdateFrequency,
    nodeStatusReportFrequency:
      duration('nodeStatusReportFrequency', 'node-status-report-frequency') ?? base.nodeStatusReportFrequency,
    evictionThresholds: eviction.every((text) => text === undefined)
      ? base.evictionThresholds
      : evictionThresholds({
          hard: eviction[0],
          soft: eviction[1],
          softGracePeriod: eviction[2],
          minimumReclaim: eviction[3],
        }),
    evictionMaxPodGracePeriod:
      integer('evictionMaxPodGracePeriod', 'eviction-max-pod-grace-period') ?? base.evictionMaxPodGracePeriod,
    imageGCHighThresholdPercent:
      integer('imageGCHighThresholdPercent', 'image-gc-high-threshold') ?? base.imageGCHighThresholdPercent,
    imageGCLowThresholdPercent:
      integer('imageGCLowThresholdPercent', 'image-gc-low-threshold') ?? base.imageGCLowThresholdPercent,
    imageMinimumGCAge: duration('imageMinimumGCAge', 'image-minimum-gc-age') ?? base.imageMinimumGCAge,
    imageMaximumGCAge: duration('imageMaximumGCAge', 'image-maximum-gc-age') ?? base.imageMaximumGCAge,
    cpuManagerPolicy: said('cpuManagerPolicy', 'cpu-manager-policy') === 'static' ? 'static' : base.cpuManagerPolicy,
    topologyManagerPolicy:
      topologyPolicies.find((one) => one === said('topologyManagerPolicy', 'topology-manager-policy')) ??
      base.topologyManagerPolicy,
    podsPerCore: integer('podsPerCore', 'pods-per-core') ?? base.podsPerCore,
    resyncInterval: duration('syncFrequency', 'sync-frequency') ?? base.resyncInterval,
    evictionPressureTransitionPeriod:
      duration('evictionPressureTransitionPeriod', 'eviction-pressure-transition-period') ??
      base.evictionPressureTransitionPeriod,
  }
}
