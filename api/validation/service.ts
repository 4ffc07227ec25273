import { isDns1123Label } from '../names/dns-names.ts'
import { asPrefix } from '../names/dns-names.ts'
import { endpointIpCauses } from './addresses.ts'
import { dnsLabelCauses, dnsSubdomainCauses, legacyCidr, legacyIp, portNumber } from './field-causes.ts'
import { duplicate, forbidden, invalid, notSupported, required, type Cause } from './cause.ts'
import { labelNameCauses } from './label-selector.ts'
import { labelCauses } from './object-meta.ts'
import { portNumberOrName } from './probes.ts'
import { dropTypeDependent, isExternal, needsHealthCheck, unseenPolicy } from './service-type.ts'
import type { Strategy } from './strategy.ts'
import { child, list, map, number, optionalText, strings, struct, text, type View } from './view.ts'

const types = ['ClusterIP', 'ExternalName', 'LoadBalancer', 'NodePort']
const families = ['IPv4', 'IPv6']
const familyPolicies = ['PreferDualStack', 'RequireDualStack', 'SingleStack']
const distributions = ['PreferClose', 'PreferSameZone', 'PreferSameNode']
const protocols = ['SCTP', 'TCP', 'UDP']
const maxAffinitySeconds = 86400

const isHeadless = (spec: View): boolean => {
  const ips = strings(spec, 'clusterIPs')
  return ips.length === 1 && ips[0] === 'None'
}

const portCauses = (spec: View): Cause[] => {
  const ports = list(spec, 'ports')
  const names = new Set<string>()
  return ports.flatMap((port, i) => {
    const at = `spec.ports[${i}]`
    const causes: Cause[] = []
    const name = text(port, 'name')
    if (ports.length > 1 && name === '') causes.push(required(`${at}.name`))
    else if (name !== '') {
      causes.push(...dnsLabelCauses(name, `${at}.name`))
      if (names.has(name)) causes.push(duplicate(`${at}.name`, name))
      else names.add(name)
    }
    causes.push(...portNumber(number(port, 'port'), `${at}.port`))
    const protocol = text(port, 'protocol')
    if (protocol === '') causes.push(required(`${at}.protocol`))
    else if (!protocols.includes(protocol)) causes.push(notSupported(`${at}.protocol`, protocol, protocols))
    causes.push(...portNumberOrName(port['targetPort'], `${at}.targetPort`))
    const application = optionalText(port, 'appProtocol')
    if (application !== undefined) causes.push(...labelNameCauses(application, `${at}.appProtocol`))
    return causes
  })
}

const typeCauses = (spec: View): Cause[] => {
  const causes: Cause[] = []
  const type = text(spec, 'type')
  if (list(spec, 'ports').length === 0 && !isHeadless(spec) && type !== 'ExternalName')
    causes.push(required('spec.ports'))
  if ((type === 'LoadBalancer' || type === 'NodePort') && isHeadless(spec)) {
    causes.push(invalid('spec.clusterIPs[0]', 'None', `may not be set to 'None' for ${type} services`))
  }
  if (type === 'ExternalName') {
    const told = 'may not be set for ExternalName services'
    if (strings(spec, 'clusterIPs').length > 0) causes.push(forbidden('spec.clusterIPs', told))
    if (strings(spec, 'ipFamilies').length > 0) causes.push(forbidden('spec.ipFamilies', told))
    if (spec['ipFamilyPolicy'] !== undefined) causes.push(forbidden('spec.ipFamilyPolicy', told))
    const name = text(spec, 'externalName').replace(/\.$/, '')
    causes.push(...(name === '' ? [required('spec.externalName')] : dnsSubdomainCauses(name, 'spec.externalName')))
  }
  return causes
}

const affinityCauses = (spec: View): Cause[] => {
  const affinity = text(spec, 'sessionAffinity')
  const causes: Cause[] = []
  if (affinity === '') causes.push(required('spec.sessionAffinity'))
  else if (affinity !== 'ClientIP' && affinity !== 'None') {
    causes.push(notSupported('spec.sessionAffinity', affinity, ['ClientIP', 'None']))
  }
  const path = 'spec.sessionAffinityConfig'
  const config = child(spec, 'sessionAffinityConfig')
  if (affinity === 'None' && config !== undefined)
    causes.push(forbidden(path, 'must not be set when session affinity is None'))
  if (affinity !== 'ClientIP') return causes
  const told = 'when session affinity type is ClientIP'
  const client = child(config, 'clientIP')
  if (config === undefined) return [...causes, required(path, told)]
  if (client === undefined) return [...causes, required(`${path}.clientIP`, told)]
  if (client['timeoutSeconds'] === undefined) return [...causes, required(`${path}.clientIP.timeoutSeconds`, told)]
  const seconds = number(client, 'timeoutSeconds')
  if (seconds <= 0 || seconds > maxAffinitySeconds) {
    causes.push(
      invalid(`${path}.clientIP.timeoutSeconds`, seconds, `must be greater than 0 and less than ${maxAffinitySeconds}`),
    )
  }
  return causes
}

/** ValidateServiceClusterIPsRelatedFields */
export const clusterIpCauses = (spec: View, old: View | undefined): Cause[] => {
  if (text(spec, 'type') === 'ExternalName') return []
  const causes: Cause[] = []
  const path = 'spec.clusterIPs'
  const ip = text(spec, 'clusterIP')
  const ips = strings(spec, 'clusterIPs')
  if (ip !== '') {
    if (ips.length === 0) causes.push(required(path))
    else if (ips[0] !== ip) causes.push(invalid(path, ips, 'first value must match `clusterIP`'))
  } else if (ips.length > 0) causes.push(invalid(path, ips, 'must be empty when `clusterIP` is not specified'))
  const seen = new Set<string>()
  strings(spec, 'ipFamilies').forEach((family, i) => {
    if (!families.includes(family)) causes.push(notSupported(`spec.ipFamilies[${i}]`, family, families))
    if (seen.has(family)) causes.push(duplicate(`spec.ipFamilies[${i}]`, family))
    seen.add(family)
  })
  const policy = optionalText(spec, 'ipFamilyPolicy')
  if (policy !== undefined && !familyPolicies.includes(policy)) {
    causes.push(notSupported('spec.ipFamilyPolicy', policy, familyPolicies))
  }
  let wrong = false
  ips.forEach((one, i) => {
    if (i === 0 && one === 'None') {
      if (ips.length > 1) {
        wrong = true
        causes.push(invalid(path, ips, "'None' must be the first and only value"))
      }
      return
    }
    const found = legacyIp(one, `${path}[${i}]`, strings(old, 'clusterIPs'))
    wrong ||= found.length > 0
    causes.push(...found)
  })
  if (ips.length > 2) causes.push(invalid(path, ips, 'may only hold up to 2 values'))
  if (wrong) return causes
  const isV6 = (one: string): boolean => one.includes(':')
  if (ips.length > 1 && new Set(ips.map(isV6)).size < 2) {
    causes.push(invalid(path, ips, 'may specify no more than one IP for each IP family'))
  }
  if (isHeadless(spec)) return causes
  strings(spec, 'ipFamilies').forEach((family, i) => {
    const one = ips[i]
    if (one === undefined) return
    if ((family === 'IPv4' && isV6(one)) || (family === 'IPv6' && !isV6(one))) {
      causes.push(invalid(`${path}[${i}]`, one, `expected an ${family} value as indicated by \`ipFamilies[${i}]\``))
    }
  })
  return causes
}

const nodePortCauses = (spec: View): Cause[] => {
  const causes: Cause[] = []
  const type = text(spec, 'type')
  if (type === '') causes.push(required('spec.type'))
  else if (!types.includes(type)) causes.push(notSupported('spec.type', type, types))
  const ports = list(spec, 'ports')
  if (type === 'ClusterIP') {
    ports.forEach((port, i) => {
      if (number(port, 'nodePort') !== 0) {
        causes.push(forbidden(`spec.ports[${i}].nodePort`, "may not be used when `type` is 'ClusterIP'"))
      }
    })
  }
  const nodePorts = new Set<string>()
  ports.forEach((port, i) => {
    const nodePort = number(port, 'nodePort')
    if (nodePort === 0) return
    const key = `${text(port, 'protocol')}/${nodePort}`
    if (nodePorts.has(key)) causes.push(duplicate(`spec.ports[${i}].nodePort`, nodePort))
    nodePorts.add(key)
  })
  const own = new Set<string>()
  ports.forEach((port, i) => {
    const key = `${text(port, 'protocol')}/${number(port, 'port')}`
    if (own.has(key)) {
      const typed = { protocol: text(port, 'protocol'), port: number(port, 'port') }
      causes.push(duplicate(`spec.ports[${i}]`, { typed, type: 'io.k8s.api.core.v1.ServicePort' }))
    }
    own.add(key)
  })
  return causes
}

const sourceRangeAnnotation = 'service.beta.kubernetes.io/load-balancer-source-ranges'

const balancerCauses = (service: View, spec: View, old: View | undefined): Cause[] => {
  const causes: Cause[] = []
  const isBalancer = text(spec, 'type') === 'LoadBalancer'
  const only = "may only be used when `type` is 'LoadBalancer'"
  const ranges = strings(spec, 'loadBalancerSourceRanges')
  const annotation = map(struct(service, 'metadata'), 'annotations')[sourceRangeAnnotation]
  if (ranges.length > 0) {
    const path = 'spec.LoadBalancerSourceRanges'
    if (!isBalancer) causes.push(forbidden(path, only))
    const before = strings(old, 'loadBalancerSourceRanges').map((one) => one.trim())
    ranges.forEach((range, i) => causes.push(...legacyCidr(range.trim(), `${path}[${i}]`, before)))
  } else if (annotation !== undefined) {
    const path = `metadata.annotations[${sourceRangeAnnotation}]`
    if (!isBalancer) causes.push(forbidden(path, only))
    if (annotation.trim() !== '')
      for (const one of annotation.trim().split(',')) causes.push(...legacyCidr(one.trim(), path))
  }
  if (spec['allocateLoadBalancerNodePorts'] !== undefined && !isBalancer) {
    causes.push(forbidden('spec.allocateLoadBalancerNodePorts', only))
  }
  if (isBalancer && spec['allocateLoadBalancerNodePorts'] === undefined)
    causes.push(required('allocateLoadBalancerNodePorts'))
  causes.push(...classCauses(spec, undefined))
  return causes
}

const classCauses = (spec: View, old: View | undefined): Cause[] => {
  const path = 'spec.loadBalancerClass'
  const causes: Cause[] = []
  const isBalancer = text(spec, 'type') === 'LoadBalancer'
  const own = optionalText(spec, 'loadBalancerClass')
  if (
    old !== undefined &&
    isBalancer &&
    text(old, 'type') === 'LoadBalancer' &&
    optionalText(old, 'loadBalancerClass') !== own
  ) {
    causes.push(invalid(path, own, 'may not change once set'))
  }
  if (own === undefined) return causes
  if (isBalancer) causes.push(...labelNameCauses(own, path))
  else causes.push(forbidden(path, "may only be used when `type` is 'LoadBalancer'"))
  return causes
}

const trafficCauses = (spec: View): Cause[] => {
  const causes: Cause[] = []
  const external = text(spec, 'externalTrafficPolicy')
  const path = 'spec.externalTrafficPolicy'
  if (!isExternal(spec)) {
    if (external !== '') causes.push(invalid(path, external, 'may only be set for externally-accessible services'))
  } else if (external === '') causes.push(required(path))
  else if (external !== 'Cluster' && external !== 'Local')
    causes.push(notSupported(path, external, ['Cluster', 'Local']))
  const health = number(spec, 'healthCheckNodePort')
  if (!needsHealthCheck(spec)) {
    if (health !== 0) {
      causes.push(
        invalid(
          'spec.healthCheckNodePort',
          health,
          "may only be set when `type` is 'LoadBalancer' and `externalTrafficPolicy` is 'Local'",
        ),
      )
    }
  } else if (health === 0) causes.push(required('spec.healthCheckNodePort'))
  else causes.push(...portNumber(health, 'spec.healthCheckNodePort'))
  const internal = optionalText(spec, 'internalTrafficPolicy')
  const type = text(spec, 'type')
  if (internal === undefined) {
    if (type === 'NodePort' || type === 'LoadBalancer' || type === 'ClusterIP')
      causes.push(required('spec.internalTrafficPolicy'))
  } else if (internal !== 'Cluster' && internal !== 'Local') {
    causes.push(notSupported('spec.internalTrafficPolicy', internal, ['Cluster', 'Local']))
  }
  const distribution = optionalText(spec, 'trafficDistribution')
  if (distribution !== undefined && !distributions.includes(distribution)) {
    causes.push(notSupported('spec.trafficDistribution', distribution, distributions))
  }
  return causes
}

/** validateService */
const serviceCauses = (service: View, oldService?: View): Cause[] => {
  const spec = struct(service, 'spec')
  const old = child(oldService, 'spec')
  const externalIps = strings(spec, 'externalIPs').flatMap((ip, i) => {
    const wrong = legacyIp(ip, `spec.externalIPs[${i}]`, strings(old, 'externalIPs'))
    return wrong.length > 0 ? wrong : endpointIpCauses(ip, `spec.externalIPs[${i}]`)
  })
  return [
    ...typeCauses(spec),
    ...portCauses(spec),
    ...labelCauses(map(spec, 'selector'), 'spec.selector'),
    ...affinityCauses(spec),
    ...clusterIpCauses(spec, old),
    ...externalIps,
    ...nodePortCauses(spec),
    ...balancerCauses(service, spec, old),
    ...trafficCauses(spec),
  ]
}

/** validateUpgradeDowngradeClusterIPs, validateUpgradeDowngradeIPFamilies */
const changeCauses = (spec: View, old: View): Cause[] => {
  if (text(spec, 'type') === 'ExternalName' || text(old, 'type') === 'ExternalName') return []
  const headless = isHeadless(spec)
  const wasHeadless = isHeadless(old)
  if (headless && wasHeadless) return []
  const causes: Cause[] = []
  const single = text(spec, 'ipFamilyPolicy') === 'SingleStack'
  const compare = (key: string, what: string): void => {
    const now = strings(spec, key)
    const before = strings(old, key)
    const path = `spec.${key}`
    if (now.length === before.length) {
      before.forEach((one, i) => {
        if (one !== now[i])
          causes.push(invalid(`${path}[${key === 'clusterIPs' ? i : 0}]`, now, 'may not change once set'))
      })
      return
    }
    if (now.length === 0) causes.push(invalid(`${path}[0]`, spec[key] ?? null, `primary ${what} can not be unset`))
    else if (before.length > 0 && now[0] !== before[0])
      causes.push(invalid(`${path}[0]`, now, 'may not change once set'))
    if (before.length > now.length && now.length === 1 && !single) {
      causes.push(
        invalid(
          'spec.ipFamilyPolicy',
          spec['ipFamilyPolicy'],
          `must be set to 'SingleStack' when releasing the secondary ${what}`,
        ),
      )
    }
  }
  compare('clusterIPs', 'clusterIP')
  if (!headless && !wasHeadless) compare('ipFamilies', 'ipFamily')
  return causes
}

const updateCauses = (service: View, old: View): Cause[] => {
  const spec = struct(service, 'spec')
  const before = struct(old, 'spec')
  const health =
    needsHealthCheck(spec) &&
    needsHealthCheck(before) &&
    number(spec, 'healthCheckNodePort') !== number(before, 'healthCheckNodePort')
  return [
    ...changeCauses(spec, before),
    ...classCauses(spec, before),
    ...(health ? [forbidden('spec.healthCheckNodePort', 'field is immutable')] : []),
    ...serviceCauses(service, old),
  ]
}

const prefixed = asPrefix(isDns1123Label)

/** pkg/registry/core/service/strategy.go, ValidateService*; RelaxedServiceNameValidation is on. */
export const serviceStrategy: Strategy = {
  name: (name, prefix) => (prefix ? prefixed(name) : isDns1123Label(name)),
  prepareForCreate: unseenPolicy,
  prepareForUpdate: (service, old) => unseenPolicy(dropTypeDependent(service, old)),
  validate: (service) => serviceCauses(service),
  validateUpdate: updateCauses,
}
