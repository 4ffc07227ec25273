import type { KubeObject } from '../../api/object.ts'
import type { Credentials } from '../../api/protocol/request.ts'
import type { Scheme } from '../../api/scheme/scheme.ts'
import type { Node, Service } from '../../api/types/core-v1.generated.ts'
import type { EndpointSlice } from '../../api/types/discovery-v1.generated.ts'
import { createInformers, type ChangeType } from '../client/informers.ts'
import { labelIndex } from '../client/indexes.ts'
import type { Transport } from '../client/transport.ts'
import type { Kernel } from '../kernel/kernel.ts'
import { millisecond, second, type Micros } from '../kernel/micros.ts'
import type { Timer } from '../kernel/timer.ts'
import type { Trace } from '../kernel/trace.ts'
import type { Affinity } from './affinity.ts'
import { createBoundedRunner } from './bounded-runner.ts'
import { createChangeTracker, isProxied, isProxiedSlice, serviceLabel } from './change-tracker.ts'
import { nodeFacts } from './node-facts.ts'
import type { PortRules } from './port-rules.ts'
import type { ProxyConfig } from './proxy-config.ts'
import type { RulesTruth } from './rules-truth.ts'
import type { RuleTable } from './rule-table.ts'
import { serviceHealth, type ServiceHealth } from './service-health.ts'
import { tellHops } from './tell-hops.ts'
import { announceStart } from './starting-event.ts'

export interface KubeProxyOptions {
  readonly kernel: Kernel
  readonly trace: Trace
  /** A new connection for each start of the process. */
  readonly transport: () => Transport
  /** Name of its node; the process is `kube-proxy/<node>`. */
  readonly node: string
  readonly scheme: Scheme | (() => Scheme)
  /** Checked with `proxyConfig` beforehand. */
  readonly flags: Readonly<Record<string, string>>
  /** The pods' network; default 10.244.0.0/16. */
  readonly podNetwork?: string
  /** Where cluster IPs are; default 10.96.0.0/16. Differs: upstream reads it from the ServiceCIDRs. */
  readonly serviceNetwork?: string
  /** Rules that proxies of the cluster have written: whose pods are told of. */
  readonly told?: WeakSet<readonly PortRules[]>
  /** Its first start has been told of before: it announces only those that follow. */
  readonly announced?: boolean
}

export const kubeProxyCredentials: Credentials = {
  kind: 'certificate',
  commonName: 'system:kube-proxy',
  organizations: [],
}
const userAgent = 'kube-proxy'
/** Differs: upstream runs a second proxier for IPv6 beside this one. */
export const family = 'IPv4'

// client-go tools/cache: syncedPollPeriod; pkg/proxy/node.go: pollInterval and nodeIPsTimeout of NewNodeManager.
const syncedPollPeriod: Micros = 100 * millisecond
const nodePollInterval: Micros = second
const nodeIPsTimeout: Micros = 30 * second

const knownTruths = new WeakMap<readonly PortRules[], RulesTruth>()

/** What a sync has changed. A change of one Service is the same on all nodes that share its rules. */
const truthOf = (changed: Readonly<Record<string, readonly PortRules[]>>): RulesTruth => {
  const [only, ...more] = Object.values(changed)
  const shared = only !== undefined && only.length > 0 && more.length === 0
  const before = shared ? knownTruths.get(only) : undefined
  if (before !== undefined) return before
  const truth: RulesTruth = Object.freeze({ changed: Object.freeze(changed) })
  if (shared) knownTruths.set(only, truth)
  return truth
}

/** The node's kernel as far as it concerns the proxy. */
export interface NodeKernel {
  table: RuleTable
  affinity: Affinity
  addresses: readonly string[]
  nodeIP: string
}

/** What a crash loses. */
export interface ProxyLife {
  /** What the health check node port of a Service answers since the last sync; undefined: there is none. */
  health(service: string): ServiceHealth | undefined
  stop(): void
}

/** One process: from its start to its end. */
export const startProxyLife = (options: KubeProxyOptions, config: ProxyConfig, own: NodeKernel): ProxyLife => {
  const { kernel, trace, node, scheme } = options
  const actor = kernel.actor(`kube-proxy/${node}`)
  const transport = options.transport()
  const informers = createInformers({ kernel, actor, transport, credentials: kubeProxyCredentials, userAgent, scheme })
  const tracker = createChangeTracker(family)
  const timers = new Set<Timer>()
  const told = options.told ?? new WeakSet()
  const place = { nodeName: node, zone: '' }
  const health = new Map<string, ServiceHealth>()
  let initialized = false
  let needFullSync = true
  let stopped = false
  let knownServices: () => readonly string[] = () => []
  let inputOf: (name: string) => { service: Service | undefined; slices: readonly EndpointSlice[] } = () => ({
    service: undefined,
    slices: [],
  })

  const later = (at: Micros, run: () => void, label: string): void => {
    const timer = kernel.at(
      at,
      actor,
      () => {
        timers.delete(timer)
        run()
      },
      { label: `kube-proxy on ${node} ${label}` },
    )
    timers.add(timer)
  }
  /** WaitForCacheSync asks at once and then ten times a second. */
  const onceSynced = (run: () => void): void => {
    const from = kernel.now
    informers.whenSynced(() => {
      const polls = Math.ceil((kernel.now - from) / syncedPollPeriod)
      later(from + polls * syncedPollPeriod, run, 'waits for its caches')
    })
  }

  /** syncProxyRules. Its own time is not simulated. */
  const sync = (): void => {
    if (!initialized) return
    const heard = tracker.take()
    const names = needFullSync
      ? [...new Set([...own.table.all().map((one) => one.port.service), ...knownServices()])].sort()
      : heard
    needFullSync = false
    const changed: Record<string, readonly PortRules[]> = {}
    const earlier: Record<string, readonly PortRules[]> = {}
    let any = false
    const here = { ...place }
    for (const name of names) {
      const before = own.table.of(name)
      const input = inputOf(name)
      // SyncServices and SyncEndpoints of the health server.
      if ((input.service?.spec.healthCheckNodePort ?? 0) === 0) health.delete(name)
      else health.set(name, serviceHealth(input.slices, node, true))
      if (!own.table.rebuild(name, { ...input, place: here })) continue
      own.affinity.follow(before, own.table.of(name))
      changed[name] = own.table.of(name)
      earlier[name] = before
      any = true
    }
    if (!any) return
    const data = truthOf(changed)
    kernel.cause = trace.append('truth', actor, 'sync', `rules/${node}`, data)
    for (const [name, rules] of Object.entries(changed))
      tellHops({ trace, actor, told }, { name, before: earlier[name] ?? [], now: rules, slices: inputOf(name).slices })
  }
  const runner = createBoundedRunner({
    kernel,
    actor,
    minInterval: config.minSyncPeriod,
    label: `kube-proxy on ${node} writes its rules`,
    run: sync,
  })
  const request = (wanted: boolean): void => {
    if (wanted && initialized) runner.request()
  }

  const nodes = informers.informer('v1/Node', `metadata.name=${node}`)
  const factsNow = (): ReturnType<typeof nodeFacts> => nodeFacts(nodes.get(node) as Node | undefined)

  const onService = (type: ChangeType, before: KubeObject | undefined, object: KubeObject): void => {
    const old = type === 'deleted' ? object : before
    const now = type === 'deleted' ? undefined : object
    request(tracker.serviceChanged(isProxied(old) ? old : undefined, isProxied(now) ? now : undefined))
  }
  /** Differs: a slice that is given to another Service leaves the first; upstream's EndpointSliceCache keeps it there. */
  const onSlice = (_type: ChangeType, before: KubeObject | undefined, object: KubeObject): void => {
    for (const slice of [before, object]) {
      if (slice !== undefined && isProxiedSlice(slice, family)) request(tracker.sliceChanged(slice))
    }
  }
  /** NodeTopologyConfig: only the zone concerns the rules. */
  const onNode = (): void => {
    const facts = factsNow()
    if (facts.addresses.length > 0) own.addresses = facts.addresses
    if (facts.zone === place.zone) return
    place.zone = facts.zone
    needFullSync = true
    runner.request()
  }

  /** The rest of ProxyServer.Run, once the node is known or has been waited for in vain. */
  const begin = (): void => {
    const facts = factsNow()
    if (facts.addresses.length > 0) own.addresses = facts.addresses
    own.nodeIP = facts.addresses[0] ?? '127.0.0.1'
    const services = informers.informer('v1/Service', 'spec.clusterIP!=None')
    const slices = informers.informer('discovery.k8s.io/v1/EndpointSlice')
    const byService = labelIndex(serviceLabel)
    slices.addIndex(byService)
    knownServices = () => services.list().map((one) => `${one.metadata.namespace ?? ''}/${one.metadata.name}`)
    inputOf = (name) => {
      const service = services.get(name)
      const own = slices.indexed(byService.name, name)
      return {
        service: isProxied(service) ? service : undefined,
        slices: own.filter((slice): slice is EndpointSlice => isProxiedSlice(slice, family)),
      }
    }
    services.addHandler(onService)
    slices.addHandler(onSlice)
    nodes.addHandler(onNode)
    if (options.announced !== true)
      announceStart({
        kernel,
        trace,
        actor,
        transport,
        credentials: kubeProxyCredentials,
        scheme,
        node,
        mode: config.mode,
      })
    onceSynced(() => {
      initialized = true
      sync()
    })
  }
  const waitForNode = (deadline: Micros): void => {
    if (factsNow().addresses.length > 0 || kernel.now >= deadline) begin()
    else later(kernel.now + nodePollInterval, () => waitForNode(deadline), 'waits for its node')
  }

  informers.start()
  onceSynced(() => waitForNode(kernel.now + nodeIPsTimeout))
  return {
    health: (service) => health.get(service),
    stop() {
      if (stopped) return
      stopped = true
      informers.stop()
      runner.stop()
      for (const timer of timers) kernel.cancel(timer)
      transport.close()
    },
  }
}
