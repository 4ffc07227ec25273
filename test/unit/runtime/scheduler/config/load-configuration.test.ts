import { describe, expect, it } from 'vitest'
import { parse } from 'yaml'
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
  ['profiles: [{pluginConfig: [{name: Foo, args: {x: 1}}]}]', 'ok'],
  ['profiles: [{pluginConfig: [{name: PrioritySort, args: {x: 1}}]}]', 'ok'],
] // prettier-ignore

describe('a KubeSchedulerConfiguration', () => {
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
