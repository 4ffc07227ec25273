import type { KubeObject } from '../../api/object.ts'
import type { Node, Pod } from '../../api/types/core-v1.generated.ts'
import { createReflector, type Reflector } from '../client/reflector.ts'
import type { Credentials } from '../../api/protocol/request.ts'
import type { Transport } from '../client/transport.ts'
import type { Context } from './context.ts'

export interface PodSourceSink {
  /** All pods of the node: what is not among them is gone. */
  all(pods: readonly Pod[]): void
  changed(pod: Pod): void
  gone(pod: Pod): void
}

export interface SourceParts {
  readonly context: Context
  readonly transport: Transport
  readonly credentials: Credentials
  readonly userAgent: string
}

/** pkg/kubelet/config/apiserver.go: the pods bound to this node. */
export const createPodSource = (parts: SourceParts, sink: PodSourceSink): Reflector => {
  const { context } = parts
  return createReflector(
    { ...parts, kernel: context.kernel, actor: context.actor },
    { resource: context.scheme().byKind('v1/Pod')!, fieldSelector: `spec.nodeName=${context.node}` },
    {
      replace: (objects: readonly KubeObject[]) => sink.all(objects as readonly Pod[]),
      changed(event) {
        if (event.type === 'DELETED') sink.gone(event.object as Pod)
        else sink.changed(event.object as Pod)
      },
      reached: () => undefined,
    },
  )
}

/** The kubelet's informer on its own Node. */
export const createNodeSource = (parts: SourceParts, seen: (node: Node | undefined) => void): Reflector => {
  const { context } = parts
  return createReflector(
    { ...parts, kernel: context.kernel, actor: context.actor },
    { resource: context.scheme().byKind('v1/Node')!, fieldSelector: `metadata.name=${context.node}` },
    {
      replace: (objects: readonly KubeObject[]) => seen(objects[0] as Node | undefined),
      changed: (event) => seen(event.type === 'DELETED' ? undefined : (event.object as Node)),
      reached: () => undefined,
    },
  )
}
