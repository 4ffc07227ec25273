import { cidrContains, parseCidr } from '../../api/names/cidr.ts'
import { parseIp } from '../../api/names/ip-address.ts'
import { chainNames, endpointChainName, type ChainNames } from './chain-names.ts'
import { hostOf } from './endpoint.ts'
import type { NodeView } from './evaluate-connection.ts'
import { hasExternalChain, hasExternalEndpoints, hasFirewall, internalBackends, type PortRules } from './port-rules.ts'
import { probabilityText } from './probability.ts'
import { usesClusterEndpoints, usesLocalEndpoints } from './service-port.ts'

const mark = '0x00004000'
const largeClusterEndpoints = 1000

/** A table under way: chains in the order of their creation, each with its rules. */
type Chains = Map<string, string[]>

const put = (chains: Chains, chain: string, rule: string): void => {
  const rules = chains.get(chain)
  if (rules === undefined) chains.set(chain, [rule])
  else rules.push(rule)
}

const comment = (text: string): string => `-m comment --comment ${text}`
const quoted = (text: string): string => comment(`"${text}"`)

// The rules that lead into the proxier's own chains (iptablesJumpChains), each put before those that are there already.
const filterJumps: readonly (readonly [string, string])[] = [
  ['INPUT', '-j KUBE-FIREWALL'],
  ['INPUT', `-m conntrack --ctstate NEW ${comment('kubernetes load balancer firewall')} -j KUBE-PROXY-FIREWALL`],
  ['INPUT', `${comment('kubernetes health check service ports')} -j KUBE-NODEPORTS`],
  [
    'INPUT',
    `-m conntrack --ctstate NEW ${comment('kubernetes externally-visible service portals')} -j KUBE-EXTERNAL-SERVICES`,
  ],
  ['FORWARD', `-m conntrack --ctstate NEW ${comment('kubernetes load balancer firewall')} -j KUBE-PROXY-FIREWALL`],
  ['FORWARD', `${comment('kubernetes forwarding rules')} -j KUBE-FORWARD`],
  ['FORWARD', `-m conntrack --ctstate NEW ${comment('kubernetes service portals')} -j KUBE-SERVICES`],
  [
    'FORWARD',
    `-m conntrack --ctstate NEW ${comment('kubernetes externally-visible service portals')} -j KUBE-EXTERNAL-SERVICES`,
  ],
  ['OUTPUT', '-j KUBE-FIREWALL'],
  ['OUTPUT', `-m conntrack --ctstate NEW ${comment('kubernetes load balancer firewall')} -j KUBE-PROXY-FIREWALL`],
  ['OUTPUT', `-m conntrack --ctstate NEW ${comment('kubernetes service portals')} -j KUBE-SERVICES`],
]
const natJumps: readonly (readonly [string, string])[] = [
  ['PREROUTING', `${comment('kubernetes service portals')} -j KUBE-SERVICES`],
  ['OUTPUT', `${comment('kubernetes service portals')} -j KUBE-SERVICES`],
  ['POSTROUTING', `${comment('kubernetes postrouting rules')} -j KUBE-POSTROUTING`],
]
const filterChains = [
  'INPUT',
  'FORWARD',
  'OUTPUT',
  'KUBE-EXTERNAL-SERVICES',
  'KUBE-NODEPORTS',
  'KUBE-SERVICES',
  'KUBE-FORWARD',
  'KUBE-PROXY-FIREWALL',
  'KUBE-FIREWALL',
]
const natChains = [
  'PREROUTING',
  'INPUT',
  'OUTPUT',
  'POSTROUTING',
  'KUBE-SERVICES',
  'KUBE-POSTROUTING',
  'KUBE-NODEPORTS',
  'KUBE-MARK-MASQ',
]

interface Writer {
  readonly node: NodeView
  readonly filter: Chains
  readonly nat: Chains
  readonly rules: PortRules
  readonly chains: ChainNames
  /** `-m tcp -p tcp` */
  readonly match: string
}

/** The rules of the KUBE-SERVICES, -EXTERNAL-SERVICES, -NODEPORTS and -PROXY-FIREWALL chains: who captures what. */
const writeCaptures = ({ node, filter, nat, rules, chains, match }: Writer): void => {
  const { port, hasEndpoints } = rules
  const { name } = port
  const to = (address: string): string => `${match} -d ${address} --dport ${port.port}`
  const refused = hasEndpoints ? quoted(`${name} has no local endpoints`) : quoted(`${name} has no endpoints`)
  const target = hasEndpoints ? 'DROP' : 'REJECT'
  const externalWorks = hasExternalEndpoints(rules)
  const refuse = (where: string): void => put(filter, 'KUBE-EXTERNAL-SERVICES', `${refused} ${where} -j ${target}`)

  if (internalBackends(rules) === undefined)
    put(filter, 'KUBE-SERVICES', `${refused} ${to(port.clusterIP)} -j ${target}`)
  else {
    const chain = port.internalPolicy === 'Local' ? chains.local : chains.cluster
    put(nat, 'KUBE-SERVICES', `${quoted(`${name} cluster IP`)} ${to(port.clusterIP)} -j ${chain}`)
  }
  for (const ip of port.externalIPs) {
    if (hasEndpoints) put(nat, 'KUBE-SERVICES', `${quoted(`${name} external IP`)} ${to(ip)} -j ${chains.external}`)
    if (!externalWorks) refuse(to(ip))
  }
  const guarded = hasFirewall(rules)
  for (const ip of port.loadBalancerIPs) {
    const chain = guarded ? chains.firewall : chains.external
    if (hasEndpoints) put(nat, 'KUBE-SERVICES', `${quoted(`${name} loadbalancer IP`)} ${to(ip)} -j ${chain}`)
    const text = quoted(`${name} traffic not accepted by ${chains.firewall}`)
    if (guarded) put(filter, 'KUBE-PROXY-FIREWALL', `${text} ${to(ip)} -j DROP`)
  }
  if (!externalWorks) for (const ip of port.loadBalancerIPs) refuse(to(ip))
  if (port.nodePort !== 0) {
    const jump = `--dport ${port.nodePort}`
    if (hasEndpoints && node.config.localhostNodePorts) {
      const counted = '-m nfacct --nfacct-name localhost_nps_accepted_pkts'
      put(nat, 'KUBE-NODEPORTS', `${comment(name)} ${match} -d 127.0.0.0/8 ${jump} ${counted} -j ${chains.external}`)
    }
    if (hasEndpoints) put(nat, 'KUBE-NODEPORTS', `${comment(name)} ${match} ${jump} -j ${chains.external}`)
    if (!externalWorks) refuse(`-m addrtype --dst-type LOCAL ${match} ${jump}`)
  }
  if (port.healthCheckNodePort !== 0) {
    const text = quoted(`${name} health check node port`)
    put(filter, 'KUBE-NODEPORTS', `${text} -m tcp -p tcp --dport ${port.healthCheckNodePort} -j ACCEPT`)
  }
}

const writeExternal = ({ node, nat, rules, chains }: Writer): void => {
  const { port } = rules
  const of = (what: string): string => quoted(`${what} for ${port.name} external destinations`)
  nat.set(chains.external, [])
  const write = (rule: string): void => put(nat, chains.external, rule)
  if (port.externalPolicy === 'Cluster') write(`${of('masquerade traffic')} -j KUBE-MARK-MASQ`)
  else {
    const { clusterCidr, clusterCidrText } = node.config
    if (clusterCidr !== undefined) write(`${of('pod traffic')} -s ${clusterCidrText} -j ${chains.cluster}`)
    write(`${of('masquerade LOCAL traffic')} -m addrtype --src-type LOCAL -j KUBE-MARK-MASQ`)
    write(`${of('route LOCAL traffic')} -m addrtype --src-type LOCAL -j ${chains.cluster}`)
  }
  if (hasExternalEndpoints(rules)) write(`-j ${port.externalPolicy === 'Local' ? chains.local : chains.cluster}`)
}

const writeFirewall = ({ node, nat, rules, chains }: Writer): void => {
  const { port } = rules
  nat.set(chains.firewall, [])
  const write = (rule: string): void => put(nat, chains.firewall, rule)
  const text = quoted(`${port.name} loadbalancer IP`)
  for (const range of port.sourceRanges) write(`${text} -s ${range} -j ${chains.external}`)
  const nodeIP = parseIp(node.nodeIP)
  if (nodeIP !== undefined && port.sourceRanges.some((range) => cidrContains(parseCidr(range)!, nodeIP))) {
    for (const ip of port.loadBalancerIPs) write(`${text} -s ${ip} -j ${chains.external}`)
  }
  write(quoted(`other traffic to ${port.name} will be dropped by KUBE-PROXY-FIREWALL`))
}

/** writeServiceToEndpointRules. */
const writePolicy = (writer: Writer, chain: string, backends: readonly string[]): void => {
  const { node, nat, rules } = writer
  const { port } = rules
  const large = node.table.endpointCount > largeClusterEndpoints
  const said = (endpoint: string): string => (large ? '' : `${quoted(`${port.name} -> ${endpoint}`)} `)
  if (!nat.has(chain)) nat.set(chain, [])
  if (port.affinitySeconds !== undefined) {
    for (const endpoint of backends) {
      const target = endpointChainName(port, endpoint)
      const recent = `-m recent --name ${target} --rcheck --seconds ${port.affinitySeconds} --reap`
      put(nat, chain, `${said(endpoint)}${recent} -j ${target}`)
    }
  }
  for (const [i, endpoint] of backends.entries()) {
    const left = backends.length - i
    const chance = left > 1 ? `-m statistic --mode random --probability ${probabilityText(left)} ` : ''
    put(nat, chain, `${said(endpoint)}${chance}-j ${endpointChainName(port, endpoint)}`)
  }
}

const writeEndpoint = ({ node, nat, rules, match }: Writer, endpoint: string): void => {
  const { port } = rules
  const chain = endpointChainName(port, endpoint)
  const said = node.table.endpointCount > largeClusterEndpoints ? '' : `${comment(port.name)} `
  const recent = port.affinitySeconds === undefined ? '' : `-m recent --name ${chain} --set `
  nat.set(chain, [`${said}-s ${hostOf(endpoint)} -j KUBE-MARK-MASQ`])
  put(nat, chain, `${said}${recent}${match} -j DNAT --to-destination ${endpoint}`)
}

const writePort = (writer: Writer): void => {
  const { node, nat, rules, chains, match } = writer
  const { port, cluster, local } = rules
  writeCaptures(writer)
  // The rules of a chain may come before its place among the chains is known: it stands where its line is written.
  const captured: string[] = []
  if (internalBackends(rules) !== undefined) {
    const { masqueradeAll, clusterCidr, clusterCidrText } = node.config
    const text = `${quoted(`${port.name} cluster IP`)} ${match} -d ${port.clusterIP} --dport ${port.port}`
    if (masqueradeAll) captured.push(`${text} -j KUBE-MARK-MASQ`)
    else if (clusterCidr !== undefined) captured.push(`${text} ! -s ${clusterCidrText} -j KUBE-MARK-MASQ`)
  }
  if (hasExternalChain(rules)) writeExternal(writer)
  if (hasFirewall(rules)) writeFirewall(writer)
  const policies = [
    {
      chain: chains.cluster,
      backends: cluster,
      used: usesClusterEndpoints(port),
      internal: port.internalPolicy === 'Cluster',
    },
    { chain: chains.local, backends: local, used: usesLocalEndpoints(port), internal: port.internalPolicy === 'Local' },
  ]
  for (const { chain, backends, used, internal } of policies) {
    if (!used || backends.length === 0) continue
    nat.set(chain, internal ? captured : [])
    writePolicy(writer, chain, backends)
  }
  const merged = local.every((one) => cluster.includes(one))
    ? cluster
    : cluster.length === 0
      ? local
      : [...new Set([...cluster, ...local])].sort()
  for (const endpoint of merged) writeEndpoint(writer, endpoint)
}

const print = (name: string, chains: Chains): string =>
  [
    `*${name}`,
    ...[...chains.keys()].map((chain) => `:${chain} - [0:0]`),
    ...[...chains].flatMap(([chain, rules]) => rules.map((rule) => `-A ${chain} ${rule}`)),
    'COMMIT\n',
  ].join('\n')

/**
 * The filter and nat tables that the iptables proxier would write on a node, made when somebody wants to read them.
 * Differs: upstream goes through the service ports, and through endpoints of both policies, in the random order of a map;
 * here they are sorted.
 */
export const iptablesText = (node: NodeView): string => {
  const filter: Chains = new Map(filterChains.map((chain) => [chain, []]))
  const nat: Chains = new Map(natChains.map((chain) => [chain, []]))
  for (const [chain, rule] of filterJumps) put(filter, chain, rule)
  for (const [chain, rule] of natJumps) put(nat, chain, rule)
  put(nat, 'KUBE-POSTROUTING', `-m mark ! --mark ${mark}/${mark} -j RETURN`)
  put(nat, 'KUBE-POSTROUTING', `-j MARK --xor-mark ${mark}`)
  put(nat, 'KUBE-POSTROUTING', `${quoted('kubernetes service traffic requiring SNAT')} -j MASQUERADE`)
  put(nat, 'KUBE-MARK-MASQ', `-j MARK --or-mark ${mark}`)
  if (node.config.localhostNodePorts) {
    const martian = '-d 127.0.0.0/8 ! -s 127.0.0.0/8 -m conntrack ! --ctstate RELATED,ESTABLISHED,DNAT -j DROP'
    put(filter, 'KUBE-FIREWALL', `${quoted('block incoming localnet connections')} ${martian}`)
  }
  for (const rules of node.table.all()) {
    const protocol = rules.port.protocol.toLowerCase()
    writePort({ node, filter, nat, rules, chains: chainNames(rules.port), match: `-m ${protocol} -p ${protocol}` })
  }
  const last = quoted('kubernetes service nodeports; NOTE: this must be the last rule in this chain')
  const { nodePortAddresses, localhostNodePorts } = node.config
  if (nodePortAddresses.length === 0) {
    const destination = localhostNodePorts ? '' : '! -d 127.0.0.0/8 '
    put(nat, 'KUBE-SERVICES', `${last} -m addrtype --dst-type LOCAL ${destination}-j KUBE-NODEPORTS`)
  } else {
    for (const address of ['127.0.0.1', ...node.addresses]) {
      const ip = parseIp(address)
      const answers =
        nodePortAddresses === 'primary'
          ? address === node.nodeIP
          : ip !== undefined && nodePortAddresses.some((cidr) => cidrContains(cidr, ip))
      if (!answers) continue
      if (address.startsWith('127.') && !localhostNodePorts) continue
      put(nat, 'KUBE-SERVICES', `${last} -d ${address} -j KUBE-NODEPORTS`)
    }
  }
  put(
    filter,
    'KUBE-FORWARD',
    '-m conntrack --ctstate INVALID -m nfacct --nfacct-name ct_state_invalid_dropped_pkts -j DROP',
  )
  put(filter, 'KUBE-FORWARD', `${quoted('kubernetes forwarding rules')} -m mark --mark ${mark}/${mark} -j ACCEPT`)
  const conntrack = '-m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT'
  put(filter, 'KUBE-FORWARD', `${quoted('kubernetes forwarding conntrack rule')} ${conntrack}`)
  return print('filter', filter) + print('nat', nat)
}
