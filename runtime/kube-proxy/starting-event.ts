import type { Credentials } from '../../api/protocol/request.ts'
import type { Scheme } from '../../api/scheme/scheme.ts'
import { microTimestamp } from '../client/timestamp.ts'
import type { Transport } from '../client/transport.ts'
import type { Actor } from '../kernel/actor.ts'
import type { Kernel } from '../kernel/kernel.ts'
import type { Trace } from '../kernel/trace.ts'

interface Options {
  readonly kernel: Kernel
  readonly trace: Trace
  readonly actor: Actor
  readonly transport: Transport
  readonly credentials: Credentials
  readonly scheme: Scheme | (() => Scheme)
  readonly node: string
}

/**
 * birthCry of cmd/kube-proxy/app/server.go: the proxy's only Event, about its node.
 * Differs: written once; upstream tries again every ten seconds while no API server answers.
 */
export const announceStart = (options: Options): void => {
  const { kernel, trace, actor, transport, credentials, node } = options
  const scheme = typeof options.scheme === 'function' ? options.scheme() : options.scheme
  const data = Object.freeze({ type: 'Normal', reason: 'Starting', message: '', source: 'kube-proxy' })
  const { cause } = kernel
  kernel.cause = trace.append('emission', actor, 'Starting', `nodes/${node}`, data)
  const resource = scheme.byKind('events.k8s.io/v1/Event')
  const nanos = BigInt(kernel.epoch + kernel.now) * 1000n
  if (resource !== undefined) {
    const body = {
      apiVersion: 'events.k8s.io/v1',
      kind: 'Event',
      metadata: { name: `${node}.${nanos.toString(16)}`, namespace: 'default' },
      eventTime: microTimestamp(kernel.epoch + kernel.now),
      reportingController: 'kube-proxy',
      reportingInstance: `kube-proxy-${node}`,
      action: 'StartKubeProxy',
      reason: 'Starting',
      regarding: { apiVersion: 'v1', kind: 'Node', name: node },
      note: '',
      type: 'Normal',
    }
    transport.send(
      { verb: 'create', resource, namespace: 'default', body, credentials, userAgent: 'kube-proxy' },
      () => undefined,
    )
  }
  kernel.cause = cause
}
