import { parseGoDuration } from '../../api/durations/go-duration.ts'
import { cidrContains, parseCidr, type Cidr } from '../../api/names/cidr.ts'
import { parseIp } from '../../api/names/ip-address.ts'
import { second, type Micros } from '../kernel/micros.ts'

export type ProxyMode = 'iptables' | 'ipvs' | 'nftables'
const modes: readonly ProxyMode[] = ['iptables', 'ipvs', 'nftables']

/** What of kube-proxy's configuration decides about rules and their timing. */
export interface ProxyConfig {
  readonly mode: ProxyMode
  /** Where pods live: traffic to a cluster IP from elsewhere is masqueraded. undefined: unknown, nothing is masqueraded. */
  readonly clusterCidr: Cidr | undefined
  readonly clusterCidrText: string
  readonly masqueradeAll: boolean
  readonly localhostNodePorts: boolean
  /** Addresses of the node on which node ports answer; empty: all; primary: the node's own. */
  readonly nodePortAddresses: readonly Cidr[] | 'primary'
  /** Where cluster IPs are; undefined: unknown. */
  readonly serviceCidr: Cidr | undefined
  readonly minSyncPeriod: Micros
}

export type ConfigAnswer =
  | { readonly ok: true; readonly config: ProxyConfig }
  | { readonly ok: false; readonly flag: string; readonly message: string }

const known = [
  'cluster-cidr',
  'iptables-localhost-nodeports',
  'iptables-min-sync-period',
  'iptables-sync-period',
  'ipvs-min-sync-period',
  'ipvs-scheduler',
  'ipvs-sync-period',
  'masquerade-all',
  'min-sync-period',
  'mode',
  'nftables-min-sync-period',
  'nftables-sync-period',
  'nodeport-addresses',
  'proxy-mode',
  'sync',
  'sync-period',
] as const
type Flag = (typeof known)[number]
const isKnown = (flag: string): flag is Flag => (known as readonly string[]).includes(flag)

const refused = (flag: string, message: string): ConfigAnswer => ({ ok: false, flag, message })

/** IPv4 CIDRs of a comma-separated list; undefined if one is none. */
const cidrsOf = (text: string): readonly Cidr[] | undefined => {
  const cidrs = text === '' ? [] : text.split(',').map((one) => parseCidr(one.trim()))
  return cidrs.some((one) => one === undefined) ? undefined : (cidrs as Cidr[])
}

const loopbackStart = parseIp('127.0.0.0')!

/** NewNodePortAddresses: whether a list lets localhost in. */
const coversLoopback = (cidr: Cidr): boolean => cidr.network.bytes[0] === 127 || cidrContains(cidr, loopbackStart)

/**
 * The flags of a cluster as configuration, with upstream's defaults (pkg/proxy/apis/config/v1alpha1/defaults.go) and the
 * cluster's pod network. `sync` is the scenario's short word for the minimal period between two syncs.
 */
export const proxyConfig = (
  flags: Readonly<Record<string, string>>,
  podNetwork = '10.244.0.0/16',
  serviceNetwork = '10.96.0.0/16',
): ConfigAnswer => {
  for (const flag of Object.keys(flags).sort())
    if (!isKnown(flag)) return refused(flag, `kube-proxy has no flag ${flag} here`)
  const wanted = flags['mode'] ?? flags['proxy-mode'] ?? ''
  const mode = wanted === '' ? 'iptables' : modes.find((one) => one === wanted)
  if (mode === undefined) return refused('mode', `proxy mode ${wanted} is none of ${modes.join(', ')}`)
  const scheduler = flags['ipvs-scheduler'] ?? 'rr'
  if (scheduler !== 'rr') return refused('ipvs-scheduler', `ipvs scheduler ${scheduler} is not simulated; rr is`)
  const clusterCidrText = flags['cluster-cidr'] ?? podNetwork
  const clusterCidrs = cidrsOf(clusterCidrText)
  if (clusterCidrs === undefined) return refused('cluster-cidr', `${clusterCidrText} is no CIDR`)
  // An nftables proxy without --nodeport-addresses answers on the node's own address only (server_linux.go).
  const nodePortText = flags['nodeport-addresses'] ?? (mode === 'nftables' ? 'primary' : '')
  const primary = nodePortText === 'primary'
  const nodePortCidrs = primary ? [] : cidrsOf(nodePortText)
  if (nodePortCidrs === undefined) return refused('nodeport-addresses', `${nodePortText} is no list of CIDRs`)
  const ofFamily = nodePortCidrs.filter((cidr) => cidr.network.bytes.length === 4)
  const everywhere = ofFamily.some((cidr) => cidr.bits === 0)
  const period =
    flags[`${mode}-min-sync-period`] ?? flags['min-sync-period'] ?? flags['sync'] ?? (mode === 'ipvs' ? '0s' : '1s')
  const parsed = parseGoDuration(period)
  if ('error' in parsed) return refused('min-sync-period', parsed.error)
  if (parsed.nanos < 0n) return refused('min-sync-period', `${period} is negative`)
  const minSyncPeriod = Number(parsed.nanos / 1000n)
  const clusterCidr = clusterCidrs.find((cidr) => cidr.network.bytes.length === 4)
  return {
    ok: true,
    config: {
      mode,
      clusterCidr,
      clusterCidrText,
      masqueradeAll: flags['masquerade-all'] === 'true',
      localhostNodePorts:
        flags['iptables-localhost-nodeports'] !== 'false' &&
        !primary &&
        (ofFamily.length === 0 || ofFamily.some(coversLoopback)),
      nodePortAddresses: primary ? 'primary' : everywhere ? [] : ofFamily,
      serviceCidr: cidrsOf(serviceNetwork)?.find((cidr) => cidr.network.bytes.length === 4),
      minSyncPeriod: Number.isSafeInteger(minSyncPeriod) ? minSyncPeriod : second,
    },
  }
}
