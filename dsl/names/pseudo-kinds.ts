/** What scenarios name besides the kinds of the API (language reference 3.8), by every word for it. */
export interface PseudoKind {
  readonly resource: string
  /** A bare word means all of them; otherwise it means the one there is. */
  readonly plural: boolean
}

const pseudo = (resource: string, plural = false): PseudoKind => ({ resource, plural })

export const pseudoKinds: ReadonlyMap<string, PseudoKind> = new Map([
  ['zone', pseudo('zones', true)],
  ['zones', pseudo('zones', true)],
  ['pool', pseudo('pool')],
  ['pools', pseudo('pool', true)],
  ['apiserver', pseudo('apiserver')],
  ['etcd', pseudo('etcd')],
  ['scheduler', pseudo('scheduler')],
  ['controller', pseudo('controller')],
  ['controller-manager', pseudo('controller-manager')],
  ['kubelet', pseudo('kubelet')],
  ['kube-proxy', pseudo('kube-proxy')],
  ['autoscaler', pseudo('autoscaler')],
  ['cloud-controller-manager', pseudo('cloud-controller-manager')],
  ['registry', pseudo('registry')],
  ['webhook', pseudo('webhook')],
  ['extender', pseudo('extender')],
  ['user', pseudo('user')],
  ['group', pseudo('group')],
  ['container', pseudo('containers', true)],
  ['containers', pseudo('containers', true)],
  ['event', pseudo('events', true)],
  ['events', pseudo('events', true)],
  ['audit', pseudo('audit', true)],
  ['cluster', pseudo('cluster')],
  ['machine', pseudo('machines')],
  ['machines', pseudo('machines', true)],
])
