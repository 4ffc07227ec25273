import { merged } from '../../api/json/merged.ts'
import type { Credentials } from '../../api/protocol/request.ts'
import type { Scheme } from '../../api/scheme/scheme.ts'
import type { Node, Pod } from '../../api/types/core-v1.generated.ts'
import { createEventRecorder, referenceTo, type EventRecorder } from '../client/event-recorder.ts'
import type { Heartbeats } from '../client/heartbeats.ts'
import { throttledTransport } from '../client/throttled-transport.ts'
import { microTimestamp, timestamp } from '../client/timestamp.ts'
import type { Transport } from '../client/transport.ts'
import type { ContainerRuntime } from '../container-runtime/cri.ts'
import type { Component, StopMode } from '../kernel/component.ts'
import type { Kernel } from '../kernel/kernel.ts'
import type { Trace } from '../kernel/trace.ts'
import type { Machine } from '../node/machine.ts'
import type { Context, PodEvents } from './context.ts'
import { kubeletConfig, type KubeletConfig } from './kubelet-config.ts'
import { createLife, suspend } from './life.ts'
import { createNodeAgent } from './node-agent.ts'
import { createManifestSource } from './manifest-source.ts'
import type { NodeFacts } from './node-object.ts'
import type { StaticPodSource } from './static-pod-source.ts'

export interface KubeletOptions {
  readonly kernel: Kernel
  readonly trace: Trace
  /** A new connection for each start of the process. */
  readonly transport: Transport | (() => Transport)
  readonly machine: Machine
  readonly runtime: ContainerRuntime
  readonly heartbeats: Heartbeats
  readonly scheme: Scheme | (() => Scheme)
  readonly node: string
  /** Flags and configuration fields of the scenario's `kubelet` block. */
  readonly flags?: Readonly<Record<string, string>>
  readonly config?: Partial<KubeletConfig>
  /** The node's InternalIP. */
  readonly hostIp: string
  readonly version?: string
  /** Its first start is none: it registered this node and told its events before the story begins. */
  readonly joined?: Node
  /** Stands in for the pods of the machine's folder of manifests. */
  readonly staticPods?: StaticPodSource
  /** Stands in for the events that would go to the API. */
  readonly events?: PodEvents
  /** Changes what the node's object says of its machine. */
  readonly facts?: (facts: NodeFacts) => NodeFacts
  /** Its container manager is a stub, as in the recordings: no cgroups, so no resize succeeds. */
  readonly withoutCgroups?: boolean
  /** Bytes in use on the whole node, if that is more than what the containers use. */
  readonly memoryInUse?: () => number
}

const component = 'kubelet'
const heartbeat: ReadonlySet<string> = new Set(['nodes', 'leases'])
const defaultVersion = 'v1.36.3'

/** The node agent: `start()` after a stop is a new process, which knows only what the runtime, the disk and the API tell it. */
export const createKubelet = (options: KubeletOptions): Component => {
  const { kernel, trace, machine, runtime, heartbeats, node } = options
  const actor = kernel.actor(`kubelet/${node}`)
  const scheme = typeof options.scheme === 'function' ? options.scheme : (): Scheme => options.scheme as Scheme
  const credentials: Credentials = {
    kind: 'certificate',
    commonName: `system:node:${node}`,
    organizations: ['system:nodes'],
  }
  const identity = { credentials, userAgent: component }
  let running: { stop(how: StopMode): void } | undefined

  let { joined } = options

  const start = (): void => {
    if (running !== undefined || !machine.powered) return
    const life = createLife(kernel, actor)
    const transport = typeof options.transport === 'function' ? options.transport() : options.transport
    const recorder =
      options.events === undefined
        ? createEventRecorder({
            kernel,
            trace,
            actor,
            transport,
            credentials,
            userAgent: component,
            scheme,
            component,
            host: node,
          })
        : undefined
    const config = { ...kubeletConfig(options.flags ?? {}), ...options.config }
    const throttled = throttledTransport(transport, {
      kernel,
      actor,
      qps: config.kubeAPIQPS,
      burst: config.kubeAPIBurst,
    })
    const context: Context = {
      kernel,
      trace,
      actor,
      node,
      life,
      machine,
      runtime,
      config,
      events: options.events ?? recordedEvents(recorder!, node),
      startedAt: kernel.now,
      hostIp: options.hostIp,
      scheme,
      send: (request, reply) => {
        // cmd/kubelet/app/server.go: heartbeats go through a client of their own, without a limit.
        const client = heartbeat.has(request.resource.plural) ? transport : throttled
        client.send(merged(request, identity), (response) => {
          if (life.alive) reply(response)
        })
      },
      request: (request) => suspend((resume) => context.send(request, resume)),
      time: (at) => timestamp(kernel.epoch + (at ?? kernel.now)),
      jitter: (delay) => {
        // wait.Jitter with a factor of 0.5, drawn in milliseconds.
        const steps = Math.floor(delay / 2000)
        return steps <= 0 ? delay : delay + kernel.choose('kubelet/jitter', steps) * 1000
      },
    }
    const agent = createNodeAgent({
      context,
      heartbeats,
      source: { context, transport, credentials, userAgent: component },
      staticPods:
        options.staticPods ??
        createManifestSource({
          manifests: machine.manifests,
          node,
          pods: () => context.scheme().byKind('v1/Pod')!,
          seen: () => microTimestamp(kernel.epoch + kernel.now),
        }),
      version: options.version ?? defaultVersion,
      facts: options.facts ?? ((facts) => facts),
      memoryInUse: options.memoryInUse,
      joined,
      withoutCgroups: options.withoutCgroups === true,
    })
    joined = undefined
    running = {
      stop(how) {
        life.end()
        throttled.close()
        runtime.disconnect?.()
        agent.stop()
        recorder?.stop()
        if (typeof options.transport === 'function' || how === 'crash') transport.close()
        heartbeats.silence(node)
      },
    }
    agent.start()
  }

  return {
    name: actor.name,
    start,
    stop(how) {
      running?.stop(how)
      running = undefined
    },
  }
}

const recordedEvents = (recorder: EventRecorder, node: string): PodEvents => ({
  pod: (pod, type, reason, message) => recorder.event(pod, type, reason, message),
  container(pod, container, { type, reason, message }) {
    recorder.emit({ regarding: referenceTo(pod, fieldPathOf(pod, container)), type, reason, message })
  },
  node: (type, reason, message) =>
    recorder.emit({ regarding: { kind: 'Node', apiVersion: 'v1', name: node }, type, reason, message }),
})

/** kubecontainer: fieldPath of a container within its pod. */
export const fieldPathOf = (pod: Pod, container: string): string => {
  const within = (list: readonly { readonly name: string }[] | undefined): boolean =>
    (list ?? []).some((one) => one.name === container)
  if (within(pod.spec.containers)) return `spec.containers{${container}}`
  if (within(pod.spec.initContainers)) return `spec.initContainers{${container}}`
  if (within(pod.spec.ephemeralContainers)) return `spec.ephemeralContainers{${container}}`
  return `spec.containers{${container}}`
}
