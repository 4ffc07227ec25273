import type { Plugin } from '../framework.ts'
import { defaultPlugins, pluginsOf, type ExtensionPoint, type PluginRef, type SchedulerProfile } from '../profile.ts'
import { nodeResourcesFitErrors } from './validate-args.ts'
import { aggregate } from './field-error.ts'

/** getExtensionPoints (pkg/scheduler/framework/runtime/framework.go), in its order. */
const points: readonly (readonly [ExtensionPoint, string])[] = [
  ['preFilter', 'PreFilterPlugin'],
  ['filter', 'FilterPlugin'],
  ['postFilter', 'PostFilterPlugin'],
  ['reserve', 'ReservePlugin'],
  ['preScore', 'PreScorePlugin'],
  ['score', 'ScorePlugin'],
  ['preBind', 'PreBindPlugin'],
  ['bind', 'BindPlugin'],
  ['postBind', 'PostBindPlugin'],
  ['permit', 'PermitPlugin'],
  ['preEnqueue', 'PreEnqueuePlugin'],
  ['queueSort', 'QueueSortPlugin'],
  ['placementGenerate', 'PlacementGeneratePlugin'],
  ['placementScore', 'PlacementScorePlugin'],
]

/** Placements are a matter of pod groups (GenericWorkload, off): who has a say in them is known, and never asked. */
const extendsPoint = (name: string, plugin: Plugin | undefined, point: ExtensionPoint): boolean => {
  if (point === 'placementGenerate') return false
  if (point === 'placementScore') return name === 'NodeResourcesFit'
  return plugin?.[point] !== undefined
}

const overflows = (profile: SchedulerProfile, plugins: ReadonlyMap<string, Plugin>): boolean => {
  const seen = new Set<string>()
  let total = 0n
  const all: readonly PluginRef[] = [
    ...(profile.plugins?.score?.enabled ?? []),
    ...(profile.plugins?.multiPoint?.enabled ?? []),
    ...defaultPlugins,
  ]
  for (const { name, weight } of all) {
    if (seen.has(name) || plugins.get(name)?.score === undefined) continue
    seen.add(name)
    const score = BigInt(weight === undefined || weight === 0 ? 1 : weight) * 100n
    if (score > BigInt.asIntN(64, 9223372036854775807n - total)) return true
    total += score
  }
  return false
}

/**
 * Why no framework can be made of a profile, in the words of kube-scheduler; undefined if it can (NewFramework). `plugins` are
 * those that the profile names and that exist.
 */
export const profileError = (profile: SchedulerProfile, plugins: ReadonlyMap<string, Plugin>): string | undefined => {
  const known = (name: string): boolean => plugins.has(name)
  const fit = profile.pluginConfig?.find((one) => one.name === 'NodeResourcesFit')?.args
  const fitErrors = fit === undefined || !plugins.has('NodeResourcesFit') ? [] : nodeResourcesFitErrors(fit)
  if (fitErrors.length > 0) return `initializing plugin "NodeResourcesFit": ${aggregate(fitErrors)}`
  for (const [point, type] of points) {
    const seen = new Set<string>()
    for (const { name } of profile.plugins?.[point]?.enabled ?? []) {
      if (!known(name)) return `${type} "${name}" does not exist`
      if (!extendsPoint(name, plugins.get(name), point)) return `plugin "${name}" does not extend ${type} plugin`
      if (seen.has(name)) return `plugin "${name}" already registered as "${type}"`
      seen.add(name)
    }
  }
  const stranger = profile.plugins?.multiPoint?.enabled?.find(({ name }) => !known(name))
  if (stranger !== undefined) return `PreFilterPlugin "${stranger.name}" does not exist`
  const name = JSON.stringify(profile.schedulerName ?? 'default-scheduler')
  const sorting = pluginsOf(profile, 'queueSort', plugins).length
  if (sorting !== 1)
    return `only one queue sort plugin required for profile with scheduler name ${name}, but got ${sorting}`
  if (pluginsOf(profile, 'bind', plugins).length === 0)
    return `at least one bind plugin is needed for profile with scheduler name ${name}`
  return overflows(profile, plugins) ? 'score plugins: total score of Score plugins could overflow' : undefined
}
