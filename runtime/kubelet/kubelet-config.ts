import { millisecond, minute, second, type Micros } from '../kernel/micros.ts'
import { featureGates } from '../../api/feature-gates.ts'
import { parseGoDuration } from './go-duration.ts'

/** KubeletConfiguration (kubelet.config.k8s.io/v1beta1), as far as it is modelled; upstream's names and defaults. */
export interface KubeletConfig {
  readonly maxPods: number | undefined
  readonly serializeImagePulls: boolean
  readonly maxContainerRestartPeriod: Micros
  readonly nodeStatusUpdateFrequency: Micros
  readonly nodeStatusReportFrequency: Micros
  readonly nodeLeaseDurationSeconds: number
  /** Limit of the client for pods and everything but heartbeats. */
  readonly kubeAPIQPS: number
  readonly kubeAPIBurst: number
  readonly evictionHardMemory: number
  readonly evictionPressureTransitionPeriod: Micros
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
  maxContainerRestartPeriod: 5 * minute,
  nodeStatusUpdateFrequency: 10 * second,
  nodeStatusReportFrequency: 5 * minute,
  nodeLeaseDurationSeconds: 40,
  kubeAPIQPS: 50,
  kubeAPIBurst: 100,
  evictionHardMemory: 100 * 1024 * 1024,
  evictionPressureTransitionPeriod: 5 * minute,
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
  const gate = featureGates(flags)
  const maxPods = said('maxPods', 'max-pods')
  const serialize = said('serializeImagePulls', 'serialize-image-pulls')
  const qps = said('kubeAPIQPS', 'kube-api-qps')
  const burst = said('kubeAPIBurst', 'kube-api-burst')
  const lease = said('nodeLeaseDurationSeconds', 'node-lease-duration-seconds')
  return {
    ...base,
    relistOnDemand: gate('PLEGOnDemandRelist') ?? base.relistOnDemand,
    declaresFeatures: gate('NodeDeclaredFeatures') ?? base.declaresFeatures,
    maxPods: maxPods === undefined ? base.maxPods : Number.parseInt(maxPods, 10),
    serializeImagePulls: serialize === undefined ? base.serializeImagePulls : serialize !== 'false',
    nodeLeaseDurationSeconds: lease === undefined ? base.nodeLeaseDurationSeconds : Number.parseInt(lease, 10),
    kubeAPIQPS: qps === undefined ? base.kubeAPIQPS : Number(qps),
    kubeAPIBurst: burst === undefined ? base.kubeAPIBurst : Number.parseInt(burst, 10),
    maxContainerRestartPeriod:
      duration('maxContainerRestartPeriod', 'max-container-restart-period') ?? base.maxContainerRestartPeriod,
    nodeStatusUpdateFrequency:
      duration('nodeStatusUpdateFrequency', 'node-status-update-frequency') ?? base.nodeStatusUpdateFrequency,
    nodeStatusReportFrequency:
      duration('nodeStatusReportFrequency', 'node-status-report-frequency') ?? base.nodeStatusReportFrequency,
    resyncInterval: duration('syncFrequency', 'sync-frequency') ?? base.resyncInterval,
    evictionPressureTransitionPeriod:
      duration('evictionPressureTransitionPeriod', 'eviction-pressure-transition-period') ??
      base.evictionPressureTransitionPeriod,
  }
}
