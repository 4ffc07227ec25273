import type { Plugin, PluginArgs } from './framework.ts'

/** The part of a KubeSchedulerConfiguration v1 profile that is understood. */
export interface SchedulerProfile {
  readonly schedulerName?: string
  readonly percentageOfNodesToScore?: number
  readonly pluginConfig?: readonly { readonly name: string; readonly args?: PluginArgs }[]
  readonly plugins?: Readonly<Partial<Record<ExtensionPoint | 'multiPoint', PluginSet>>>
}

export interface PluginSet {
  readonly enabled?: readonly PluginRef[]
  readonly disabled?: readonly PluginRef[]
}
export interface PluginRef {
  readonly name: string
  readonly weight?: number
}

export type ExtensionPoint =
  | 'preEnqueue'
  | 'queueSort'
  | 'preFilter'
  | 'filter'
  | 'postFilter'
  | 'preScore'
  | 'score'
  | 'reserve'
  | 'permit'
  | 'preBind'
  | 'bind'
  | 'postBind'
  | 'placementGenerate'
  | 'placementScore'

/** getDefaultPlugins (pkg/scheduler/apis/config/v1/default_plugins.go). */
export const defaultPlugins: readonly Required<PluginRef>[] = [
  { name: 'SchedulingGates', weight: 0 },
  { name: 'PrioritySort', weight: 0 },
  { name: 'NodeUnschedulable', weight: 0 },
  { name: 'NodeName', weight: 0 },
  { name: 'TaintToleration', weight: 3 },
  { name: 'NodeAffinity', weight: 2 },
  { name: 'NodePorts', weight: 0 },
  { name: 'NodeResourcesFit', weight: 1 },
  { name: 'VolumeRestrictions', weight: 0 },
  { name: 'NodeVolumeLimits', weight: 0 },
  { name: 'VolumeBinding', weight: 0 },
  { name: 'VolumeZone', weight: 0 },
  { name: 'PodTopologySpread', weight: 2 },
  { name: 'InterPodAffinity', weight: 2 },
  { name: 'DynamicResources', weight: 2 },
  { name: 'DefaultPreemption', weight: 0 },
  { name: 'NodeResourcesBalancedAllocation', weight: 1 },
  { name: 'ImageLocality', weight: 1 },
  { name: 'DefaultBinder', weight: 0 },
  { name: 'NodeDeclaredFeatures', weight: 0 },
]

/** mergePluginSet: defaults but for the disabled ones; one that is enabled anew keeps its place, others come last. */
const merged = (defaults: readonly PluginRef[], custom: PluginSet | undefined): readonly PluginRef[] => {
  if (custom === undefined) return defaults
  const disabled = new Set((custom.disabled ?? []).map((one) => one.name))
  const enabled = custom.enabled ?? []
  const result: PluginRef[] = []
  const placed = new Set<string>()
  if (!disabled.has('*')) {
    for (const plugin of defaults) {
      if (disabled.has(plugin.name)) continue
      const again = enabled.find((one) => one.name === plugin.name)
      if (again !== undefined) placed.add(plugin.name)
      result.push(again ?? plugin)
    }
  }
  return [...result, ...enabled.filter((one) => !placed.has(one.name))]
}

/** Names of all plugins of a profile: those of every extension point. */
export const profilePlugins = (profile: SchedulerProfile): readonly string[] => {
  const names = new Set(merged(defaultPlugins, profile.plugins?.multiPoint).map((one) => one.name))
  for (const [point, set] of Object.entries(profile.plugins ?? {})) {
    if (point !== 'multiPoint') for (const plugin of set?.enabled ?? []) names.add(plugin.name)
  }
  return [...names]
}

/** The plugins of one extension point in their order, with weights (expandMultiPointPlugins). A weight of 0 counts as 1. */
export const pluginsOf = (
  profile: SchedulerProfile,
  point: ExtensionPoint,
  plugins: ReadonlyMap<string, Plugin>,
): readonly { readonly plugin: Plugin; readonly weight: number }[] => {
  const implemented = (name: string): boolean =>
    point !== 'placementGenerate' && point !== 'placementScore' && plugins.get(name)?.[point] !== undefined
  const own = profile.plugins?.[point]
  const disabled = new Set((own?.disabled ?? []).map((one) => one.name))
  const specific = own?.enabled ?? []
  const overriding: PluginRef[] = []
  const everywhere: PluginRef[] = []
  for (const plugin of merged(defaultPlugins, profile.plugins?.multiPoint)) {
    if (!implemented(plugin.name)) continue
    const here = specific.find((one) => one.name === plugin.name)
    if (here !== undefined) overriding.push(here)
    else if (!disabled.has(plugin.name) && !disabled.has('*')) everywhere.push(plugin)
  }
  const first = specific.filter((one) => overriding.includes(one))
  const last = specific.filter((one) => !overriding.includes(one))
  return [...first, ...everywhere, ...last].flatMap(({ name, weight }) => {
    const plugin = plugins.get(name)
    return plugin === undefined ? [] : [{ plugin, weight: weight === undefined || weight === 0 ? 1 : weight }]
  })
}

export const argsOf = (profile: SchedulerProfile, name: string): PluginArgs =>
  profile.pluginConfig?.find((one) => one.name === name)?.args ?? {}
