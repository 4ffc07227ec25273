import { asPrefix, isDns1123Subdomain } from '../../api/names/dns-names.ts'
import type { Draft, KubeObject } from '../../api/object.ts'
import type { ApiRequest } from '../../api/protocol/request.ts'
import type { Pod, PodTemplateSpec } from '../../api/types/core-v1.generated.ts'
import { namespaceTerminates } from '../client/call.ts'
import type { Answer, Call, Io } from './controller.ts'
import { newControllerReference } from './controller-reference.ts'

const validPrefix = asPrefix(isDns1123Subdomain)

/** controller.GetPodFromTemplate: the pod of a template, to be named by the server after its owner. */
export const podFromTemplate = (template: PodTemplateSpec, owner: KubeObject): Draft<Pod> => {
  const name = owner.metadata.name ?? ''
  const { labels, annotations, finalizers } = template.metadata ?? {}
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: {
      generateName: validPrefix(`${name}-`).length === 0 ? `${name}-` : name,
      ...(labels === undefined ? {} : { labels }),
      ...(annotations === undefined ? {} : { annotations }),
      ...(finalizers === undefined ? {} : { finalizers }),
      ownerReferences: [newControllerReference(owner)],
    },
    spec: template.spec,
  }
}

/** RealPodControl.createPods: creates a pod and tells of it on its owner. */
export function* createPod(io: Io, owner: KubeObject, pod: Draft<Pod>): Call<KubeObject> {
  const answer = yield* io.write.create(pod, owner.metadata.namespace)
  if (answer.ok) io.event(owner, 'Normal', 'SuccessfulCreate', `Created pod: ${answer.object.metadata.name ?? ''}`)
  else if (!namespaceTerminates(answer)) io.event(owner, 'Warning', 'FailedCreate', `Error creating: ${answer.message}`)
  return answer
}

/** RealPodControl.DeletePod. */
export function* deletePod(io: Io, owner: KubeObject, pod: KubeObject): Call<KubeObject> {
  const answer = yield* io.write.delete(pod)
  if (answer.ok) io.event(owner, 'Normal', 'SuccessfulDelete', `Deleted pod: ${pod.metadata.name ?? ''}`)
  else if (answer.code !== 404) {
    io.event(owner, 'Warning', 'FailedDelete', `Error deleting: ${answer.message}`)
    return { ...answer, message: `unable to delete pods: ${answer.message}` }
  }
  return answer
}

/**
 * replica_set.go slowStartBatch: batches of 1, 2, 4, 8 …, each batch side by side; the first batch with a failure is the last.
 * Returns how many succeeded, and the first error.
 */
export function* slowStartBatch(
  io: Io,
  count: number,
  call: (index: number) => Call<unknown>,
): Generator<ApiRequest, { readonly successes: number; readonly error: string | undefined }, unknown> {
  let successes = 0
  let started = 0
  for (let size = 1; started < count; size *= 2) {
    const calls = Array.from({ length: Math.min(size, count - started) }, (_, index) => call(started + index))
    started += calls.length
    const answers: readonly Answer<unknown>[] = yield* io.together(calls)
    const failures = answers.filter((answer) => !answer.ok)
    successes += answers.length - failures.length
    if (failures.length > 0) return { successes, error: failures[0]!.message }
  }
  return { successes, error: undefined }
}
