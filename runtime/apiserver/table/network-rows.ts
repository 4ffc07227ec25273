import { formatLabelSelector } from '../../../api/selectors/label-selector-from-object.ts'
import {
  child,
  list,
  map,
  number,
  optionalNumber,
  optionalText,
  strings,
  struct,
  text,
  type View,
} from '../../../api/validation/view.ts'
import {
  balancerText,
  firstThree,
  labelsText,
  nameOf,
  objectAge,
  orElse,
  type Cell,
  type RowContext,
} from './cell-texts.ts'

/** getServiceExternalIP, wide */
const externalIp = (service: View): string => {
  const spec = struct(service, 'spec')
  const given = strings(spec, 'externalIPs')
  switch (text(spec, 'type')) {
    case 'ClusterIP':
    case 'NodePort':
      return orElse(given.join(','), '<none>')
    case 'LoadBalancer': {
      const balancer = balancerText(struct(service, 'status'))
      return orElse([...(balancer === '' ? [] : [balancer]), ...given].join(','), '<pending>')
    }
    case 'ExternalName':
      return text(spec, 'externalName')
    default:
      return '<unknown>'
  }
}

const portText = (port: View): string => {
  const nodePort = number(port, 'nodePort')
  return `${number(port, 'port')}${nodePort > 0 ? `:${nodePort}` : ''}/${text(port, 'protocol')}`
}

export const serviceCells = (service: View, context: RowContext): readonly Cell[] => {
  const spec = struct(service, 'spec')
  return [
    nameOf(service),
    text(spec, 'type'),
    strings(spec, 'clusterIPs')[0] ?? '<none>',
    externalIp(service),
    orElse(list(spec, 'ports').map(portText).join(','), '<none>'),
    objectAge(service, context),
    labelsText(map(spec, 'selector')),
  ]
}

/** formatHosts: how many there are besides counts rules, not hosts. */
const hostsText = (rules: readonly View[]): string => {
  const hosts: string[] = []
  let more = false
  for (const rule of rules) {
    if (hosts.length === 3) more = true
    if (!more && text(rule, 'host') !== '') hosts.push(text(rule, 'host'))
  }
  if (hosts.length === 0) return '*'
  return more ? `${hosts.join(',')} + ${rules.length - 3} more...` : hosts.join(',')
}

export const ingressCells = (ingress: View, context: RowContext): readonly Cell[] => {
  const spec = struct(ingress, 'spec')
  return [
    nameOf(ingress),
    optionalText(spec, 'ingressClassName') ?? '<none>',
    hostsText(list(spec, 'rules')),
    balancerText(struct(ingress, 'status')),
    list(spec, 'tls').length === 0 ? '80' : '80, 443',
    objectAge(ingress, context),
  ]
}

export const networkPolicyCells = (policy: View, context: RowContext): readonly Cell[] => [
  nameOf(policy),
  formatLabelSelector(struct(struct(policy, 'spec'), 'podSelector')),
  objectAge(policy, context),
]

export const endpointSliceCells = (slice: View, context: RowContext): readonly Cell[] => [
  nameOf(slice),
  text(slice, 'addressType'),
  firstThree(
    list(slice, 'ports').map((port) => {
      const value = optionalNumber(port, 'port')
      return value === undefined ? (optionalText(port, 'name') ?? '*') : String(value)
    }),
  ),
  firstThree(list(slice, 'endpoints').flatMap((endpoint) => [...strings(endpoint, 'addresses')])),
  objectAge(slice, context),
]

const hostPort = (ip: string, port: number): string => (ip.includes(':') ? `[${ip}]:${port}` : `${ip}:${port}`)

/** formatEndpoints */
const endpointsText = (endpoints: View): string => {
  const subsets = list(endpoints, 'subsets')
  if (subsets.length === 0) return '<none>'
  const all = subsets.flatMap((subset) => {
    const ips = list(subset, 'addresses').map((one) => text(one, 'ip'))
    const ports = list(subset, 'ports')
    return ports.length === 0 ? ips : ports.flatMap((port) => ips.map((ip) => hostPort(ip, number(port, 'port'))))
  })
  const shown = all.slice(0, 3).join(',')
  return all.length > 3 ? `${shown} + ${all.length - 3} more...` : shown
}

export const endpointsCells = (endpoints: View, context: RowContext): readonly Cell[] => [
  nameOf(endpoints),
  endpointsText(endpoints),
  objectAge(endpoints, context),
]

export const policyCells = (policy: View, context: RowContext): readonly Cell[] => {
  const spec = struct(policy, 'spec')
  const param = child(spec, 'paramKind')
  return [
    nameOf(policy),
    list(spec, 'validations').length,
    param === undefined ? '<unset>' : `${text(param, 'apiVersion')}/${text(param, 'kind')}`,
    objectAge(policy, context),
  ]
}
