import type { KubeObject } from '../../../api/object.ts'
import type { ApiRequest } from '../../../api/protocol/request.ts'
import type { OwnerReference } from '../../../api/types/meta-v1.generated.ts'
import type { Pod } from '../../../api/types/core-v1.generated.ts'
import type { Io } from '../../reconcile/controller.ts'
import { controllerOf } from '../../reconcile/controller-reference.ts'
import { fail, must } from '../../reconcile/refused.ts'

type Step<R> = Generator<ApiRequest, R, unknown>

interface Scale {
  readonly uid: string
  readonly replicas: number
}

type Scaled = KubeObject & { readonly spec?: { readonly replicas?: number } }

/** The kinds whose size the caches tell. */
const cached = ['v1/ReplicationController', 'apps/v1/ReplicaSet', 'apps/v1/StatefulSet']

const scaleOf = (object: KubeObject): Scale => ({
  uid: object.metadata.uid ?? '',
  replicas: (object as Scaled).spec?.replicas ?? 1,
})

/** The finders: getPodReplicationController, getPodDeployment, getPodReplicaSet, getPodStatefulSet, getScaleController. */
function* findScale(io: Io, owner: OwnerReference, namespace: string): Step<Scale | undefined> {
  const kind = `${owner.apiVersion}/${owner.kind}`
  if (cached.includes(kind)) {
    const object = io.read.get(kind, `${namespace}/${owner.name}`)
    if (object?.metadata.uid === owner.uid) {
      const above = kind === 'apps/v1/ReplicaSet' ? controllerOf(object) : undefined
      if (above?.kind !== 'Deployment') return scaleOf(object)
      const deployment = io.read.get('apps/v1/Deployment', `${namespace}/${above.name}`)
      if (deployment?.metadata.uid === above.uid) return scaleOf(deployment)
    }
  }
  const resource = io.served(kind)
  if (resource === undefined) return fail(`no matches for kind "${owner.kind}" in version "${owner.apiVersion}"`)
  const name = resource.group === '' ? resource.plural : `${resource.plural}.${resource.group}`
  if (!(resource.subresources ?? []).includes('scale')) return fail(`${name} does not implement the scale subresource`)
  const answer = yield* io.write.send({ verb: 'get', resource, subresource: 'scale', namespace, name: owner.name })
  if (!answer.ok && answer.code === 404) return undefined
  const scale = must(answer)
  return scale.metadata.uid === owner.uid
    ? { ...scaleOf(scale), replicas: (scale as Scaled).spec?.replicas ?? 0 }
    : undefined
}

/** getExpectedScale: the size of all controllers of these pods, and pods that have none. */
export function* expectedScale(
  io: Io,
  pods: readonly Pod[],
): Step<{ readonly expected: number; readonly unmanaged: number }> {
  const scales = new Map<string, number>()
  let unmanaged = 0
  for (const pod of pods) {
    const owner = controllerOf(pod)
    if (owner === undefined) {
      unmanaged += 1
      continue
    }
    if (scales.has(owner.uid)) continue
    const scale = yield* findScale(io, owner, pod.metadata.namespace ?? '')
    if (scale === undefined) return fail(`found no controllers for pod "${pod.metadata.name ?? ''}"`)
    scales.set(scale.uid, scale.replicas)
  }
  let expected = 0
  for (const replicas of scales.values()) expected += replicas
  return { expected, unmanaged }
}
