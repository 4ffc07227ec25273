import { parseQuantity } from '../../../../api/quantity/parse-quantity.ts'
import type { Quantity } from '../../../../api/quantity/quantity.ts'
import type {
  Device,
  DeviceAttribute,
  DeviceClass,
  DeviceRequestAllocationResult,
  DeviceSelector,
  DeviceSubRequest,
  DeviceToleration,
  ExactDeviceRequest,
  ResourceClaim,
  ResourceSlice,
} from '../../../../api/types/resource-v1.generated.ts'
import { nodeMatcher, type NodeFacts } from '../../label-matcher.ts'
import { deviceExpression, type DeviceFacts } from './device-expression.ts'

/** A device that a node can reach. */
interface Candidate {
  readonly id: string
  readonly driver: string
  readonly pool: string
  readonly device: Device
  readonly facts: DeviceFacts
}

export interface AllocationWorld {
  readonly slices: readonly ResourceSlice[]
  readonly classOf: (name: string) => DeviceClass | undefined
  /** `driver/pool/device` of what is allocated already. */
  readonly allocated: ReadonlySet<string>
}

/** By claim, in the order of the claims; undefined: not on this node. Text: the allocator itself failed. */
export type Allocation = readonly (readonly DeviceRequestAllocationResult[])[] | undefined | string

export const deviceId = (driver: string, pool: string, device: string): string => `${driver}/${pool}/${device}`

const attributeValue = (attribute: DeviceAttribute): unknown =>
  attribute.string ?? attribute.int ?? attribute.bool ?? attribute.version

const factsOf = (driver: string, device: Device): DeviceFacts => {
  const attributes: Record<string, Record<string, unknown>> = {}
  const capacity: Record<string, Record<string, Quantity>> = {}
  // A name without a domain is in that of its driver.
  const split = (name: string): readonly [string, string] => {
    const slash = name.indexOf('/')
    return slash < 0 ? [driver, name] : [name.slice(0, slash), name.slice(slash + 1)]
  }
  for (const [name, value] of Object.entries(device.attributes ?? {})) {
    const [domain, own] = split(name)
    ;(attributes[domain] ??= {})[own] = attributeValue(value)
  }
  for (const [name, { value }] of Object.entries(device.capacity ?? {})) {
    const [domain, own] = split(name)
    const quantity = parseQuantity(value)
    if (!('error' in quantity)) (capacity[domain] ??= {})[own] = quantity
  }
  return { driver, attributes, capacity }
}

const bySlice = new WeakMap<ResourceSlice, readonly Candidate[]>()

const devicesOf = (slice: ResourceSlice): readonly Candidate[] => {
  let found = bySlice.get(slice)
  if (found === undefined) {
    const { driver, pool, devices } = slice.spec
    found = (devices ?? []).map((device) => ({
      id: deviceId(driver, pool.name, device.name),
      driver,
      pool: pool.name,
      device,
      facts: factsOf(driver, device),
    }))
    bySlice.set(slice, found)
  }
  return found
}

interface Placement {
  readonly nodeName?: string
  readonly allNodes?: boolean
  readonly nodeSelector?: Parameters<typeof nodeMatcher>[0]
}

const reaches = ({ nodeName, allNodes, nodeSelector }: Placement, node: NodeFacts): boolean =>
  allNodes === true || nodeName === node.name || (nodeSelector !== undefined && nodeMatcher(nodeSelector)(node))

/** GatherPools: devices of the newest generation of every pool that the node can reach. */
const candidatesFor = (slices: readonly ResourceSlice[], node: NodeFacts): readonly Candidate[] => {
  const newest = new Map<string, number>()
  for (const { spec } of slices) {
    const key = `${spec.driver}/${spec.pool.name}`
    newest.set(key, Math.max(newest.get(key) ?? 0, spec.pool.generation))
  }
  return slices.flatMap((slice) => {
    const { spec } = slice
    if (spec.pool.generation !== newest.get(`${spec.driver}/${spec.pool.name}`)) return []
    if (spec.perDeviceNodeSelection === true) return devicesOf(slice).filter((one) => reaches(one.device, node))
    return reaches(spec, node) ? devicesOf(slice) : []
  })
}

/** Whether the selectors hold; text if one of them cannot be evaluated. */
const selected = (selectors: readonly DeviceSelector[] | undefined, candidate: Candidate): boolean | string => {
  for (const { cel } of selectors ?? []) {
    if (cel === undefined) continue
    const expression = deviceExpression(cel.expression)
    if ('error' in expression) return expression.error
    const value = expression(candidate.facts)
    if (value === undefined) return `CEL runtime error: no such key: ${cel.expression}`
    if (value !== true) return false
  }
  return true
}

const taintsTolerated = ({ taints }: Device, tolerations: readonly DeviceToleration[] | undefined): boolean =>
  (taints ?? []).every(
    (taint) =>
      taint.effect === 'None' ||
      (tolerations ?? []).some(
        (one) =>
          (one.effect === undefined || one.effect === taint.effect) &&
          ((one.key ?? '') === '' || one.key === taint.key) &&
          (one.operator === 'Exists' || (one.value ?? '') === (taint.value ?? '')),
      ),
  )

type Demand = ExactDeviceRequest | DeviceSubRequest
interface Wanted {
  readonly claim: number
  readonly name: string
  readonly demand: Demand
  readonly adminAccess: boolean
}
interface Taken {
  readonly wanted: Wanted
  readonly candidate: Candidate
}

/** matchAttribute and distinctAttribute over what is taken so far. */
const constraintsHold = (claims: readonly ResourceClaim[], taken: readonly Taken[]): boolean => {
  const valueOf = ({ candidate }: Taken, attribute: string): unknown => {
    const slash = attribute.indexOf('/')
    return candidate.facts.attributes[attribute.slice(0, slash)]?.[attribute.slice(slash + 1)]
  }
  return claims.every((claim, index) =>
    (claim.spec.devices?.constraints ?? []).every(({ requests, matchAttribute, distinctAttribute }) => {
      const attribute = matchAttribute ?? distinctAttribute
      if (attribute === undefined) return true
      const concerned = taken.filter(
        ({ wanted }) =>
          wanted.claim === index &&
          (requests === undefined ||
            requests.length === 0 ||
            requests.some((one) => one === wanted.name || wanted.name.startsWith(`${one}/`))),
      )
      const values = concerned.map((one) => valueOf(one, attribute))
      if (values.includes(undefined)) return false
      const different = new Set(values).size
      return matchAttribute !== undefined ? different <= 1 : different === values.length
    }),
  )
}

/**
 * Finds devices on a node for claims, in the order of their requests, going back where a later one finds none (the structured
 * allocator of dynamic-resource-allocation). Differs: no counters, no shared devices, no consumed capacity.
 */
export const allocate = (claims: readonly ResourceClaim[], node: NodeFacts, world: AllocationWorld): Allocation => {
  const reachable = candidatesFor(world.slices, node)
  const used = new Set<string>()
  const taken: Taken[] = []
  let failure: string | undefined

  const usable = ({ demand, adminAccess }: Wanted, candidate: Candidate): boolean => {
    if (!adminAccess && (used.has(candidate.id) || world.allocated.has(candidate.id))) return false
    if (!taintsTolerated(candidate.device, demand.tolerations)) return false
    for (const selectors of [world.classOf(demand.deviceClassName)?.spec.selectors, demand.selectors]) {
      const verdict = selected(selectors, candidate)
      if (typeof verdict === 'string') failure ??= verdict
      if (verdict !== true) return false
    }
    return true
  }

  const requests = claims.flatMap((claim, index) =>
    (claim.spec.devices?.requests ?? []).map((request): readonly Wanted[] => {
      const { exactly } = request
      if (exactly !== undefined) {
        return [{ claim: index, name: request.name, demand: exactly, adminAccess: exactly.adminAccess === true }]
      }
      return (request.firstAvailable ?? []).map((sub) => ({
        claim: index,
        name: `${request.name}/${sub.name}`,
        demand: sub,
        adminAccess: false,
      }))
    }),
  )

  const fill = (wanted: Wanted, left: number, from: number, next: () => boolean): boolean => {
    if (left === 0) return next()
    for (let at = from; at < reachable.length; at += 1) {
      const candidate = reachable[at]!
      if (!usable(wanted, candidate)) {
        if (failure !== undefined) return false
        continue
      }
      used.add(candidate.id)
      taken.push({ wanted, candidate })
      if (constraintsHold(claims, taken) && fill(wanted, left - 1, at + 1, next)) return true
      taken.pop()
      used.delete(candidate.id)
    }
    return false
  }
  const place = (index: number): boolean => {
    const alternatives = requests[index]
    if (alternatives === undefined) return true
    return alternatives.some((wanted) => {
      if (wanted.demand.allocationMode !== 'All')
        return fill(wanted, wanted.demand.count ?? 1, 0, () => place(index + 1))
      // All means every device that matches: one that is taken already makes it impossible.
      const all = reachable.filter((one) => usable({ ...wanted, adminAccess: true }, one))
      const free = all.every((one) => usable(wanted, one))
      return all.length > 0 && free && fill(wanted, all.length, 0, () => place(index + 1))
    })
  }

  if (!place(0)) return failure
  return claims.map((_, index) =>
    taken
      .filter(({ wanted }) => wanted.claim === index)
      .map(({ wanted, candidate }) => ({
        request: wanted.name,
        driver: candidate.driver,
        pool: candidate.pool,
        device: candidate.device.name,
        ...(wanted.adminAccess ? { adminAccess: true } : {}),
        ...(wanted.demand.tolerations === undefined ? {} : { tolerations: wanted.demand.tolerations }),
      })),
  )
}
