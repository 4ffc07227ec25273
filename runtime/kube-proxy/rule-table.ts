import { structuralEqual } from '../../api/json/structural-equal.ts'
import type { Service } from '../../api/types/core-v1.generated.ts'
import type { EndpointSlice } from '../../api/types/discovery-v1.generated.ts'
import type { Place } from './categorize-endpoints.ts'
import { portRules, type PortRules } from './port-rules.ts'
import { servicePorts, type IpFamily, type ServicePort } from './service-port.ts'
import { sliceEndpoints } from './slice-endpoints.ts'

/** How a service port is reached. */
export type Via = 'clusterIP' | 'externalIP' | 'loadBalancer' | 'nodePort'

export interface Portal {
  readonly via: Via
  readonly rules: PortRules
}

/** The forwarding rules of one node, by service and by the address and port that they capture. */
export interface RuleTable {
  /** Rules of a Service (`default/web`), one for each of its ports; none if it has none. */
  of(service: string): readonly PortRules[]
  /** All rules in order of their key. */
  all(): readonly PortRules[]
  /** Who captures a virtual address, in the order of the rules. */
  portals(protocol: string, address: string, port: number): readonly Portal[]
  nodePorts(protocol: string, port: number): readonly Portal[]
  /** Whether a Service has the address as its cluster IP, whatever its ports. */
  isClusterIP(address: string): boolean
  /** Whether a Service has the address at all. */
  isVirtual(address: string): boolean
  /** Endpoints of all ports, usable or not: beyond 1000 the proxier writes no comments. */
  readonly endpointCount: number
  /** Makes the rules of one Service anew. False if they are what they were. */
  rebuild(service: string, input: ServiceInput): boolean
}

export interface ServiceInput {
  readonly service: Service | undefined
  /** Slices of the Service, in order of their names. */
  readonly slices: readonly EndpointSlice[]
  readonly place: Place
}

const none: readonly never[] = Object.freeze([])
const byKey = (a: PortRules, b: PortRules): number => (a.port.key < b.port.key ? -1 : a.port.key > b.port.key ? 1 : 0)

const addressKey = (protocol: string, address: string, port: number): string => `${protocol}/${address}/${port}`
const nodePortKey = (protocol: string, port: number): string => `${protocol}/${port}`

interface Own {
  readonly rules: readonly PortRules[]
  readonly endpointCount: number
}

interface Door {
  readonly key: string
  /** The portal alone, as most addresses have it. */
  readonly only: readonly [Portal]
}

const knownDoors = new WeakMap<PortRules, readonly Door[]>()

/** Every place under which a port is found. Rules that all nodes share have their doors once. */
const doors = (rules: PortRules): readonly Door[] => {
  let made = knownDoors.get(rules)
  if (made === undefined) {
    const { port } = rules
    const door = (key: string, via: Via): Door => ({ key, only: [{ via, rules }] })
    made = [
      door(addressKey(port.protocol, port.clusterIP, port.port), 'clusterIP'),
      ...port.externalIPs.map((ip) => door(addressKey(port.protocol, ip, port.port), 'externalIP')),
      ...port.loadBalancerIPs.map((ip) => door(addressKey(port.protocol, ip, port.port), 'loadBalancer')),
      ...(port.nodePort === 0 ? none : [door(nodePortKey(port.protocol, port.nodePort), 'nodePort')]),
    ]
    knownDoors.set(rules, made)
  }
  return made
}

const knownLists = new WeakMap<PortRules, readonly PortRules[]>()

/** The rules of a Service as a list that all nodes share that share the rules. */
const listOf = (made: readonly PortRules[]): readonly PortRules[] => {
  const [first] = made
  if (first === undefined) return none
  const known = knownLists.get(first)
  if (known?.length === made.length && known.every((rules, at) => rules === made[at])) return known
  const list = Object.freeze(made)
  knownLists.set(first, list)
  return list
}

const add = (counts: Map<string, number>, address: string, by: 1 | -1): void => {
  const left = (counts.get(address) ?? 0) + by
  if (left === 0) counts.delete(address)
  else counts.set(address, left)
}

/** Kept by service: a change of one slice makes one Service's rules anew and touches no other. */
export const createRuleTable = (family: IpFamily): RuleTable => {
  const services = new Map<string, Own>()
  const byDoor = new Map<string, readonly Portal[]>()
  /** Address → how many ports have it. */
  const clusterIPs = new Map<string, number>()
  const virtual = new Map<string, number>()
  const count = (port: ServicePort, by: 1 | -1): void => {
    add(clusterIPs, port.clusterIP, by)
    for (const address of [port.clusterIP, ...port.externalIPs, ...port.loadBalancerIPs]) add(virtual, address, by)
  }
  let endpointCount = 0
  let sorted: readonly PortRules[] | undefined

  const close = (rules: PortRules): void => {
    count(rules.port, -1)
    for (const { key } of doors(rules)) {
      const left = (byDoor.get(key) ?? none).filter((portal) => portal.rules !== rules)
      if (left.length === 0) byDoor.delete(key)
      else byDoor.set(key, left)
    }
  }
  const open = (rules: PortRules): void => {
    count(rules.port, 1)
    for (const { key, only } of doors(rules)) {
      const there = byDoor.get(key)
      byDoor.set(key, there === undefined ? only : [...there, ...only].sort((a, b) => byKey(a.rules, b.rules)))
    }
  }

  return {
    of: (service) => services.get(service)?.rules ?? none,
    all() {
      sorted ??= Object.freeze([...services.values()].flatMap((own) => own.rules).sort(byKey))
      return sorted
    },
    portals: (protocol, address, port) => byDoor.get(addressKey(protocol, address, port)) ?? none,
    nodePorts: (protocol, port) => byDoor.get(nodePortKey(protocol, port)) ?? none,
    isClusterIP: (address) => clusterIPs.has(address),
    isVirtual: (address) => virtual.has(address),
    get endpointCount() {
      return endpointCount
    },
    rebuild(name, { service, slices, place }) {
      const before = services.get(name)
      const ports = service === undefined ? none : servicePorts(service, family)
      const endpoints = ports.length === 0 ? undefined : sliceEndpoints(slices)
      let count = 0
      const made = ports.map((port) => {
        const own = endpoints?.get(`${port.portName}/${port.protocol}`) ?? none
        count += own.length
        return portRules(port, own, place)
      })
      endpointCount += count - (before?.endpointCount ?? 0)
      const old = before?.rules ?? none
      if (made.length === old.length && made.every((rules, i) => structuralEqual(rules, old[i]))) {
        if (before !== undefined) services.set(name, { rules: old, endpointCount: count })
        return false
      }
      for (const rules of old) close(rules)
      for (const rules of made) open(rules)
      if (made.length === 0) services.delete(name)
      else services.set(name, { rules: listOf(made), endpointCount: count })
      sorted = undefined
      return true
    },
  }
}
