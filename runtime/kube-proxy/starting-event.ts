import type { Credentials } from '../../api/protocol/request.ts'
import type { Scheme } from '../../api/scheme/scheme.ts'
import { microTimestamp } from '../client/timestamp.ts'
import type { Transport } from '../client/transport.ts'
import type { Actor } from '../kernel/actor.ts'
import type { Kernel } from '../kernel/kernel.ts'
import type { Trace } from '../kernel/trace.ts'
import type { ProxyMode } from './proxy-config.ts'

interface Options {
  readonly kernel: Kernel
  readonly trace: Trace
  readonly actor: Actor
  readonly transport: Transport
  readonly credentials: Credentials
  readonly scheme: Scheme | (() => Scheme)
  readonly node: string
  readonly mode: ProxyMode
}

interface ProxyEvent {
  readonly type: 'Normal' | 'Warning'
  readonly reason: string
  readonly note: string
}

const starting: ProxyEvent = { type: 'Normal', reason: 'Starting', note: '' }
/** createProxier of cmd/kube-proxy/app/server_linux.go */
const deprecated: ProxyEvent = {
  type: 'Warning',
  reason: 'IPVSDeprecation',
  note: "The ipvs proxier is now deprecated and may be removed in a future release. Please use 'nftables' instead.",
}

const tell = ({ type, reason, note }: ProxyEvent, options: Options, at: number): void => {
  const { kernel, trace, actor, transport, credentials, node } = options
  const scheme = typeof options.scheme === 'function' ? options.scheme() : options.scheme
  const data = Object.freeze({ type, reason, message: note, source: 'kube-proxy' })
  const { cause } = kernel
  kernel.cause = trace.append('emission', actor, reason, `nodes/${node}`, data)
  const resource = scheme.byKind('events.k8s.io/v1/Event')
  const nanos = BigInt(kernel.epoch + kernel.now) * 1000n + BigInt(at)
  if (resource !== undefined) {
    const body = {
      apiVersion: 'events.k8s.io/v1',
      kind: 'Event',
      metadata: { name: `${node}.${nanos.toString(16)}`, namespace: 'default' },
      eventTime: microTimestamp(kernel.epoch + kernel.now),
      reportingController: 'kube-proxy',
      reportingInstance: `kube-proxy-${node}`,
      action: 'StartKubeProxy',
      reason,
      regarding: { apiVersion: 'v1', kind: 'Node', name: node },
      note,
      type,
    }
    transport.send(
      { verb: 'create', resource, namespace: 'default', body, credentials, userAgent: 'kube-proxy' },
      () => undefined,
    )
  }
  kernel.cause = cause
}

/**
 * The proxy's only Events, about its node: birthCry of cmd/kube-proxy/app/server.go, and before it what there is to say of the mode.
 * Differs: written once; upstream tries again every ten seconds while no API server answers.
 */
export const announceStart = (options: Options): void => {
  const events = options.mode === 'ipvs' ? [deprecated, starting] : [starting]
  for (const [at, event] of events.entries()) tell(event, options, at)
}
