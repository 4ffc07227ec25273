import type { KubeObject } from '../../../api/object.ts'
import type { Service, ServicePort, ServiceSpec } from '../../../api/types/core-v1.generated.ts'
import type { Strategy } from '../registry/strategy.ts'
import type { ServerContext } from '../server-context.ts'
import { internalError, invalid, isRefusal, type Refusal } from '../status.ts'
import { addressProblem, nextAddress } from './allocate-address.ts'
import { createPortPicker, type PortPicker } from './allocate-port.ts'
import { allocatedOf, nodePortsOf } from './allocated.ts'
import { initFamilies, normalizeClusterIps } from './ip-families.ts'

const kind = { group: '', kind: 'Service' }

const refuse = (service: Service, field: string, value: unknown, why: string): Refusal =>
  invalid(kind, service.metadata.name, [
    { reason: 'FieldValueInvalid', message: `Invalid value: ${JSON.stringify(value)}: ${why}`, field },
  ])

const needsAddress = (spec: ServiceSpec | undefined): boolean => spec?.type !== 'ExternalName'
const needsPorts = (spec: ServiceSpec | undefined): boolean =>
  spec?.type === 'NodePort' || spec?.type === 'LoadBalancer'
const needsHealthCheck = (spec: ServiceSpec | undefined): boolean =>
  spec?.type === 'LoadBalancer' && spec.externalTrafficPolicy === 'Local'
const allocatesPorts = (spec: ServiceSpec): boolean =>
  spec.type === 'NodePort' || (spec.type === 'LoadBalancer' && spec.allocateLoadBalancerNodePorts !== false)

const withAddress = (context: ServerContext, service: Service, spec: ServiceSpec): ServiceSpec | Refusal => {
  const allocated = allocatedOf(context)
  const asked = spec.clusterIPs?.[0] ?? ''
  if (asked === 'None') return spec
  if (asked !== '') {
    const problem = addressProblem(allocated, asked)
    if (problem === undefined) return spec
    return refuse(service, 'spec.clusterIPs', spec.clusterIPs, `failed to allocate IP ${asked}: ${problem}`)
  }
  const address = nextAddress(context, allocated)
  if (address === undefined) {
    return internalError(`failed to allocate a serviceIP for Service "${service.metadata.name}": range is full`)
  }
  return { ...spec, clusterIP: address, clusterIPs: [address] }
}

/** initNodePorts and updateNodePorts: `held` are the ports that the service has already. */
const withPorts = (
  service: Service,
  spec: ServiceSpec,
  picker: PortPicker,
  held: readonly number[],
): ServiceSpec | Refusal => {
  const byPort = new Map<number, number>()
  const taken = new Set(held)
  const ports: ServicePort[] = []
  const given = spec.ports ?? []
  for (const [index, port] of given.entries()) {
    const own = port.nodePort ?? 0
    if (own === 0 && !allocatesPorts(spec)) {
      ports.push(port)
      continue
    }
    // Two protocols of one port share its node port.
    const shared = held.length > 0 ? undefined : byPort.get(port.port)
    const asked =
      own !== 0
        ? own
        : (shared ??
          (held.length > 0
            ? 0
            : (given.find((one) => one.port === port.port && (one.nodePort ?? 0) !== 0)?.nodePort ?? 0)))
    if (asked !== 0) {
      if (!taken.has(asked)) {
        const problem = picker.take(asked)
        if (problem !== undefined) return refuse(service, `spec.ports[${index}].nodePort`, asked, problem)
        taken.add(asked)
      }
      byPort.set(port.port, asked)
      ports.push({ ...port, nodePort: asked })
      continue
    }
    const next = picker.next()
    if (next === undefined) return internalError('failed to allocate a nodePort: range is full')
    taken.add(next)
    byPort.set(port.port, next)
    ports.push({ ...port, nodePort: next })
  }
  return { ...spec, ports }
}

const withHealthCheck = (spec: ServiceSpec, picker: PortPicker): ServiceSpec | Refusal => {
  const asked = spec.healthCheckNodePort ?? 0
  if (asked !== 0) {
    const problem = picker.take(asked)
    return problem === undefined
      ? spec
      : internalError(`failed to allocate requested HealthCheck NodePort ${asked}: ${problem}`)
  }
  const next = picker.next()
  return next === undefined
    ? internalError('failed to allocate a HealthCheck NodePort 0: range is full')
    : { ...spec, healthCheckNodePort: next }
}

/** patchAllocatedValues: what a client left out of an update is what it was. */
const keepAllocated = (spec: ServiceSpec, old: ServiceSpec): ServiceSpec => {
  let next = spec
  if (needsAddress(old) && needsAddress(spec)) {
    if ((spec.clusterIP ?? '') === '' && (old.clusterIP ?? '') !== '') next = { ...next, clusterIP: old.clusterIP! }
    if ((spec.clusterIPs ?? []).length === 0 && (old.clusterIPs ?? []).length > 0)
      next = { ...next, clusterIPs: old.clusterIPs! }
  }
  if (needsPorts(old) && needsPorts(spec)) {
    const now = new Set((spec.ports ?? []).map((port) => port.nodePort ?? 0))
    const byName = new Map((old.ports ?? []).map((port) => [port.name ?? '', port.nodePort ?? 0]))
    let changed = false
    const ports = (spec.ports ?? []).map((port) => {
      const before = byName.get(port.name ?? '') ?? 0
      if ((port.nodePort ?? 0) !== 0 || before === 0 || now.has(before)) return port
      changed = true
      return { ...port, nodePort: before }
    })
    if (changed) next = { ...next, ports }
  }
  if (
    needsHealthCheck(old) &&
    needsHealthCheck(spec) &&
    (spec.healthCheckNodePort ?? 0) === 0 &&
    old.healthCheckNodePort !== undefined
  ) {
    next = { ...next, healthCheckNodePort: old.healthCheckNodePort }
  }
  return next
}

const allocate = (context: ServerContext, service: Service, old: Service | undefined): KubeObject | Refusal => {
  if (service.spec === undefined) return service
  const before = old?.spec
  const patched = before === undefined ? service.spec : keepAllocated(service.spec, before)
  const normal = normalizeClusterIps(patched, before)
  const initialised = initFamilies({ ...service, spec: normal }, old)
  if ('causes' in initialised) return invalid(kind, service.metadata.name, initialised.causes)
  let spec: ServiceSpec | Refusal = initialised.spec
  const hadAddress = before !== undefined && needsAddress(before) && (before.clusterIP ?? '') !== ''
  if (needsAddress(spec) && !hadAddress) {
    spec = withAddress(context, service, spec)
    if (isRefusal(spec)) return spec
  }
  const picker = createPortPicker(context, allocatedOf(context))
  if (needsPorts(spec)) {
    spec = withPorts(service, spec, picker, old === undefined ? [] : nodePortsOf(old))
    if (isRefusal(spec)) return spec
  }
  if (
    needsHealthCheck(spec) &&
    !(needsHealthCheck(before) && before?.healthCheckNodePort === spec.healthCheckNodePort)
  ) {
    spec = withHealthCheck(spec, picker)
    if (isRefusal(spec)) return spec
  }
  return spec === service.spec ? service : ({ ...service, spec } as Service)
}

/**
 * pkg/registry/core/service/storage: cluster IPs and node ports.
 * Differs: upstream also keeps an IPAddress object for each cluster IP, written before the Service.
 */
export const serviceStrategy: Strategy = {
  kind: 'v1/Service',
  returnsDeleted: true,
  beforeCreate: (context, object) => allocate(context, object as Service, undefined),
  beforeUpdate: (context, object, old) => allocate(context, object as Service, old as Service),
}
