import { resourceUnits } from '../../api/quantity/quantity-values.ts'
import { InvariantError } from '../kernel/invariant-error.ts'
import type { ResourceRequirements, Container, Pod } from '../../api/types/core-v1.generated.ts'

/** Amounts of the resources that the scheduler counts; cpu in thousandths. Mirrors framework.Resource (pkg/scheduler/framework/types.go). */
export interface Amounts {
  readonly cpu: number
  readonly memory: number
  readonly ephemeral: number
  /** Extended resources, huge pages and the like, in order of their names; undefined when there are none. */
  readonly scalars: ReadonlyMap<string, number> | undefined
}

export type ResourceList = Readonly<Record<string, string>>
type Counts = Map<string, number>

const qualifiedName =
  /^([a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*\/)?[A-Za-z0-9]([-A-Za-z0-9_.]*[A-Za-z0-9])?$/

/** helper.IsExtendedResourceName: not native, no `requests.` prefix, and a qualified name with that prefix. */
export const isExtendedResource = (name: string): boolean => {
  if (!name.includes('/') || name.includes('kubernetes.io/') || name.startsWith('requests.')) return false
  return qualifiedName.test(`requests.${name}`) && name.slice(name.indexOf('/') + 1).length <= 63
}

/** schedutil.IsScalarResourceName. */
export const isScalarResource = (name: string): boolean =>
  name.startsWith('hugepages-') ||
  name.includes('kubernetes.io/') ||
  name.startsWith('attachable-volumes-') ||
  isExtendedResource(name)

const addList = (total: Counts, list: ResourceList | undefined): void => {
  for (const name in list) total.set(name, (total.get(name) ?? 0) + resourceUnits(name, list[name]!))
}

const addCounts = (total: Counts, other: ReadonlyMap<string, number>): void => {
  for (const [name, amount] of other) total.set(name, (total.get(name) ?? 0) + amount)
}

const maxCounts = (total: Counts, other: ReadonlyMap<string, number>): void => {
  for (const [name, amount] of other) if (amount > (total.get(name) ?? -1)) total.set(name, amount)
}

const countsOf = (...lists: readonly (ResourceList | undefined)[]): Counts => {
  const counts: Counts = new Map()
  for (const list of lists)
    for (const name in list) {
      const amount = resourceUnits(name, list[name]!)
      if (amount > (counts.get(name) ?? -1)) counts.set(name, amount)
    }
  return counts
}

/** What a container that says nothing about cpu or memory is taken to use, for scores only (schedutil.DefaultMilliCPURequest …). */
const unsaid: ReadonlyMap<string, number> = new Map([
  ['cpu', 100],
  ['memory', 200 * 1024 * 1024],
])

const resizeInfeasible = (pod: Pod): boolean =>
  pod.status?.conditions?.find((one) => one.type === 'PodResizePending')?.reason === 'Infeasible'

const podLevel = (name: string): boolean => name === 'cpu' || name === 'memory' || name.startsWith('hugepages-')

const restarts = (container: Container): boolean => container.restartPolicy === 'Always'

interface RequestOptions {
  /** Counts what a running pod really has, while it is being resized. */
  readonly useStatus: boolean
  /** Amounts for what a container leaves unsaid. */
  readonly unsaid: ReadonlyMap<string, number> | undefined
  /** Only what the containers ask for, whatever the pod as a whole does. */
  readonly containersOnly?: boolean
}

/** Actuated and allocated amounts of a running container or pod, and what its spec asks for unless that is infeasible. */
const effective = (
  pod: Pod,
  spec: ResourceList | undefined,
  actual: ResourceRequirements,
  allocated: ResourceList | undefined,
): Counts => (resizeInfeasible(pod) ? countsOf(actual.requests, allocated) : countsOf(spec, actual.requests, allocated))

const containerCounts = (pod: Pod, container: Container, options: RequestOptions): Counts => {
  let counts: Counts | undefined
  if (options.useStatus) {
    const found = (one: { readonly name: string }): boolean => one.name === container.name
    const running = pod.status?.containerStatuses?.find(found) ?? pod.status?.initContainerStatuses?.find(found)
    if (running?.resources !== undefined) {
      counts = effective(pod, container.resources?.requests, running.resources, running.allocatedResources)
    }
  }
  counts ??= countsOf(container.resources?.requests)
  if (options.unsaid !== undefined)
    for (const [name, amount] of options.unsaid) if (!counts.has(name)) counts.set(name, amount)
  return counts
}

/** resource.PodRequests (component-helpers/resource/helpers.go): containers, init containers and sidecars, pod level, overhead. */
const podCounts = (pod: Pod, options: RequestOptions): Counts => {
  const total: Counts = new Map()
  for (const container of pod.spec.containers) addCounts(total, containerCounts(pod, container, options))
  if (pod.spec.initContainers !== undefined) {
    const sidecars: Counts = new Map()
    const peak: Counts = new Map()
    for (const container of pod.spec.initContainers) {
      const own = containerCounts(pod, container, restarts(container) ? options : { ...options, useStatus: false })
      if (restarts(container)) {
        addCounts(total, own)
        addCounts(sidecars, own)
        maxCounts(peak, sidecars)
      } else {
        addCounts(own, sidecars)
        maxCounts(peak, own)
      }
    }
    maxCounts(total, peak)
  }
  const wanted = options.containersOnly === true ? undefined : pod.spec.resources?.requests
  if (wanted !== undefined) {
    const actual = options.useStatus ? pod.status?.resources : undefined
    const real = actual === undefined ? undefined : effective(pod, wanted, actual, pod.status?.allocatedResources)
    for (const name in wanted) {
      if (podLevel(name))
        total.set(name, real === undefined ? resourceUnits(name, wanted[name]!) : (real.get(name) ?? 0))
    }
  }
  addList(total, pod.spec.overhead)
  return total
}

const amountsOf = (counts: ReadonlyMap<string, number>): Amounts => {
  let scalars: Map<string, number> | undefined
  for (const [name, amount] of counts) {
    if (name === 'cpu' || name === 'memory' || name === 'ephemeral-storage' || !isScalarResource(name)) continue
    scalars ??= new Map()
    scalars.set(name, amount)
  }
  if (scalars !== undefined && scalars.size > 1) scalars = new Map([...scalars].sort((a, b) => (a[0] < b[0] ? -1 : 1)))
  return {
    cpu: counts.get('cpu') ?? 0,
    memory: counts.get('memory') ?? 0,
    ephemeral: counts.get('ephemeral-storage') ?? 0,
    scalars,
  }
}

/** What a pod occupies on its node, and what the least- and most-allocated scores take it to occupy. */
export interface PodAmounts {
  readonly requests: Amounts
  readonly nonZeroCpu: number
  readonly nonZeroMemory: number
  /** Every requested resource by name, those that the scheduler does not count included. */
  readonly all: ReadonlyMap<string, number>
}

export const podAmounts = (pod: Pod, useStatus: boolean): PodAmounts => {
  const all = podCounts(pod, { useStatus, unsaid: undefined })
  const wanted = pod.spec.resources?.requests
  const levels = wanted !== undefined && Object.keys(wanted).some(podLevel)
  const missing = levels ? new Map([...unsaid].filter(([name]) => !all.has(name))) : unsaid
  const nonZero = missing.size === 0 ? all : podCounts(pod, { useStatus, unsaid: missing })
  return {
    requests: amountsOf(all),
    nonZeroCpu: nonZero.get('cpu') ?? 0,
    nonZeroMemory: nonZero.get('memory') ?? 0,
    all,
  }
}

/**
 * A pod's requests as a resource score counts them. NodeResourcesFit fills in what containers leave unsaid and does not look at
 * pod-level requests (calculatePodResourceRequest: its scorer is made without those features); balanced allocation does the opposite.
 */
export const scoredRequests = (pod: Pod, filled: boolean): ReadonlyMap<string, number> =>
  podCounts(pod, { useStatus: !filled, unsaid: filled ? unsaid : undefined, containersOnly: filled })

export interface NodeAmounts extends Amounts {
  readonly pods: number
}

export const nodeAmounts = (allocatable: ResourceList | undefined): NodeAmounts => {
  const counts = countsOf(allocatable)
  return { ...amountsOf(counts), pods: counts.get('pods') ?? 0 }
}

/** (a × b) div c of non-negative integers, exact beyond 2^53. */
export const multiplyDivide = (a: number, b: number, c: number): number => {
  const product = a * b
  if (product <= Number.MAX_SAFE_INTEGER) return Math.floor(product / c)
  if (c === 0) throw new InvariantError('scheduler', 'division by zero in a score', { a, b })
  return Number((BigInt(a) * BigInt(b)) / BigInt(c))
}
