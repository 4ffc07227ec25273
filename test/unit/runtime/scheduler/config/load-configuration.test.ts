import { describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { createNodeTable } from '../../../../../runtime/scheduler/cache/node-table.ts'
import { createNominator } from '../../../../../runtime/scheduler/nominator.ts'
import { createFramework } from '../../../../../runtime/scheduler/runner.ts'
import { loadConfiguration } from '../../../../../runtime/scheduler/config/load-configuration.ts'

const head = 'apiVersion: kubescheduler.config.k8s.io/v1\nkind: KubeSchedulerConfiguration\n'
const answer = (text: string): string => {
  const loaded = loadConfiguration(parse(text))
  return loaded.ok ? 'ok' : loaded.message
}

/** What kube-scheduler 1.36.3 --config says of each, recorded. */
const recorded: readonly (readonly [string, string])[] = [
  ['foo: 1', 'strict decoding error: unknown field "foo"'],
  ['parallelism: 0', 'parallelism: Invalid value: 0: should be an integer value greater than zero'],
  ['parallelism: "x"', 'json: cannot unmarshal string into Go struct field KubeSchedulerConfiguration.parallelism of type int32'],
  ['percentageOfNodesToScore: 200', 'percentageOfNodesToScore: Invalid value: 200: not in valid range [0-100]'],
  ['podInitialBackoffSeconds: 0', 'podInitialBackoffSeconds: Invalid value: 0: must be greater than 0'],
  ['podMaxBackoffSeconds: 0', 'podMaxBackoffSeconds: Invalid value: 0: must be greater than or equal to PodInitialBackoffSeconds'],
  ['profiles: [{schedulerName: a},{schedulerName: a}]', 'profiles[1].schedulerName: Duplicate value: {}'],
  ['profiles: [{schedulerName: a},{}]', 'profiles[1].schedulerName: Required value'],
  ['profiles: [{percentageOfNodesToScore: -1, plugin: 3}]', 'strict decoding error: unknown field "profiles[0].plugin"'],
  ['profiles: [{pluginConfig: [{name: NodeResourcesFit, args: {foo: 1}}]}]', 'strict decoding error: decoding .profiles[0].pluginConfig[0]: strict decoding error: decoding args for plugin NodeResourcesFit: strict decoding error: unknown field "foo"'],
  ['profiles: [{pluginConfig: [{name: InterPodAffinity, args: {hardPodAffinityWeight: 101}},{name: InterPodAffinity}]}]', '[profiles[0].pluginConfig[0].args.hardPodAffinityWeight: Invalid value: 101: not in valid range [0, 100], profiles[0].pluginConfig[1]: Duplicate value: "InterPodAffinity"]'],
  ['profiles: [{pluginConfig: [{name: PodTopologySpread, args: {defaultConstraints: [{maxSkew: 0, topologyKey: "", whenUnsatisfiable: X}], defaultingType: List}}]}]', '[profiles[0].pluginConfig[0].args.defaultConstraints[0].maxSkew: Invalid value: 0: not in valid range (0, inf), profiles[0].pluginConfig[0].args.defaultConstraints[0].topologyKey: Required value: can not be empty, profiles[0].pluginConfig[0].args.defaultConstraints[0].whenUnsatisfiable: Unsupported value: "X": supported values: "DoNotSchedule", "ScheduleAnyway"]'],
  ['profiles: [{pluginConfig: [{name: PodTopologySpread, args: {defaultConstraints: [{maxSkew: 1, topologyKey: "zone", whenUnsatisfiable: ScheduleAnyway, labelSelector: {}}]}}]}]', '[profiles[0].pluginConfig[0].args.defaultingType: Invalid value: "System": when .defaultConstraints are not empty, profiles[0].pluginConfig[0].args.defaultConstraints[0].labelSelector: Forbidden: constraint must not define a selector, as they deduced for each pod]'],
  ['profiles: [{pluginConfig: [{name: DefaultPreemption, args: {minCandidateNodesPercentage: 101, minCandidateNodesAbsolute: -1}}]}]', '[profiles[0].pluginConfig[0].args.minCandidateNodesPercentage: Invalid value: 101: not in valid range [0, 100], profiles[0].pluginConfig[0].args.minCandidateNodesAbsolute: Invalid value: -1: not in valid range [0, inf)]'],
  ['profiles: [{pluginConfig: [{name: NodeAffinity, args: {addedAffinity: {requiredDuringSchedulingIgnoredDuringExecution: {nodeSelectorTerms: [{matchExpressions: [{key: a, operator: Foo}]}]}}}}]}]', 'profiles[0].pluginConfig[0].args.addedAffinity.requiredDuringSchedulingIgnoredDuringExecution.nodeSelectorTerms[0].matchExpressions[0].operator: Unsupported value: "Foo": supported values: "In", "NotIn", "Exists", "DoesNotExist", "Gt", "Lt"'],
  ['profiles: [{pluginConfig: [{name: VolumeBinding, args: {bindTimeoutSeconds: -1}}]}]', 'profiles[0].pluginConfig[0].args.bindTimeoutSeconds: Invalid value: -1: invalid BindTimeoutSeconds, should not be a negative value'],
  ['profiles: [{pluginConfig: [{name: NodeResourcesBalancedAllocation, args: {resources: [{name: cpu, weight: 2},{name: cpu}]}}]}]', '[profiles[0].pluginConfig[0].args.resources[0].weight: Invalid value: 2: must be 1, profiles[0].pluginConfig[0].args.resources[1].name: Duplicate value: "cpu"]'],
  ['extenders: [{urlPrefix: "http://x", prioritizeVerb: p, bindVerb: b},{urlPrefix: "http://y", bindVerb: b}]', '[extenders[0].weight: Invalid value: 0: must have a positive weight applied to it, extenders: Invalid value: "found 2 extenders implementing bind": only one extender can implement bind]'],
  ['extenders: [{urlPrefix: "http://x", filterVerb: p, managedResources: [{name: cpu}]}]', 'extenders[0].managedResources[0].name: Invalid value: "cpu": is an invalid extended resource name'],
  ['profiles: [{schedulerName: a, plugins: {queueSort: {enabled: [{name: Foo}]}}},{schedulerName: b}]', 'profiles[1].plugins.queueSort: Invalid value: {"Enabled":null,"Disabled":null}: must be the same for all profiles'],
  ['profiles: 3', 'json: cannot unmarshal number into Go struct field KubeSchedulerConfiguration.profiles of type []v1.KubeSchedulerProfile'],
  ['profiles: [{pluginConfig: [{name: DefaultPreemption, args: {apiVersion: kubescheduler.config.k8s.io/v1, kind: NodeAffinityArgs}}]}]', 'decoding .profiles[0].pluginConfig[0]: args for plugin DefaultPreemption were not of type DefaultPreemptionArgs.kubescheduler.config.k8s.io, got NodeAffinityArgs.kubescheduler.config.k8s.io'],
  ['leaderElection: { leaderElect: true, leaseDuration: 5s, renewDeadline: 10s }', 'leaderElection.leaseDuration: Invalid value: "10s": must be greater than `RenewDeadline`'],
  ['leaderElection: { leaderElect: true, leaseDuration: 0s }', 'ok'],
  ['leaderElection: { leaderElect: true, retryPeriod: 20s }', 'ok'],
  ['leaderElection: { leaderElect: true, resourceLock: endpoints }', 'leaderElection.resourceLock: Invalid value: "endpoints": resourceLock value must be "leases"'],
  ['leaderElection: { leaderElect: true, resourceName: "" }', 'ok'],
  ['leaderElection: { leaderElect: true, leaseDuration: abc }', 'time: invalid duration "abc"'],
  ['leaderElection: { leaderElect: true, leaseDuration: 5 }', 'json: cannot unmarshal number into Go struct field LeaderElectionConfiguration.leaderElection.leaseDuration of type string'],
  ['leaderElection: { leaderElect: false, leaseDuration: 1s }', 'ok'],
  ['leaderElection: { leaderElect: true, leaseDuration: -1s, renewDeadline: -1s, retryPeriod: -1s }', '[leaderElection.leaseDuration: Invalid value: "-1s": must be greater than zero, leaderElection.renewDeadline: Invalid value: "-1s": must be greater than zero, leaderElection.retryPeriod: Invalid value: "-1s": must be greater than zero, leaderElection.leaseDuration: Invalid value: "-1s": must be greater than `RenewDeadline`]'],
  ['leaderElection: { leaderElect: true, retryPeriod: 9s }', 'ok'],
  ['extenders: [{urlPrefix: "http://x", filterVerb: f, httpTimeout: abc}]', 'time: invalid duration "abc"'],
  ['extenders: [{urlPrefix: "http://x", filterVerb: f, httpTimeout: 5}]', 'json: cannot unmarshal number into Go struct field Extender.extenders.httpTimeout of type string'],
  ['extenders: [{filterVerb: f}]', 'ok'],
  ['extenders: [{urlPrefix: "http://x", filterVerb: f, httpTimeout: -1s}]', 'ok'],
  ['extenders: [{urlPrefix: "http://x", filterVerb: f, tlsConfig: {certFile: /nope}}]', 'ok'],
  ['extenders: [{urlPrefix: "http://x", filterVerb: f, enableHTTPS: true, tlsConfig: {caFile: /nope}}]', 'couldn\'t build extenders: open /nope: no such file or directory'],
  ['extenders: [{urlPrefix: "http://x", filterVerb: f, tlsConfig: {insecure: true, caData: "aGVsbG8="}}]', 'couldn\'t build extenders: specifying a root certificates file with the insecure flag is not allowed'],
  ['extenders: [{urlPrefix: "http://x", filterVerb: f, managedResources: [{name: example.com/x, ignoredByScheduler: true}]}]\nprofiles: [{plugins: {multiPoint: {disabled: [{name: NodeResourcesFit}]}}}]', 'couldn\'t build extenders: can\'t find NodeResourcesFitArgs in plugin config'],
  ['profiles: [{plugins: {placementScore: {enabled: [{name: NodeResourcesFit}]}}}]', 'ok'],
  ['profiles: [{pluginConfig: [{name: DynamicResources, args: {filterTimeout: abc}}]}]', 'decoding .profiles[0].pluginConfig[0]: decoding args for plugin DynamicResources: time: invalid duration "abc"'],
  ['profiles: [{pluginConfig: [{name: DynamicResources, args: {filterTimeout: -1s, bindingTimeout: 0s}}]}]', '[profiles[0].pluginConfig[0].args.filterTimeout: Invalid value: "-1s": must be zero or positive, profiles[0].pluginConfig[0].args.bindingTimeout: Invalid value: "0s": must be at least 1 second]'],
  ['profiles: [{pluginConfig: [{name: VolumeBinding, args: {shape: [{utilization: 0, score: 1}]}}]}]', 'profiles[0].pluginConfig[0].args.shape: Invalid value: [{"Utilization":0,"Score":1}]: unexpected field `shape`, remove it or turn on the feature gate StorageCapacityScoring'],
  ['clientConnection: { qps: -1, burst: -5 }', 'clientConnection.burst: Invalid value: -5: must be non-negative'],
  ['parallelism: -3', 'parallelism: Invalid value: -3: should be an integer value greater than zero'],
  ['delayCacheUntilActive: true', 'ok'],
  ['podMaxBackoffSeconds: 1\npodInitialBackoffSeconds: 3', 'podMaxBackoffSeconds: Invalid value: 1: must be greater than or equal to PodInitialBackoffSeconds'],
  ['enableProfiling: maybe', 'json: cannot unmarshal string into Go struct field KubeSchedulerConfiguration.DebuggingConfiguration.enableProfiling of type bool'],
  ['profiles: [{schedulerName: a, percentageOfNodesToScore: 200}]', 'profiles[0].percentageOfNodesToScore: Invalid value: 200: not in valid range [0-100]'],
  ['profiles: [{pluginConfig: [{name: Foo, args: {x: 1}}]}]', 'ok'],
  ['profiles: [{pluginConfig: [{name: PrioritySort, args: {x: 1}}]}]', 'ok'],
] // prettier-ignore

/** What it says as it makes the frameworks, after `initializing profiles: creating profile for scheduler name default-scheduler: `. */
const recordedProfiles: readonly (readonly [string, string])[] = [
  ['profiles: [{plugins: {placementGenerate: {enabled: [{name: Foo}]}}}]', 'PlacementGeneratePlugin "Foo" does not exist'],
  ['profiles: [{plugins: {placementGenerate: {enabled: [{name: NodeAffinity}]}}}]', 'plugin "NodeAffinity" does not extend PlacementGeneratePlugin plugin'],
  ['profiles: [{plugins: {permit: {enabled: [{name: NodeAffinity}]}}}]', 'plugin "NodeAffinity" does not extend PermitPlugin plugin'],
  ['profiles: [{plugins: {postBind: {enabled: [{name: Foo}]}}}]', 'PostBindPlugin "Foo" does not exist'],
  ['profiles: [{plugins: {bind: {disabled: [{name: "*"}]}}}]', 'at least one bind plugin is needed for profile with scheduler name "default-scheduler"'],
  ['profiles: [{plugins: {multiPoint: {enabled: [{name: Foo}]}}}]', 'PreFilterPlugin "Foo" does not exist'],
  ['profiles: [{plugins: {score: {enabled: [{name: NodeName}]}}}]', 'plugin "NodeName" does not extend ScorePlugin plugin'],
  ['profiles: [{plugins: {queueSort: {enabled: [{name: NodeName}]}}}]', 'plugin "NodeName" does not extend QueueSortPlugin plugin'],
  ['profiles: [{plugins: {queueSort: {disabled: [{name: PrioritySort}]}}}]', 'only one queue sort plugin required for profile with scheduler name "default-scheduler", but got 0'],
] // prettier-ignore

describe('a KubeSchedulerConfiguration', () => {
  it.each(recordedProfiles)('%s', (text, message) => {
    const loaded = loadConfiguration(parse(`${head}${text}\n`))
    if (!loaded.ok) throw new Error(loaded.message)
    const framework = createFramework(loaded.configuration.profiles[0]!, {
      nodes: createNodeTable(),
      listers: { get: () => undefined, list: () => [] },
      nominator: createNominator(() => false),
      now: () => 0,
      choose: () => 0,
      preempting: () => false,
    })
    expect(framework.error).toBe(message)
  })

  it.each(recorded)('%s', (text, message) => {
    expect(answer(`${head}${text}\n`)).toBe(message)
  })

  it.each([
    ['apiVersion: kubescheduler.config.k8s.io/v1beta3\nkind: KubeSchedulerConfiguration', 'no kind "KubeSchedulerConfiguration" is registered for version "kubescheduler.config.k8s.io/v1beta3" in scheme "pkg/runtime/scheme.go:111"'],
    ['apiVersion: kubescheduler.config.k8s.io/v1\nkind: Foo', 'no kind "Foo" is registered for version "kubescheduler.config.k8s.io/v1" in scheme "pkg/runtime/scheme.go:111"'],
    ['[1]', 'couldn\'t get version/kind; json parse error: json: cannot unmarshal array into Go value of type struct { APIVersion string "json:\\"apiVersion,omitempty\\""; Kind string "json:\\"kind,omitempty\\"" }'],
  ])('another document: %s', (text, message) => {
    expect(answer(text)).toBe(message)
  }) // prettier-ignore

  it('defaults what it does not say', () => {
    const loaded = loadConfiguration(parse(`${head}profiles: [{}]`))
    expect(loaded).toStrictEqual({
      ok: true,
      configuration: {
        percentageOfNodesToScore: 0,
        podInitialBackoffSeconds: 1,
        podMaxBackoffSeconds: 10,
        profiles: [{ schedulerName: 'default-scheduler' }],
        extenders: [],
      },
    })
  })
})
