import { deepFreeze } from '../json/deep-freeze.ts'
import { canonicalQuantity } from '../quantity/canonical-quantity.ts'
import { quantityOf } from '../quantity/parse-quantity.ts'
import { addQuantities, maxQuantity } from '../quantity/quantity-arithmetic.ts'
import type { Quantity } from '../quantity/quantity.ts'
import type { Defaulters } from './defaulter.ts'
import { change, changeEach, fillNil, replace, type Fields } from './fill.ts'

type Amounts = Map<string, Quantity>
type Side = 'requests' | 'limits'

const listOf = (spec: Fields, key: string): readonly Fields[] => (spec[key] as readonly Fields[] | undefined) ?? []
const resourcesOf = (holder: Fields): Fields => (holder['resources'] as Fields | undefined) ?? {}

const add = (into: Amounts, list: Fields | undefined): void => {
  for (const name in list) {
    const amount = quantityOf(String(list[name]))
    const before = into.get(name)
    into.set(name, before === undefined ? amount : addQuantities(before, amount))
  }
}

const raise = (into: Amounts, by: Amounts): void => {
  for (const [name, amount] of by) {
    const before = into.get(name)
    into.set(name, before === undefined ? amount : maxQuantity(before, amount))
  }
}

/**
 * What a pod's containers ask for together, without pod-level resources and overhead: component-helpers/resource
 * AggregateContainerRequests and AggregateContainerLimits. Sidecars count beside the containers and below later init containers.
 */
export const aggregateAmounts = (spec: Fields, side: Side): ReadonlyMap<string, Quantity> => {
  const total: Amounts = new Map()
  for (const one of listOf(spec, 'containers')) add(total, resourcesOf(one)[side] as Fields | undefined)
  const sidecars: Amounts = new Map()
  const initial: Amounts = new Map()
  for (const one of listOf(spec, 'initContainers')) {
    const wanted = resourcesOf(one)[side] as Fields | undefined
    const now: Amounts = new Map()
    if (one['restartPolicy'] === 'Always') {
      add(total, wanted)
      add(sidecars, wanted)
      raise(now, sidecars)
    } else {
      raise(now, sidecars)
      add(now, wanted)
    }
    raise(initial, now)
  }
  raise(total, initial)
  return total
}

const podLevel = (name: string): boolean => name === 'cpu' || name === 'memory' || name.startsWith('hugepages-')

/** defaultHugePagePodLimits and defaultPodRequests. */
const podResources = (spec: Fields): Fields => {
  const resources = spec['resources'] as Fields | undefined
  if (resources === undefined) return spec
  const given = resources['requests'] as Fields | undefined
  let limits = resources['limits'] as Fields | undefined
  if (limits === undefined && given === undefined) return spec
  const morelimits: Record<string, unknown> = { ...limits }
  for (const [name, amount] of aggregateAmounts(spec, 'limits')) {
    if (name.startsWith('hugepages-') && given?.[name] === undefined) morelimits[name] ??= canonicalQuantity(amount)
  }
  if (Object.keys(morelimits).length > 0) limits = morelimits
  if (limits === undefined) return spec
  const requests: Record<string, unknown> = { ...given }
  for (const [name, amount] of aggregateAmounts(spec, 'requests')) {
    // Huge pages are never overcommitted: they follow the limit.
    if (podLevel(name) && !name.startsWith('hugepages-')) requests[name] ??= canonicalQuantity(amount)
  }
  for (const name in limits) if (podLevel(name)) requests[name] ??= limits[name]
  return replace(spec, { resources: replace(resources, { limits, requests }) })
}

/** Requests default to limits. */
const requestsFromLimits = (container: Fields): Fields => {
  const resources = container['resources'] as Fields | undefined
  const limits = resources?.['limits'] as Fields | undefined
  if (resources === undefined || limits === undefined) return container
  const requests = fillNil((resources['requests'] as Fields | undefined) ?? {}, limits)
  return requests === resources['requests']
    ? container
    : replace(container, { resources: replace(resources, { requests }) })
}

const hostPorts = (container: Fields): Fields =>
  changeEach(container, 'ports', (port) =>
    port['hostPort'] === undefined && port['containerPort'] !== 0
      ? replace(port, { hostPort: port['containerPort'] })
      : port,
  )

const inContainers = (spec: Fields, by: (container: Fields) => Fields): Fields =>
  changeEach(changeEach(spec, 'containers', by), 'initContainers', by)

const specs = new WeakMap<object, Fields>()

/** What SetDefaults_Pod does below spec; remembered by the template's spec that pods share. */
const podSpec = (spec: Fields): Fields => {
  const known = specs.get(spec)
  if (known !== undefined) return known
  let out = podResources(inContainers(spec, requestsFromLimits))
  out = fillNil(out, { enableServiceLinks: true })
  if (out['hostNetwork'] === true) out = inContainers(out, hostPorts)
  // Frozen, so that what comes after knows it again.
  if (Object.isFrozen(spec)) specs.set(spec, deepFreeze(out))
  return out
}

/** pkg/apis/core/v1/defaults.go SetDefaults_Pod: only pods have these, templates do not. */
export const podDefaulters: Defaulters = {
  'io.k8s.api.core.v1.Pod': (value) => change(value, 'spec', (spec) => podSpec(spec ?? {})),
}
