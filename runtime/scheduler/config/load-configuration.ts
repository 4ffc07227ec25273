import { deepFreeze } from '../../../api/json/deep-freeze.ts'
import type { SchedulerProfile } from '../profile.ts'
import type { ExtenderConfiguration, SchedulerConfiguration } from './configuration.ts'
import type { GivenClientConnection, GivenLeaderElection } from './connection-errors.ts'
import { extenderTrouble } from './extender-trouble.ts'
import { decodingError } from './decode-configuration.ts'
import { aggregate } from './field-error.ts'
import { configurationErrors, type GivenExtender, type GivenProfile } from './validate-configuration.ts'

export type Loaded = { readonly ok: true; readonly configuration: SchedulerConfiguration } | Refused
export interface Refused {
  readonly ok: false
  /** What kube-scheduler says as it gives up. */
  readonly message: string
}

const withoutNulls = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map(withoutNulls)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(
    Object.entries(value).flatMap(([name, item]) => (item === null ? [] : [[name, withoutNulls(item)]])),
  )
}

/** buildExtenders (pkg/scheduler/scheduler.go): what extenders count themselves takes the place of what the profile ignores. */
const ignoring = (profile: SchedulerProfile, resources: readonly string[]): SchedulerProfile => {
  if (resources.length === 0) return profile
  const fit = profile.pluginConfig?.find((one) => one.name === 'NodeResourcesFit')
  const others = (profile.pluginConfig ?? []).filter((one) => one !== fit)
  const args = { ...fit?.args, ignoredResources: resources }
  return { ...profile, pluginConfig: [...others, { name: 'NodeResourcesFit', args }] }
}

/** A KubeSchedulerConfiguration document (YAML, parsed): decoded, defaulted and validated as kube-scheduler does it. */
export const loadConfiguration = (document: unknown): Loaded => {
  const undecodable = decodingError(document)
  if (undecodable !== undefined) return { ok: false, message: undecodable }
  const given = withoutNulls(document) as Readonly<Record<string, unknown>>
  const number = (name: string, unsaid: number): number => (given[name] as number | undefined) ?? unsaid
  const named = (given['profiles'] ?? []) as readonly GivenProfile[]
  const profiles = named.length === 0 ? [{}] : named
  const settings = {
    percentageOfNodesToScore: number('percentageOfNodesToScore', 0),
    podInitialBackoffSeconds: number('podInitialBackoffSeconds', 1),
    podMaxBackoffSeconds: number('podMaxBackoffSeconds', 10),
    // Only a single profile gets the name that pods have by default.
    profiles: profiles.map((one: GivenProfile, _index, all): GivenProfile =>
      all.length === 1 ? { schedulerName: 'default-scheduler', ...one } : one,
    ),
    extenders: (given['extenders'] ?? []) as readonly GivenExtender[],
  }
  const ignored = settings.extenders.flatMap(({ managedResources = [] }) =>
    managedResources.flatMap((one) => (one.ignoredByScheduler === true && one.name !== undefined ? [one.name] : [])),
  )
  const clientConnection = (given['clientConnection'] ?? {}) as GivenClientConnection
  const leaderElection = (given['leaderElection'] ?? {}) as GivenLeaderElection
  const checked = { ...settings, clientConnection, leaderElection, parallelism: number('parallelism', 16) }
  const errors = configurationErrors(checked)
  if (errors.length > 0) return { ok: false, message: aggregate(errors) }
  const unbuilt = extenderTrouble(settings.extenders, settings.profiles as readonly SchedulerProfile[])
  if (unbuilt !== undefined) return { ok: false, message: `couldn't build extenders: ${unbuilt}` }
  return {
    ok: true,
    configuration: deepFreeze({
      ...settings,
      profiles: (settings.profiles as readonly SchedulerProfile[]).map((one) => ignoring(one, ignored)),
      extenders: settings.extenders as readonly ExtenderConfiguration[],
    }),
  }
}
