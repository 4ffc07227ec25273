import type { KubeObject } from '../../api/object.ts'
import { milliValue, unitsText, wholeValue } from '../../api/quantity/quantity-values.ts'
import { parseQuantity } from '../../api/quantity/parse-quantity.ts'
import { parseGoDuration } from '../../api/durations/go-duration.ts'
import { compareQuantities } from '../../api/quantity/compare-quantities.ts'
import { calculate } from './arithmetic.ts'
import { orderValues } from './compare-values.ts'
import { entriesOf } from './entries-of.ts'
import { EvaluationError } from './evaluation-error.ts'
import { valueOfJson } from './read-path.ts'
import type { Moment } from './moment.ts'
import { nodeLabelKey } from './node-labels.ts'
import { objectSubject, presentObject } from './resolve-noun.ts'
import { askedNames, lookupStatus, resolvedAddresses } from './dns.ts'
import { podLog } from './pod-log.ts'
import { requestCount, requestEnds } from './requests.ts'
import { subjectKey, type ObjectSubject } from './subject.ts'
import { absentValue, durationValue, listValue, numberValue, subjectValue, type Value } from './value.ts'

type Fn = (args: readonly Value[], moment: Moment) => Value

const itemsOf = (value: Value | undefined): readonly Value[] =>
  value === undefined || value.kind === 'absent' ? [] : value.kind === 'list' ? value.items : [value]

const text = (value: Value | undefined): string => {
  if (value?.kind === 'string' || value?.kind === 'quantity') return value.kind === 'string' ? value.value : value.text
  if (value?.kind === 'subject' && value.subject.kind === 'named') return value.subject.name
  throw new EvaluationError(`a name is needed here, not a ${value?.kind ?? 'missing argument'}`)
}

const objectOf = (value: Value | undefined): ObjectSubject => {
  const only = value?.kind === 'list' && value.items.length === 1 ? value.items[0] : value
  if (only?.kind === 'subject' && only.subject.kind === 'object') return only.subject
  throw new EvaluationError(`an object is needed here, not a ${only?.kind ?? 'missing argument'}`)
}

const extreme =
  (sign: 1 | -1): Fn =>
  (args) => {
    const items = args.length === 1 ? itemsOf(args[0]) : args
    let best: Value | undefined
    for (const item of items) if (best === undefined || orderValues(item, best) === sign) best = item
    return best ?? absentValue('an extreme of nothing')
  }

const created = (object: KubeObject, moment: Moment): number => {
  const value = valueOfJson(object.metadata.creationTimestamp, 'time', moment.world.epoch)
  return value.kind === 'time' ? value.micros : 0
}

/** To the microsecond where the run saw the object being made; to the second that its metadata tells otherwise. */
const creationOf = (subject: ObjectSubject, moment: Moment): number => {
  const { timeline } = moment.world
  let found: number | undefined
  for (const entry of timeline.about(subjectKey(subject))) {
    if (timeline.kind(entry) !== 'revision') continue
    const { object, before } = timeline.data(entry) as { object?: KubeObject; before?: KubeObject }
    if (before === undefined && object?.metadata.uid === subject.uid) found = timeline.time(entry)
  }
  return found ?? created(subject.object, moment)
}

const rounded =
  (round: (value: number) => number): Fn =>
  ([value]) => {
    if (value?.kind !== 'number')
      throw new EvaluationError(`a number is needed here, not a ${value?.kind ?? 'nothing'}`)
    return numberValue(round(value.value))
  }

interface Resources {
  readonly requests?: Readonly<Record<string, string>>
}
interface PodShape extends KubeObject {
  readonly spec: {
    readonly nodeName?: string
    readonly overhead?: Readonly<Record<string, string>>
    readonly resources?: Resources
    readonly containers: readonly { readonly resources?: Resources }[]
    readonly initContainers?: readonly { readonly resources?: Resources; readonly restartPolicy?: string }[]
  }
  readonly status: { readonly phase?: string }
}

/** A pod's request for a resource, counted by `unit`. Mirrors resource.PodRequests of component-helpers (v1.36). */
const podRequest = (pod: PodShape, resource: string, unit: (amount: string) => number): number => {
  const of = (resources: Resources | undefined): number => {
    const amount = resources?.requests?.[resource]
    return amount === undefined ? 0 : unit(amount)
  }
  const { spec } = pod
  let total = spec.containers.reduce((sum, container) => sum + of(container.resources), 0)
  let sidecars = 0
  let initial = 0
  for (const container of spec.initContainers ?? []) {
    const amount = of(container.resources)
    if (container.restartPolicy === 'Always') {
      sidecars += amount
      initial = Math.max(initial, sidecars)
    } else initial = Math.max(initial, sidecars + amount)
  }
  total = Math.max(total + sidecars, initial)
  const overhead = spec.overhead?.[resource]
  const whole = spec.resources?.requests?.[resource]
  return (whole === undefined ? total : unit(whole)) + (overhead === undefined ? 0 : unit(overhead))
}

const requested: Fn = ([node, resource], moment) => {
  const name = text(resource)
  const of = objectOf(node).name
  moment.reads.add('pods')
  if (name === 'pods') {
    const pods = moment.state.list('pods', undefined) as readonly PodShape[]
    return numberValue(pods.filter((pod) => pod.spec.nodeName === of && isLive(pod)).length)
  }
  const unit = name === 'cpu' ? milliValue : wholeValue
  let total = 0
  for (const pod of moment.state.list('pods', undefined) as readonly PodShape[]) {
    if (pod.spec.nodeName === of && isLive(pod)) total += podRequest(pod, name, unit)
  }
  return { kind: 'quantity', text: unitsText(name, total) }
}

const isLive = (pod: PodShape): boolean => pod.status.phase !== 'Succeeded' && pod.status.phase !== 'Failed'

const allocatable: Fn = ([node, resource], moment) => {
  const subject = objectOf(node)
  const object = presentObject(subject, moment) as
    { readonly status?: { readonly allocatable?: Readonly<Record<string, string>> } } | undefined
  const amount = object?.status?.allocatable?.[text(resource)]
  return amount === undefined ? absentValue(`allocatable ${text(resource)}`) : { kind: 'quantity', text: amount }
}

/** Most minus fewest of the things in the domains of a topology; domains without any count as 0. */
const skew: Fn = ([things, domain], moment) => {
  const key = nodeLabelKey(text(domain))
  moment.reads.add('nodes')
  const counts = new Map<string, number>()
  const domainOf = new Map<string, string>()
  for (const node of moment.state.list('nodes', undefined)) {
    const value = node.metadata.labels?.[key]
    if (value === undefined) continue
    domainOf.set(node.metadata.name, value)
    if (!counts.has(value)) counts.set(value, 0)
  }
  for (const item of itemsOf(things)) {
    if (item.kind !== 'subject' || item.subject.kind !== 'object') continue
    const object = presentObject(item.subject, moment) as PodShape | undefined
    const at = object?.spec.nodeName === undefined ? undefined : domainOf.get(object.spec.nodeName)
    if (at !== undefined) counts.set(at, counts.get(at)! + 1)
  }
  const numbers = [...counts.values()]
  return numberValue(numbers.length === 0 ? 0 : Math.max(...numbers) - Math.min(...numbers))
}

const attempts: Fn = ([pod], moment) => {
  const key = subjectKey(objectOf(pod))
  const { timeline } = moment.world
  moment.reads.add('verdict')
  const own = entriesOf(timeline, 'verdict').filter(
    (entry) => entry >= moment.since && entry <= moment.state.entry && timeline.subject(entry) === key,
  )
  return numberValue(own.length)
}

const ownerOf: Fn = ([value], moment) => {
  const subject = objectOf(value)
  const object = presentObject(subject, moment) ?? subject.object
  const reference = object.metadata.ownerReferences?.find((one) => one.controller === true)
  if (reference === undefined) return absentValue('an owner')
  const resource = moment.world.scheme().byKind(`${reference.apiVersion}/${reference.kind}`)
  if (resource === undefined) return absentValue('an owner of a known kind')
  const name = resource.group === '' ? resource.plural : `${resource.plural}.${resource.group}`
  const namespace = resource.namespaced ? subject.namespace : undefined
  moment.reads.add(name)
  const owner = moment.state.get(name, namespace, reference.name)
  return owner?.metadata.uid === reference.uid
    ? subjectValue(objectSubject(name, owner, moment.state.entry))
    : absentValue('an owner')
}

/** Pods whose controller is the object, or is owned by it: a Deployment's are its ReplicaSets'. */
const podsOf: Fn = ([value], moment) => {
  const owner = objectOf(value)
  moment.reads.add('pods')
  const owners = new Set([owner.uid])
  if (owner.resource === 'deployments.apps') {
    moment.reads.add('replicasets.apps')
    for (const set of moment.state.list('replicasets.apps', owner.namespace)) {
      if (set.metadata.ownerReferences?.some((one) => one.controller === true && one.uid === owner.uid)) {
        owners.add(set.metadata.uid)
      }
    }
  }
  const pods = moment.state
    .list('pods', owner.namespace)
    .filter((pod) => pod.metadata.ownerReferences?.some((one) => one.controller === true && owners.has(one.uid)))
  return listValue(pods.map((pod) => subjectValue(objectSubject('pods', pod, moment.state.entry))))
}

const gaps: Fn = ([things], moment) => {
  const instants = itemsOf(things)
    .flatMap((item) =>
      item.kind === 'subject' && item.subject.kind === 'object' ? [creationOf(item.subject, moment)] : [],
    )
    .sort((a, b) => a - b)
  return listValue(instants.slice(1).map((at, index) => durationValue(at - instants[index]!)))
}

const quantityFrom: Fn = ([value]) => {
  const given = value?.kind === 'number' ? String(value.value) : text(value)
  if (!('unscaled' in parseQuantity(given))) throw new EvaluationError(`\`${given}\` is no quantity`)
  return { kind: 'quantity', text: given }
}

const durationFrom: Fn = ([value]) => {
  if (value?.kind === 'duration') return value
  const parsed = parseGoDuration(text(value))
  if ('error' in parsed) throw new EvaluationError(parsed.error)
  return durationValue(Number(parsed.nanos / 1000n))
}

const sum: Fn = ([list]) => {
  let total: Value | undefined
  for (const item of itemsOf(list)) {
    if (item.kind === 'absent') continue
    total = total === undefined ? item : calculate('+', total, item)
  }
  return total ?? numberValue(0)
}

const magnitude: Fn = ([value]) => {
  if (value?.kind === 'number') return numberValue(Math.abs(value.value))
  if (value?.kind === 'duration') return value.micros < 0 ? durationValue(-value.micros, -value.moves) : value
  if (value?.kind === 'quantity') {
    const parsed = parseQuantity(value.text)
    const zero = parseQuantity('0')
    const negative = 'unscaled' in parsed && 'unscaled' in zero && compareQuantities(parsed, zero) < 0
    return negative ? calculate('-', { kind: 'quantity', text: '0' }, value) : value
  }
  throw new EvaluationError(`abs of a ${value?.kind ?? 'nothing'}`)
}

/** The functions of the language (reference 3.14) that a run can answer. */
export const functions: Readonly<Record<string, Fn>> = {
  count: ([list]) => numberValue(itemsOf(list).length),
  sum,
  min: extreme(-1),
  max: extreme(1),
  first: ([list]) => itemsOf(list)[0] ?? absentValue('the first of nothing'),
  abs: magnitude,
  ceil: rounded(Math.ceil),
  floor: rounded(Math.floor),
  age: ([value], moment) => durationValue(moment.state.now - creationOf(objectOf(value), moment), 1),
  now: (_, moment) => ({ kind: 'time', micros: moment.state.now, moves: 1 }),
  skew,
  attempts,
  requested,
  allocatable,
  owner: ownerOf,
  'pods-of': podsOf,
  gaps,
  errors: requestCount('errors'),
  requests: requestCount('requests'),
  backends: requestEnds('pod'),
  sources: requestEnds('source'),
  lookup: lookupStatus,
  resolve: resolvedAddresses,
  queries: askedNames,
  logs: podLog,
  quantity: quantityFrom,
  duration: durationFrom,
  revision: (_, moment) => numberValue(moment.state.revision),
}
