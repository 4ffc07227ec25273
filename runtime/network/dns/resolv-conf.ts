import type { Pod } from '../../../api/types/core-v1.generated.ts'

/** What /etc/resolv.conf of a container says, as far as it decides who is asked for what. */
export interface ResolvConf {
  readonly nameservers: readonly string[]
  readonly searches: readonly string[]
  readonly ndots: number
}

/** The node's own: somebody outside the cluster (TEST-NET-2 of RFC 5737). */
export const nodeNameserver = '198.51.100.53'
/** --cluster-domain */
export const clusterDomain = 'cluster.local'

const unique = (list: readonly string[]): readonly string[] => [...new Set(list)]

/** getPodDNSType: a pod on the host's network has the cluster's names only if it asks for them. */
const isClusterFirst = ({ dnsPolicy = 'ClusterFirst', hostNetwork }: Pod['spec']): boolean =>
  dnsPolicy === 'ClusterFirstWithHostNet' || (dnsPolicy === 'ClusterFirst' && hostNetwork !== true)

/** GetPodDNS and appendDNSConfig of pkg/kubelet/network/dns: `clusterDns` is the address of the cluster's DNS service. */
export const resolvConf = ({ metadata, spec }: Pod, clusterDns: string | undefined): ResolvConf => {
  const namespace = metadata.namespace ?? ''
  const own: ResolvConf = isClusterFirst(spec)
    ? {
        nameservers: clusterDns === undefined ? [] : [clusterDns],
        searches: [`${namespace}.svc.${clusterDomain}`, `svc.${clusterDomain}`, clusterDomain],
        ndots: 5,
      }
    : { nameservers: spec.dnsPolicy === 'None' ? [] : [nodeNameserver], searches: [], ndots: 1 }
  const { nameservers = [], searches = [], options = [] } = spec.dnsConfig ?? {}
  const ndots = options.findLast((one) => one.name === 'ndots')?.value
  return {
    nameservers: unique([...own.nameservers, ...nameservers]),
    searches: unique([...own.searches, ...searches]),
    ndots: ndots !== undefined && /^\d+$/.test(ndots) ? Math.min(15, Number(ndots)) : own.ndots,
  }
}

/**
 * The names that a resolver asks for, one after the other until one is there (glibc's res_search): a name with fewer dots than
 * ndots in the search domains first, any other as it stands first. A dot at the end ends the search.
 */
export const searchNames = (name: string, { searches, ndots }: ResolvConf): readonly string[] => {
  if (name.endsWith('.')) return [name]
  const plain = `${name}.`
  const within = searches.map((domain) => `${name}.${domain.replace(/\.$/, '')}.`)
  const dots = name.split('.').length - 1
  return dots >= ndots ? [plain, ...within] : [...within, plain]
}
