import type { Pod } from '../../../api/types/core-v1.generated.ts'
import { clusterAnswer, foreignAnswer, type DnsAnswer, type NamedCluster } from './cluster-names.ts'
import { resolvConf, searchNames } from './resolv-conf.ts'

/** The cluster's DNS as a pod meets it. */
export interface DnsService {
  /** Its address; undefined: there is none. */
  readonly address: string | undefined
  readonly cluster: NamedCluster
  /** Whether a question gets there: refused where nobody stands behind the address, timeout where nothing comes back. */
  readonly reached: 'answers' | 'refused' | 'timeout'
}

export interface LookUp {
  readonly status: 'NOERROR' | 'NXDOMAIN' | 'NODATA' | 'refused' | 'timeout'
  readonly addresses: readonly string[]
  /** The names that were asked for, in order. */
  readonly asked: readonly string[]
}

const none: readonly string[] = Object.freeze([])

/**
 * Looks a name up as a container of the pod does. Only the first name server counts, since a resolver asks the next one only
 * when the first is silent.
 */
export const lookUp = (pod: Pod, name: string, dns: DnsService): LookUp => {
  const conf = resolvConf(pod, dns.address)
  const names = searchNames(name, conf)
  const [server] = conf.nameservers
  if (server === undefined) return { status: 'timeout', addresses: none, asked: names.slice(0, 1) }
  const inside = server === dns.address
  if (inside && dns.reached !== 'answers') return { status: dns.reached, addresses: none, asked: names.slice(0, 1) }
  let last: DnsAnswer['status'] = 'NXDOMAIN'
  for (const [at, question] of names.entries()) {
    const answer = inside ? clusterAnswer(question, dns.cluster) : foreignAnswer(question)
    if (answer.status === 'NOERROR')
      return { status: 'NOERROR', addresses: answer.addresses, asked: names.slice(0, at + 1) }
    if (answer.status === 'NODATA') last = 'NODATA'
  }
  return { status: last, addresses: none, asked: names }
}
