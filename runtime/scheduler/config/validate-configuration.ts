import { isLabelKey } from '../../../api/names/label-names.ts'
import { isExtendedResource } from '../resource-amounts.ts'
import { structuralEqual } from '../../../api/json/structural-equal.ts'
import { connectionErrors, type GivenClientConnection, type GivenLeaderElection } from './connection-errors.ts'
import { extensionPoints } from './configuration-shape.ts'
import { duplicate, invalid, required } from './field-error.ts'
import { argsValidations } from './validate-args.ts'

interface GivenPluginSet {
  readonly enabled?: readonly { readonly name?: string }[]
  readonly disabled?: readonly { readonly name?: string }[]
}
export interface GivenProfile {
  readonly schedulerName?: string
  readonly percentageOfNodesToScore?: number
  readonly plugins?: Readonly<Record<string, GivenPluginSet | undefined>>
  readonly pluginConfig?: readonly { readonly name?: string; readonly args?: unknown }[]
}
export interface GivenExtender {
  readonly prioritizeVerb?: string
  readonly weight?: number
  readonly bindVerb?: string
  readonly enableHTTPS?: boolean
  readonly tlsConfig?: {
    readonly insecure?: boolean
    readonly caFile?: string
    readonly caData?: string
    readonly certFile?: string
    readonly certData?: string
    readonly keyFile?: string
    readonly keyData?: string
  }
  readonly managedResources?: readonly { readonly name?: string; readonly ignoredByScheduler?: boolean }[]
}
/** A document that decodes, with the defaults of the fields that are checked. */
export interface GivenConfiguration {
  readonly clientConnection: GivenClientConnection
  readonly leaderElection: GivenLeaderElection
  readonly parallelism: number
  readonly percentageOfNodesToScore: number
  readonly podInitialBackoffSeconds: number
  readonly podMaxBackoffSeconds: number
  readonly profiles: readonly GivenProfile[]
  readonly extenders: readonly GivenExtender[]
}

type Errors = readonly string[]
const goneIn = ['AzureDiskLimits', 'CinderLimits', 'EBSLimits', 'GCEPDLimits']
const v1 = 'kubescheduler.config.k8s.io/v1'
const gone = `was invalid in version "${v1}" (KubeSchedulerConfiguration is version "${v1}")`

const percentage = (path: string, value: number | undefined): Errors =>
  value !== undefined && (value < 0 || value > 100) ? [invalid(path, value, 'not in valid range [0-100]')] : []

const profileErrors = (path: string, profile: GivenProfile): Errors => {
  const errors: string[] = []
  if ((profile.schedulerName ?? '') === '') errors.push(required(`${path}.schedulerName`, ''))
  errors.push(...percentage(`${path}.percentageOfNodesToScore`, profile.percentageOfNodesToScore))
  for (const point of extensionPoints) {
    if (point === 'multiPoint' || point.startsWith('placement')) continue
    profile.plugins?.[point]?.enabled?.forEach(({ name = '' }, index) => {
      if (goneIn.includes(name)) errors.push(invalid(`${path}.plugins.${point}.enabled[${index}]`, name, gone))
    })
  }
  const seen = new Set<string>()
  profile.pluginConfig?.forEach(({ name = '', args }, index) => {
    const at = `${path}.pluginConfig[${index}]`
    if (seen.has(name)) errors.push(duplicate(at, name))
    seen.add(name)
    if (goneIn.includes(name)) errors.push(invalid(at, name, gone))
    else
      errors.push(...(argsValidations[name]?.(`${at}.args.`, (args ?? {}) as Readonly<Record<string, unknown>>) ?? []))
  })
  return errors
}

/** How an internal PluginSet is shown. */
const internalSet = (set: GivenPluginSet | undefined): unknown => {
  const list = (given: readonly { readonly name?: string; readonly weight?: number }[] | undefined): unknown =>
    given === undefined ? null : given.map(({ name = '', weight = 0 }) => ({ Name: name, Weight: weight }))
  return { Enabled: list(set?.enabled), Disabled: list(set?.disabled) }
}

const queueSortErrors = (profiles: readonly GivenProfile[]): Errors => {
  const errors: string[] = []
  const canon = profiles[0]?.plugins?.['queueSort']
  const length = canon?.enabled?.length ?? 0
  if (length > 1)
    errors.push(invalid('profiles[0].plugins.queueSort.Enabled', length, 'only one queue sort plugin can be enabled'))
  profiles.forEach((profile, index) => {
    const own = profile.plugins?.['queueSort']
    if (index > 0 && !structuralEqual(internalSet(canon), internalSet(own)))
      errors.push(
        invalid(`profiles[${index}].plugins.queueSort`, internalSet(own), 'must be the same for all profiles'),
      )
  })
  return errors
}

const extenderErrors = (extenders: readonly GivenExtender[]): Errors => {
  const errors: string[] = []
  const managed = new Set<string>()
  extenders.forEach(({ prioritizeVerb = '', weight = 0, managedResources = [] }, index) => {
    if (prioritizeVerb !== '' && weight <= 0)
      errors.push(invalid(`extenders[${index}].weight`, weight, 'must have a positive weight applied to it'))
    managedResources.forEach(({ name = '' }, j) => {
      const path = `extenders[${index}].managedResources[${j}].name`
      const problems = isLabelKey(name)
      errors.push(...problems.map((why) => invalid(path, name, why)))
      if (problems.length === 0 && !isExtendedResource(name))
        errors.push(invalid(path, name, 'is an invalid extended resource name'))
      if (managed.has(name)) errors.push(invalid(path, name, 'duplicate extender managed resource name'))
      managed.add(name)
    })
  })
  const binders = extenders.filter((one) => (one.bindVerb ?? '') !== '').length
  if (binders > 1)
    errors.push(
      invalid('extenders', `found ${binders} extenders implementing bind`, 'only one extender can implement bind'),
    )
  return errors
}

/** ValidateKubeSchedulerConfiguration (pkg/scheduler/apis/config/validation/validation.go). */
export const configurationErrors = (given: GivenConfiguration): Errors => {
  const errors: string[] = [...connectionErrors(given.clientConnection, given.leaderElection)]
  if (given.parallelism <= 0)
    errors.push(invalid('parallelism', given.parallelism, 'should be an integer value greater than zero'))
  const places = new Map<string, number>()
  given.profiles.forEach((profile, index) => {
    errors.push(...profileErrors(`profiles[${index}]`, profile))
    const name = profile.schedulerName ?? ''
    // The duplicate is shown as the path of the first one, which prints as an empty object.
    if (places.has(name)) errors.push(duplicate(`profiles[${index}].schedulerName`, {}))
    places.set(name, index)
  })
  errors.push(
    ...queueSortErrors(given.profiles),
    ...percentage('percentageOfNodesToScore', given.percentageOfNodesToScore),
  )
  if (given.podInitialBackoffSeconds <= 0)
    errors.push(invalid('podInitialBackoffSeconds', given.podInitialBackoffSeconds, 'must be greater than 0'))
  if (given.podMaxBackoffSeconds < given.podInitialBackoffSeconds)
    errors.push(
      invalid(
        'podMaxBackoffSeconds',
        given.podMaxBackoffSeconds,
        'must be greater than or equal to PodInitialBackoffSeconds',
      ),
    )
  errors.push(...extenderErrors(given.extenders))
  return errors
}
