import type { Component } from '../kernel/component.ts'
import { InvariantError } from '../kernel/invariant-error.ts'
import type { Micros } from '../kernel/micros.ts'
import { createAffinity, type Affinity } from './affinity.ts'
import type { NodeView } from './evaluate-connection.ts'
import { proxyConfig } from './proxy-config.ts'
import { family, startProxyLife, type KubeProxyOptions, type NodeKernel, type ProxyLife } from './proxy-life.ts'
import { createRuleTable } from './rule-table.ts'
import type { ServiceHealth } from './service-health.ts'

/** The proxy and the rules that it has written into its node's kernel, which outlive it. */
export interface KubeProxy extends Component {
  /** The node's rules as they stand, for evaluateConnection, openConnection and iptablesText. */
  readonly view: NodeView
  /** Which client was sent where, for openConnection. */
  readonly affinity: Affinity
  /** What a Service's health check node port answers; without one, or while the proxy is down, that it is not healthy. */
  health(service: string): ServiceHealth
  /** The node has lost power: its kernel forgets all rules. */
  flush(): void
}

const unhealthy: ServiceHealth = Object.freeze({ code: 503, localEndpoints: 0 })

/** kube-proxy on one node, for IPv4. Between changes it does nothing at all. */
export const createKubeProxy = (options: KubeProxyOptions): KubeProxy => {
  const { kernel, trace, node } = options
  const answer = proxyConfig(options.flags, options.podNetwork, options.serviceNetwork)
  if (!answer.ok) throw new InvariantError('kube-proxy', answer.message, { flag: answer.flag })
  const { config } = answer
  const name = `kube-proxy/${node}`
  const actor = kernel.actor(name)
  const now = (): Micros => kernel.now
  const own: NodeKernel = {
    table: createRuleTable(family),
    affinity: createAffinity(now),
    addresses: [],
    nodeIP: '127.0.0.1',
  }
  let life: ProxyLife | undefined
  let announced = options.announced === true
  return {
    name,
    view: {
      config,
      get table() {
        return own.table
      },
      get addresses() {
        return own.addresses
      },
      get nodeIP() {
        return own.nodeIP
      },
    },
    get affinity() {
      return own.affinity
    },
    health: (service) => life?.health(service) ?? unhealthy,
    start() {
      life ??= startProxyLife({ ...options, announced }, config, own)
      announced = false
    },
    stop() {
      life?.stop()
      life = undefined
    },
    flush() {
      const gone = [...new Set(own.table.all().map((one) => one.port.service))]
      own.table = createRuleTable(family)
      own.affinity = createAffinity(now)
      if (gone.length === 0) return
      const changed = Object.freeze(Object.fromEntries(gone.map((service) => [service, Object.freeze([])])))
      kernel.cause = trace.append('truth', actor, 'flush', `rules/${node}`, Object.freeze({ changed }))
    },
  }
}
