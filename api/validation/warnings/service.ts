import { goQuote } from '../../names/go-quote.ts'
import { child, list, map, strings, struct, text, type View } from '../view.ts'
import { cidrWarnings, ipWarnings } from './addresses.ts'

const hints = 'service.kubernetes.io/topology-aware-hints'
const mode = 'service.kubernetes.io/topology-mode'

/** pkg/api/service/warnings.go, GetWarningsForService */
export const serviceWarnings = (service: View): readonly string[] => {
  const spec = struct(service, 'spec')
  const external = text(spec, 'type') === 'ExternalName'
  const clusterIp = text(spec, 'clusterIP')
  const headless = text(spec, 'type') === 'ClusterIP' && clusterIp === 'None'
  const externalIps = strings(spec, 'externalIPs')
  const balancerIp = text(spec, 'loadBalancerIP')
  const warnings: string[] = []
  if (map(struct(service, 'metadata'), 'annotations')[hints] !== undefined) {
    warnings.push(`annotation ${hints} is deprecated, please use ${mode} instead`)
  }
  if (clusterIp !== '' && clusterIp !== 'None') {
    for (const [i, ip] of strings(spec, 'clusterIPs').entries())
      warnings.push(...ipWarnings(`spec.clusterIPs[${i}]`, ip))
  }
  if (headless) {
    if (balancerIp !== '') warnings.push('spec.loadBalancerIP is ignored for headless services')
    if (externalIps.length > 0) warnings.push('spec.externalIPs is ignored for headless services')
    if (text(spec, 'sessionAffinity') !== 'None') warnings.push('spec.SessionAffinity is ignored for headless services')
  }
  for (const [i, ip] of externalIps.entries()) warnings.push(...ipWarnings(`spec.externalIPs[${i}]`, ip))
  if (externalIps.length > 0 && !headless && !external) {
    warnings.push('spec.externalIPs is deprecated and may no longer be implemented in some clusters')
  }
  if (balancerIp !== '') warnings.push(...ipWarnings('spec.loadBalancerIP', balancerIp))
  for (const [i, range] of strings(spec, 'loadBalancerSourceRanges').entries()) {
    warnings.push(...cidrWarnings(`spec.loadBalancerSourceRanges[${i}]`, range))
  }
  if (external && externalIps.length > 0) warnings.push('spec.externalIPs is ignored when spec.type is "ExternalName"')
  if (!external && text(spec, 'externalName') !== '') {
    warnings.push('spec.externalName is ignored when spec.type is not "ExternalName"')
  }
  if (text(spec, 'trafficDistribution') === 'PreferClose') {
    warnings.push(`spec.trafficDistribution: ${goQuote('PreferClose')} is deprecated; use ${goQuote('PreferSameZone')}`)
  }
  return warnings
}

/** serviceStatusStrategy and ingressStatusStrategy, WarningsOnUpdate */
export const balancerStatusWarnings = (object: View): readonly string[] =>
  list(child(struct(object, 'status'), 'loadBalancer'), 'ingress').flatMap((ingress, i) => {
    const ip = text(ingress, 'ip')
    return ip === '' ? [] : ipWarnings(`status.loadBalancer.ingress[${i}]`, ip)
  })
