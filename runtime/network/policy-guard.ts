import type { NetworkPolicy } from '../../api/types/networking-v1.generated.ts'
import type { Pod } from '../../api/types/core-v1.generated.ts'
import type { KubeObject } from '../../api/object.ts'
import { deniedBy, type PolicyWorld } from './network-policies.ts'
import type { NetworkPlugin } from './network-plugin.ts'
import type { PolicyConnection, PolicyPod } from './policy-connection.ts'

/** What there is, by resource (`pods`, `networkpolicies.networking.k8s.io`). */
export interface Objects {
  get(resource: string, namespace: string | undefined, name: string): KubeObject | undefined
  list(resource: string, namespace: string | undefined): readonly KubeObject[]
}

const known = new WeakMap<Pod, PolicyPod>()

/** A pod as policies see it, its restartable init containers' ports included. */
export const policyPod = (pod: Pod): PolicyPod => {
  let made = known.get(pod)
  if (made === undefined) {
    const sidecars = (pod.spec.initContainers ?? []).filter((one) => one.restartPolicy === 'Always')
    made = Object.freeze({
      namespace: pod.metadata.namespace ?? '',
      labels: pod.metadata.labels ?? {},
      ports: [...pod.spec.containers, ...sidecars].flatMap((one) =>
        (one.ports ?? []).flatMap(({ name, containerPort, protocol }) =>
          name === undefined ? [] : [{ name, port: containerPort, protocol: protocol ?? 'TCP' }],
        ),
      ),
    })
    known.set(pod, made)
  }
  return made
}

/**
 * Whether the network plugin lets a connection through.
 * Differs: the plugin's agents know of policies, pods and namespaces at once; a real one follows its watches.
 */
export const createPolicyGuard = (
  state: Objects,
  plugin: NetworkPlugin,
): ((connection: PolicyConnection) => boolean) => {
  if (!plugin.enforces) return () => true
  const world: PolicyWorld = {
    policies: (namespace) =>
      state.list('networkpolicies.networking.k8s.io', namespace) as unknown as readonly NetworkPolicy[],
    namespaceLabels: (name) => {
      const namespace = state.get('namespaces', undefined, name)
      return namespace && (namespace.metadata.labels ?? {})
    },
    blocksReachPods: plugin.blocksReachPods,
  }
  return (connection) => deniedBy(connection, world) === undefined
}
