import {
  debugging,
  duration,
  float32,
  int32,
  int64,
  list,
  map,
  raw,
  struct,
  text,
  truth,
  type Shape,
} from './go-shape.ts'

const typeMeta = { apiVersion: text, kind: text }

const plugin = struct('Plugin', { name: text, weight: int32 })
const pluginSet = struct('PluginSet', { enabled: list(plugin, 'v1.Plugin'), disabled: list(plugin, 'v1.Plugin') })

export const extensionPoints = [
  'preEnqueue',
  'queueSort',
  'preFilter',
  'filter',
  'postFilter',
  'preScore',
  'score',
  'reserve',
  'permit',
  'preBind',
  'bind',
  'postBind',
  'multiPoint',
  'placementGenerate',
  'placementScore',
] as const

const plugins = struct('Plugins', Object.fromEntries(extensionPoints.map((point) => [point, pluginSet])))
const profile = struct('KubeSchedulerProfile', {
  schedulerName: text,
  percentageOfNodesToScore: int32,
  plugins,
  pluginConfig: list(struct('PluginConfig', { name: text, args: raw }), 'v1.PluginConfig'),
})
const extender = struct('Extender', {
  urlPrefix: text,
  filterVerb: text,
  preemptVerb: text,
  prioritizeVerb: text,
  weight: int64,
  bindVerb: text,
  enableHTTPS: truth,
  tlsConfig: struct('ExtenderTLSConfig', {
    insecure: truth,
    serverName: text,
    certFile: text,
    keyFile: text,
    caFile: text,
    certData: text,
    keyData: text,
    caData: text,
  }),
  httpTimeout: duration,
  nodeCacheCapable: truth,
  managedResources: list(
    struct('ExtenderManagedResource', { name: text, ignoredByScheduler: truth }),
    'v1.ExtenderManagedResource',
  ),
  ignorable: truth,
})

/** KubeSchedulerConfiguration (staging/src/k8s.io/kube-scheduler/config/v1/types.go). */
export const configurationShape: Shape = struct('KubeSchedulerConfiguration', {
  ...typeMeta,
  parallelism: int32,
  leaderElection: struct('LeaderElectionConfiguration', {
    leaderElect: truth,
    leaseDuration: duration,
    renewDeadline: duration,
    retryPeriod: duration,
    resourceLock: text,
    resourceName: text,
    resourceNamespace: text,
  }),
  clientConnection: struct('ClientConnectionConfiguration', {
    kubeconfig: text,
    acceptContentTypes: text,
    contentType: text,
    qps: float32,
    burst: int32,
  }),
  enableProfiling: debugging,
  enableContentionProfiling: debugging,
  percentageOfNodesToScore: int32,
  podInitialBackoffSeconds: int64,
  podMaxBackoffSeconds: int64,
  profiles: list(profile, 'v1.KubeSchedulerProfile'),
  extenders: list(extender, 'v1.Extender'),
  delayCacheUntilActive: truth,
})

const requirement = struct('NodeSelectorRequirement', { key: text, operator: text, values: list(text, 'string') })
const nodeTerm = struct('NodeSelectorTerm', {
  matchExpressions: list(requirement, 'v1.NodeSelectorRequirement'),
  matchFields: list(requirement, 'v1.NodeSelectorRequirement'),
})
const labelSelector = struct('LabelSelector', {
  matchLabels: map(text, 'map[string]string'),
  matchExpressions: list(
    struct('LabelSelectorRequirement', { key: text, operator: text, values: list(text, 'string') }),
    'v1.LabelSelectorRequirement',
  ),
})
const resources = list(struct('ResourceSpec', { name: text, weight: int64 }), 'v1.ResourceSpec')
const shape = list(struct('UtilizationShapePoint', { utilization: int32, score: int32 }), 'v1.UtilizationShapePoint')

/** Args kinds by plugin (types_pluginargs.go). A plugin that is not here takes whatever it is given. */
export const argsShapes: Readonly<Record<string, Shape | undefined>> = {
  DefaultPreemption: struct('DefaultPreemptionArgs', {
    ...typeMeta,
    minCandidateNodesPercentage: int32,
    minCandidateNodesAbsolute: int32,
  }),
  InterPodAffinity: struct('InterPodAffinityArgs', {
    ...typeMeta,
    hardPodAffinityWeight: int32,
    ignorePreferredTermsOfExistingPods: truth,
  }),
  NodeResourcesFit: struct('NodeResourcesFitArgs', {
    ...typeMeta,
    ignoredResources: list(text, 'string'),
    ignoredResourceGroups: list(text, 'string'),
    scoringStrategy: struct('ScoringStrategy', {
      type: text,
      resources,
      requestedToCapacityRatio: struct('RequestedToCapacityRatioParam', { shape }),
    }),
  }),
  PodTopologySpread: struct('PodTopologySpreadArgs', {
    ...typeMeta,
    defaultConstraints: list(
      struct('TopologySpreadConstraint', {
        maxSkew: int32,
        topologyKey: text,
        whenUnsatisfiable: text,
        labelSelector,
        minDomains: int32,
        nodeAffinityPolicy: text,
        nodeTaintsPolicy: text,
        matchLabelKeys: list(text, 'string'),
      }),
      'v1.TopologySpreadConstraint',
    ),
    defaultingType: text,
  }),
  NodeResourcesBalancedAllocation: struct('NodeResourcesBalancedAllocationArgs', { ...typeMeta, resources }),
  VolumeBinding: struct('VolumeBindingArgs', { ...typeMeta, bindTimeoutSeconds: int64, shape }),
  NodeAffinity: struct('NodeAffinityArgs', {
    ...typeMeta,
    addedAffinity: struct('NodeAffinity', {
      requiredDuringSchedulingIgnoredDuringExecution: struct('NodeSelector', {
        nodeSelectorTerms: list(nodeTerm, 'v1.NodeSelectorTerm'),
      }),
      preferredDuringSchedulingIgnoredDuringExecution: list(
        struct('PreferredSchedulingTerm', { weight: int32, preference: nodeTerm }),
        'v1.PreferredSchedulingTerm',
      ),
    }),
  }),
  DynamicResources: struct('DynamicResourcesArgs', { ...typeMeta, filterTimeout: duration, bindingTimeout: duration }),
}
