import type { Pod, Secret } from '../../api/types/core-v1.generated.ts'
import { readObject } from './container-config.ts'
import type { Context } from './context.ts'
import type { Task } from './life.ts'

/** pkg/kubelet/kubelet_pods.go: getPullSecretsForPod. What is not there is told, and does not keep the pull from being tried. */
export function* pullSecrets(context: Context, pod: Pod): Task<readonly Secret[]> {
  const found: Secret[] = []
  const failed: string[] = []
  for (const { name } of pod.spec.imagePullSecrets ?? []) {
    if (name === undefined || name === '') continue
    const answer = yield* readObject(context, 'secret', pod.metadata.namespace ?? 'default', name)
    if (answer.code === 200) found.push(answer.body as Secret)
    else failed.push(name)
  }
  if (failed.length > 0)
    context.events.pod(
      pod,
      'Warning',
      'FailedToRetrieveImagePullSecret',
      `Unable to retrieve some image pull secrets (${failed.join(', ')}); attempting to pull the image may not succeed.`,
    )
  return found
}
