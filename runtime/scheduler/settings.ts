import { parseGoDuration } from '../../api/durations/go-duration.ts'
import { featureGates } from '../../api/feature-gates.ts'
import type { Micros } from '../kernel/micros.ts'
import type { SchedulerConfiguration } from './config/configuration.ts'
import { loadConfiguration, type Refused } from './config/load-configuration.ts'

/** What a scheduler is started with. */
export interface SchedulerSettings {
  readonly ok: true
  readonly configuration: SchedulerConfiguration
  /** Of its own client, and of the one that writes events. 0: no limit. */
  readonly qps: number
  readonly burst: number
  /** podMaxInUnschedulablePodsDuration, where it is said. */
  readonly maxUnschedulable?: Micros
  /** The configuration's `leaderElection` as the flags that say the same, and where its lease is. */
  readonly election?: Readonly<Record<string, string>>
  readonly lease?: { readonly namespace?: string; readonly name?: string }
}

const empty = { apiVersion: 'kubescheduler.config.k8s.io/v1', kind: 'KubeSchedulerConfiguration' }

/** Flag → field of the configuration, where the command line or a scenario says it by itself. */
const fields: Readonly<Record<string, string>> = {
  'percentage-of-nodes-to-score': 'percentageOfNodesToScore',
  'pod-initial-backoff-seconds': 'podInitialBackoffSeconds',
  'pod-max-backoff-seconds': 'podMaxBackoffSeconds',
}

const withPlugins = (configuration: SchedulerConfiguration, plugins: readonly string[]): SchedulerConfiguration => {
  if (plugins.length === 0) return configuration
  const profiles = configuration.profiles.map((profile) => {
    const sets = Object.values(profile.plugins ?? {})
    const mentioned = new Set(
      sets.flatMap((set) => [...(set?.enabled ?? []), ...(set?.disabled ?? [])].map((one) => one.name)),
    )
    const added = plugins.filter((name) => !mentioned.has(name)).map((name) => ({ name }))
    const { multiPoint } = profile.plugins ?? {}
    return {
      ...profile,
      plugins: {
        ...profile.plugins,
        multiPoint: { ...multiPoint, enabled: [...(multiPoint?.enabled ?? []), ...added] },
      },
    }
  })
  return { ...configuration, profiles }
}

/** Plugins that stand behind a feature gate (pkg/scheduler/apis/config/v1/default_plugins.go). */
const withoutGated = (
  configuration: SchedulerConfiguration,
  flags: Readonly<Record<string, unknown>>,
): SchedulerConfiguration => {
  const text = flags['feature-gates']
  if (typeof text !== 'string' || featureGates({ 'feature-gates': text })('NodeDeclaredFeatures') !== false)
    return configuration
  const profiles = configuration.profiles.map((profile) => {
    const { multiPoint } = profile.plugins ?? {}
    const disabled = [...(multiPoint?.disabled ?? []), { name: 'NodeDeclaredFeatures' }]
    return { ...profile, plugins: { ...profile.plugins, multiPoint: { ...multiPoint, disabled } } }
  })
  return { ...configuration, profiles }
}

const unschedulableTime = (flag: unknown): Pick<SchedulerSettings, 'maxUnschedulable'> => {
  const parsed = typeof flag === 'string' ? parseGoDuration(flag) : undefined
  return parsed === undefined || 'error' in parsed ? {} : { maxUnschedulable: Number(parsed.nanos / 1000n) }
}

const electionFlags: Readonly<Record<string, string>> = {
  leaderElect: 'leader-elect',
  leaseDuration: 'leader-elect-lease-duration',
  renewDeadline: 'leader-elect-renew-deadline',
  retryPeriod: 'leader-elect-retry-period',
}

const electionOf = (document: object): Pick<SchedulerSettings, 'election' | 'lease'> => {
  const { leaderElection } = document as { readonly leaderElection?: Readonly<Record<string, unknown>> | null }
  if (leaderElection === undefined || leaderElection === null) return {}
  const text = (name: string): string => {
    const value = leaderElection[name]
    return typeof value === 'string' || typeof value === 'boolean' ? String(value) : ''
  }
  const said = Object.entries(electionFlags).filter(([field]) => !['', '0', '0s'].includes(text(field)))
  const [namespace, name] = [text('resourceNamespace'), text('resourceName')]
  return {
    election: Object.fromEntries(said.map(([field, flag]) => [flag, text(field)])),
    lease: { ...(namespace === '' ? {} : { namespace }), ...(name === '' ? {} : { name }) },
  }
}

/** The configuration file and the flags beside it, which win. */
export const schedulerSettings = (
  document: unknown,
  flags: Readonly<Record<string, unknown>>,
  /** Plugins of the user: each profile that does not mention one has it everywhere. */
  plugins: readonly string[] = [],
): SchedulerSettings | Refused => {
  const given = document ?? empty
  const flagged = Object.entries(fields).flatMap(([flag, field]) =>
    flags[flag] === undefined ? [] : [[field, Number(flags[flag])] as const],
  )
  const whole =
    typeof given === 'object' && !Array.isArray(given) ? { ...given, ...Object.fromEntries(flagged) } : given
  const loaded = loadConfiguration(whole)
  if (!loaded.ok) return loaded
  const client = (given as { readonly clientConnection?: { readonly qps?: number; readonly burst?: number } })
    .clientConnection
  return {
    ok: true,
    configuration: withPlugins(withoutGated(loaded.configuration, flags), plugins),
    qps: Number(flags['kube-api-qps'] ?? (client?.qps === 0 ? undefined : client?.qps) ?? 50),
    ...unschedulableTime(flags['pod-max-in-unschedulable-pods-duration']),
    ...electionOf(given),
    burst: Number(flags['kube-api-burst'] ?? (client?.burst === 0 ? undefined : client?.burst) ?? 100),
  }
}
