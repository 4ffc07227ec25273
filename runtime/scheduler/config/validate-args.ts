import { isLabelKey, isLabelValue } from '../../../api/names/label-names.ts'
import { duplicate, forbidden, invalid, notSupported, required } from './field-error.ts'

type Args = Readonly<Record<string, unknown>>
type Errors = readonly string[]
interface Weighed {
  readonly name?: string
  readonly weight?: number
}
interface ShapePoint {
  readonly utilization?: number
  readonly score?: number
}

const listOf = <A>(value: unknown): readonly A[] => (value as readonly A[] | undefined | null) ?? []
const labelName = (path: string, value: string): Errors => isLabelKey(value).map((why) => invalid(path, value, why))

const defaultPreemption = (path: string, args: Args): Errors => {
  const percentage = (args['minCandidateNodesPercentage'] as number | undefined) ?? 10
  const absolute = (args['minCandidateNodesAbsolute'] as number | undefined) ?? 100
  const [percentagePath, absolutePath] = [`${path}minCandidateNodesPercentage`, `${path}minCandidateNodesAbsolute`]
  const errors: string[] = []
  if (percentage < 0 || percentage > 100)
    errors.push(invalid(percentagePath, percentage, 'not in valid range [0, 100]'))
  if (absolute < 0) errors.push(invalid(absolutePath, absolute, 'not in valid range [0, inf)'))
  if (percentage === 0 && absolute === 0)
    errors.push(
      invalid(percentagePath, 0, 'cannot be zero at the same time as minCandidateNodesAbsolute'),
      invalid(absolutePath, 0, 'cannot be zero at the same time as minCandidateNodesPercentage'),
    )
  return errors
}

const interPodAffinity = (path: string, args: Args): Errors => {
  const weight = (args['hardPodAffinityWeight'] as number | undefined) ?? 1
  return weight < 0 || weight > 100
    ? [invalid(`${path}hardPodAffinityWeight`, weight, 'not in valid range [0, 100]')]
    : []
}

interface Constraint {
  readonly maxSkew?: number
  readonly topologyKey?: string
  readonly whenUnsatisfiable?: string
  readonly labelSelector?: unknown
}
const podTopologySpread = (path: string, args: Args): Errors => {
  const constraints = listOf<Constraint>(args['defaultConstraints'])
  const type = (args['defaultingType'] as string | undefined) || 'System'
  const errors: string[] = []
  if (type !== 'System' && type !== 'List') errors.push(notSupported(`${path}defaultingType`, type, ['System', 'List']))
  else if (type === 'System' && constraints.length > 0)
    errors.push(invalid(`${path}defaultingType`, type, 'when .defaultConstraints are not empty'))
  constraints.forEach(({ maxSkew = 0, topologyKey = '', whenUnsatisfiable = '', labelSelector }, index) => {
    const at = `${path}defaultConstraints[${index}]`
    if (maxSkew <= 0) errors.push(invalid(`${at}.maxSkew`, maxSkew, 'not in valid range (0, inf)'))
    if (topologyKey === '') errors.push(required(`${at}.topologyKey`, 'can not be empty'))
    else errors.push(...labelName(`${at}.topologyKey`, topologyKey))
    const actions = ['DoNotSchedule', 'ScheduleAnyway']
    if (whenUnsatisfiable === '') errors.push(required(`${at}.whenUnsatisfiable`, 'can not be empty'))
    else if (!actions.includes(whenUnsatisfiable))
      errors.push(notSupported(`${at}.whenUnsatisfiable`, whenUnsatisfiable, actions))
    if (labelSelector !== undefined && labelSelector !== null)
      errors.push(
        forbidden(`${at}.labelSelector`, 'constraint must not define a selector, as they deduced for each pod'),
      )
    const again = constraints
      .slice(0, index)
      .some((one) => one.topologyKey === topologyKey && one.whenUnsatisfiable === whenUnsatisfiable)
    if (again) errors.push(duplicate(at, `{${topologyKey}, ${whenUnsatisfiable}}`))
  })
  return errors
}

const balancedAllocation = (path: string, args: Args): Errors => {
  const seen = new Set<string>()
  return listOf<Weighed>(args['resources']).flatMap(({ name = '', weight = 0 }, index) => {
    const errors: string[] = []
    if (seen.has(name)) errors.push(duplicate(`${path}resources[${index}].name`, name))
    seen.add(name)
    if (weight !== 0 && weight !== 1) errors.push(invalid(`${path}resources[${index}].weight`, weight, 'must be 1'))
    return errors
  })
}

interface Requirement {
  readonly key?: string
  readonly operator?: string
  readonly values?: readonly string[]
}
interface Term {
  readonly matchExpressions?: readonly Requirement[]
  readonly matchFields?: readonly Requirement[]
}
const operators = ['In', 'NotIn', 'Exists', 'DoesNotExist', 'Gt', 'Lt']

/** labels.NewRequirement, as nodeaffinity.NewNodeSelector calls it. */
const expression = (path: string, { key = '', operator = '', values = [] }: Requirement): Errors => {
  const errors: string[] = []
  if (!operators.includes(operator)) return [notSupported(`${path}.operator`, operator, operators)]
  const keyProblems = isLabelKey(key)
  if (keyProblems.length > 0) errors.push(invalid(`${path}.key`, key, keyProblems.join('; ')))
  const at = `${path}.values`
  if ((operator === 'In' || operator === 'NotIn') && values.length === 0)
    errors.push(invalid(at, values, "for 'in', 'notin' operators, values set can't be empty"))
  else if ((operator === 'Exists' || operator === 'DoesNotExist') && values.length > 0)
    errors.push(invalid(at, values, 'values set must be empty for exists and does not exist'))
  else if (operator === 'Gt' || operator === 'Lt') {
    if (values.length !== 1) errors.push(invalid(at, values, "for 'Gt', 'Lt' operators, exactly one value is required"))
    values.forEach((value, index) => {
      if (!/^[-+]?\d+$/.test(value))
        errors.push(invalid(`${at}[${index}]`, value, "for 'Gt', 'Lt' operators, the value must be an integer"))
    })
  }
  values.forEach((value, index) => {
    const problems = isLabelValue(value)
    if (problems.length > 0) errors.push(invalid(`${at}[${index}]`, value, problems.join('; ')))
  })
  return errors
}

const field = (path: string, { operator = '', values = [] }: Requirement): Errors => {
  if (operator !== 'In' && operator !== 'NotIn') return [notSupported(`${path}.operator`, operator, ['In', 'NotIn'])]
  return values.length === 1 ? [] : [invalid(`${path}.values`, values, 'must have one element')]
}

const termErrors = (path: string, term: Term): Errors => [
  ...listOf<Requirement>(term.matchExpressions).flatMap((one, i) => expression(`${path}.matchExpressions[${i}]`, one)),
  ...listOf<Requirement>(term.matchFields).flatMap((one, i) => field(`${path}.matchFields[${i}]`, one)),
]

const nodeAffinity = (path: string, args: Args): Errors => {
  const added = (args['addedAffinity'] ?? {}) as Args
  const requiredPath = `${path}addedAffinity.requiredDuringSchedulingIgnoredDuringExecution.nodeSelectorTerms`
  const preferredPath = `${path}addedAffinity.preferredDuringSchedulingIgnoredDuringExecution`
  const needed = added['requiredDuringSchedulingIgnoredDuringExecution'] as
    { readonly nodeSelectorTerms?: readonly Term[] } | undefined
  const preferred = added['preferredDuringSchedulingIgnoredDuringExecution']
  return [
    ...listOf<Term>(needed?.nodeSelectorTerms).flatMap((term, i) => termErrors(`${requiredPath}[${i}]`, term)),
    ...listOf<{ readonly weight?: number; readonly preference?: Term }>(preferred).flatMap((one, i) =>
      (one.weight ?? 0) === 0 ? [] : termErrors(`${preferredPath}[${i}]`, one.preference ?? {}),
    ),
  ]
}

const volumeBinding = (path: string, args: Args): Errors => {
  const errors: string[] = []
  const timeout = (args['bindTimeoutSeconds'] as number | undefined) ?? 600
  if (timeout < 0)
    errors.push(
      invalid(`${path}bindTimeoutSeconds`, timeout, 'invalid BindTimeoutSeconds, should not be a negative value'),
    )
  if (args['shape'] !== undefined && args['shape'] !== null)
    errors.push(
      invalid(
        `${path}shape`,
        listOf<ShapePoint>(args['shape']).map(({ utilization = 0, score = 0 }) => ({
          Utilization: utilization,
          Score: score,
        })),
        'unexpected field `shape`, remove it or turn on the feature gate StorageCapacityScoring',
      ),
    )
  return errors
}

const functionShape = (path: string, shape: readonly ShapePoint[]): Errors => {
  if (shape.length === 0) return [required(path, 'at least one point must be specified')]
  const errors: string[] = []
  const unsorted = shape.findIndex(
    (point, index) => index > 0 && (shape[index - 1]!.utilization ?? 0) >= (point.utilization ?? 0),
  )
  if (unsorted > 0)
    errors.push(
      invalid(
        `${path}[${unsorted}].utilization`,
        shape[unsorted]!.utilization ?? 0,
        'values must be sorted in increasing order',
      ),
    )
  shape.forEach(({ utilization = 0, score = 0 }, index) => {
    if (utilization < 0 || utilization > 100)
      errors.push(invalid(`${path}[${index}].utilization`, utilization, 'not in valid range [0, 100]'))
    if (score < 0 || score > 10) errors.push(invalid(`${path}[${index}].score`, score, 'not in valid range [0, 10]'))
  })
  return errors
}

/** ValidateNodeResourcesFitArgs. Upstream's table has it under a wrong name, so it is the plugin's factory that asks. */
export const nodeResourcesFitErrors = (args: Args): Errors => {
  const errors: string[] = []
  listOf<string>(args['ignoredResources']).forEach((name, i) =>
    errors.push(...labelName(`ignoredResources[${i}]`, name)),
  )
  listOf<string>(args['ignoredResourceGroups']).forEach((name, i) => {
    const path = `ignoredResourceGroups[${i}]`
    if (name.includes('/')) errors.push(invalid(path, name, "resource group name can't contain '/'"))
    errors.push(...labelName(path, name))
  })
  const strategy = args['scoringStrategy'] as
    | {
        readonly type?: string
        readonly resources?: readonly Weighed[]
        readonly requestedToCapacityRatio?: { readonly shape?: readonly ShapePoint[] }
      }
    | undefined
    | null
  if (strategy === undefined || strategy === null) return errors
  const { type = '', resources, requestedToCapacityRatio: ratio } = strategy
  const types = ['LeastAllocated', 'MostAllocated', 'RequestedToCapacityRatio']
  if (!types.includes(type)) errors.push(notSupported('scoringStrategy.type', type, types))
  listOf<Weighed>(resources).forEach(({ name = '', weight = 0 }, i) => {
    if (weight < 0 || weight > 100)
      errors.push(
        invalid(
          `scoringStrategy.resources[${i}].weight`,
          weight,
          `resource weight of ${name} not in valid range (0, 100]`,
        ),
      )
  })
  const path = 'scoringStrategy.requestedToCapacityRatio'
  if (type === 'RequestedToCapacityRatio') {
    if (ratio === undefined || ratio === null)
      errors.push(required(path, 'must be specified when type is RequestedToCapacityRatio'))
    else errors.push(...functionShape(`${path}.shape`, listOf<ShapePoint>(ratio.shape)))
  } else if (ratio !== undefined && ratio !== null)
    errors.push(forbidden(path, 'must be nil when type is not RequestedToCapacityRatio'))
  return errors
}

const dynamicResources = (path: string, args: Args): Errors => {
  const errors: string[] = []
  const seconds = (name: string): number | undefined => {
    const value = args[name]
    return typeof value === 'string' ? durationSeconds(value) : undefined
  }
  const shown = (name: string): unknown => args[name]
  if ((seconds('filterTimeout') ?? 0) < 0)
    errors.push(invalid(`${path}filterTimeout`, shown('filterTimeout'), 'must be zero or positive'))
  if ((seconds('bindingTimeout') ?? 600) < 1)
    errors.push(invalid(`${path}bindingTimeout`, shown('bindingTimeout'), 'must be at least 1 second'))
  return errors
}

const unitSeconds: Readonly<Record<string, number>> = {
  ns: 1e-9,
  us: 1e-6,
  ms: 1e-3,
  s: 1,
  m: 60,
  h: 3600,
}
const durationSeconds = (text: string): number => {
  let total = 0
  for (const [, amount, unit] of text.matchAll(/([\d.]+)(ns|us|ms|s|m|h)/g))
    total += Number(amount) * unitSeconds[unit!]!
  return text.startsWith('-') ? -total : total
}

/** pkg/scheduler/apis/config/validation/validation_pluginargs.go, by plugin. `path` ends with a dot. */
export const argsValidations: Readonly<Record<string, ((path: string, args: Args) => Errors) | undefined>> = {
  DefaultPreemption: defaultPreemption,
  InterPodAffinity: interPodAffinity,
  NodeAffinity: nodeAffinity,
  NodeResourcesBalancedAllocation: balancedAllocation,
  PodTopologySpread: podTopologySpread,
  VolumeBinding: volumeBinding,
  DynamicResources: dynamicResources,
}
