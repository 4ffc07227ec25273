import { structuralEqual } from '../json/structural-equal.ts'
import { list, number, strings, struct, text, type View } from './view.ts'

/** service.ExternallyAccessible */
export const isExternal = (spec: View): boolean => {
  const type = text(spec, 'type')
  return (
    type === 'LoadBalancer' || type === 'NodePort' || (type === 'ClusterIP' && strings(spec, 'externalIPs').length > 0)
  )
}

/** service.NeedsHealthCheck */
export const needsHealthCheck = (spec: View): boolean =>
  text(spec, 'type') === 'LoadBalancer' && text(spec, 'externalTrafficPolicy') === 'Local'

const has = {
  clusterIp: (spec: View): boolean => ['ClusterIP', 'NodePort', 'LoadBalancer'].includes(text(spec, 'type')),
  nodePort: (spec: View): boolean => ['NodePort', 'LoadBalancer'].includes(text(spec, 'type')),
  balancer: (spec: View): boolean => text(spec, 'type') === 'LoadBalancer',
}

const without = (spec: View, ...keys: readonly string[]): View =>
  Object.fromEntries(Object.entries(spec).filter(([key]) => !keys.includes(key)))

/** dropTypeDependentFields: what only the old type needed, and the user did not touch, goes. */
export const dropTypeDependent = (service: View, old: View): View => {
  const before = struct(old, 'spec')
  let spec = struct(service, 'spec')
  const same = (key: string): boolean => structuralEqual(spec[key], before[key])
  const left = (needs: (spec: View) => boolean): boolean => needs(before) && !needs(spec)
  const keys: string[] = []
  if (left(has.clusterIp)) {
    if (same('clusterIP') && same('clusterIPs')) keys.push('clusterIP', 'clusterIPs')
    for (const key of ['ipFamilies', 'ipFamilyPolicy']) if (same(key)) keys.push(key)
  }
  const nodePorts = (one: View): readonly number[] => list(one, 'ports').map((port) => number(port, 'nodePort'))
  const dropPorts =
    left(has.nodePort) &&
    // Ports may have gone; none may have come.
    nodePorts(spec).every((port) => port === 0 || nodePorts(before).includes(port))
  if (left(needsHealthCheck) && same('healthCheckNodePort')) keys.push('healthCheckNodePort')
  if (left(has.balancer))
    for (const key of ['allocateLoadBalancerNodePorts', 'loadBalancerClass']) if (same(key)) keys.push(key)
  if (left(isExternal) && same('externalTrafficPolicy')) keys.push('externalTrafficPolicy')
  if (keys.length === 0 && !dropPorts) return service
  spec = without(spec, ...keys)
  if (dropPorts) spec = { ...spec, ports: list(spec, 'ports').map((port) => without(port, 'nodePort')) }
  return { ...service, spec }
}

/**
 * storage.go, defaultOnReadInternalTrafficPolicy: nobody ever sees the policy of an ExternalName service.
 * Differs: upstream still stores it. A wrong one stays for validation to complain about.
 */
export const unseenPolicy = (service: View): View => {
  const spec = struct(service, 'spec')
  const policy = text(spec, 'internalTrafficPolicy')
  return text(spec, 'type') === 'ExternalName' && (policy === 'Cluster' || policy === 'Local')
    ? { ...service, spec: without(spec, 'internalTrafficPolicy') }
    : service
}
