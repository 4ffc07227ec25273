import type { Service } from '../../../api/types/core-v1.generated.ts'
import type { ServerContext } from '../server-context.ts'
import { parseRange, type AddressRange } from './address-range.ts'

/** What Services hold at the moment, kept from etcd's commits: no service is ever scanned twice. */
export interface Allocated {
  readonly range: AddressRange
  hasAddress(address: string): boolean
  hasPort(port: number): boolean
}

const addressesOf = (service: Service): readonly string[] =>
  (service.spec?.clusterIPs ?? []).filter((one) => one !== '' && one !== 'None')

export const nodePortsOf = (service: Service): readonly number[] => {
  const ports = (service.spec?.ports ?? []).map((port) => port.nodePort ?? 0).filter((port) => port !== 0)
  const health = service.spec?.healthCheckNodePort ?? 0
  return health === 0 ? ports : [...ports, health]
}

const known = new WeakMap<ServerContext, Allocated>()

export const allocatedOf = (context: ServerContext): Allocated => {
  let allocated = known.get(context)
  if (allocated !== undefined) return allocated
  const resource = context.scheme().byKind('v1/Service')!
  const addresses = new Map<string, number>()
  const ports = new Map<number, number>()
  const count = <K>(map: Map<K, number>, key: K, by: number): void => {
    const next = (map.get(key) ?? 0) + by
    if (next === 0) map.delete(key)
    else map.set(key, next)
  }
  const change = (service: Service | undefined, by: number): void => {
    if (service === undefined) return
    for (const one of addressesOf(service)) count(addresses, one, by)
    for (const one of new Set(nodePortsOf(service))) count(ports, one, by)
  }
  context.etcd.table(resource).scan('', '', (row) => change(row.value as Service, 1))
  context.etcd.watch(resource, (events) => {
    for (const event of events) {
      change(event.before as Service | undefined, -1)
      change(event.value as Service | undefined, 1)
    }
  })
  allocated = {
    range: parseRange(context.settings.serviceRange),
    hasAddress: (address) => addresses.has(address),
    hasPort: (port) => ports.has(port),
  }
  known.set(context, allocated)
  return allocated
}
