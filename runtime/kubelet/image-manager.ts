import type { Container, Pod, Secret } from '../../api/types/core-v1.generated.ts'
import type { PodIdentity } from '../container-runtime/cri.ts'
import { millisecond, minute, second, type Micros } from '../kernel/micros.ts'
import { createBackoff } from './backoff.ts'
import type { Context } from './context.ts'
import { pullCredentials, type PullCredentials } from './docker-keyring.ts'
import { goDuration } from './go-duration.ts'
import { withDefaultTag } from './image-name.ts'
import { createImagePuller, type PullAnswer } from './image-puller.ts'
import { suspend, type Task } from './life.ts'
import type { StartError } from './pod-sync-result.ts'
import { pullError } from './pull-error.ts'
import { createPullRecords } from './pull-records.ts'
import { pullSecrets } from './pull-secrets.ts'

export interface ImageManager {
  /** EnsureImageExists: the image's id, or why the container cannot start. */
  ensure(
    pod: Pod,
    container: Container,
    identity: PodIdentity,
  ): Task<{ readonly id: string } | { readonly error: StartError }>
  /** Reads the pull secrets of a pod that names some, for the pulls of the sync that begins. */
  prepare(pod: Pod): Task<void>
}

/** pkg/kubelet/images/image_manager.go: MaxImageBackOff, imageBackOffPeriod */
const initialBackoff = 10 * second
const maxBackoff = 5 * minute

export const createImageManager = (context: Context, pulled: () => void): ImageManager => {
  const { kernel, runtime, events } = context
  const backoff = createBackoff({ initial: initialBackoff, max: maxBackoff, now: () => kernel.now })
  const previous = new Map<string, string>()
  /** Of the pods that name some, as they were when the sync began. */
  const secrets = new WeakMap<Pod, readonly Secret[]>()
  const records = createPullRecords(context.machine)
  const puller = createImagePuller(context)
  const ensures = context.config.ensuresSecretPulledImages

  return {
    *prepare(pod) {
      secrets.set(pod, yield* pullSecrets(context, pod))
    },
    *ensure(pod, container, identity) {
      const requested = container.image ?? ''
      const policy = container.imagePullPolicy ?? 'IfNotPresent'
      const say = (type: 'Normal' | 'Warning', reason: string, message: string): void => {
        events.container(pod, container.name, { type, reason, message })
      }
      const tagged = withDefaultTag(requested)
      if ('error' in tagged) {
        const message = `Failed to apply default image tag ${JSON.stringify(requested)}: ${tagged.error}`
        say('Warning', 'InspectFailed', message)
        return { error: { reason: 'InvalidImageName', message } }
      }
      const image = tagged.image
      const credentials = (): readonly PullCredentials[] => pullCredentials(secrets.get(pod) ?? [], image)
      if (policy !== 'Always') {
        const present = runtime.imageStatus(image)
        if (present !== undefined && !(ensures && records.mustPull(present.id, credentials))) {
          say(
            'Normal',
            'Pulled',
            `Container image ${JSON.stringify(requested)} already present on machine${ensures ? ' and can be accessed by the pod' : ''}`,
          )
          return { id: present.id }
        }
        if (policy === 'Never') {
          const message = `Container image ${JSON.stringify(requested)} is not present with pull policy of Never`
          say('Warning', 'ErrImageNeverPull', message)
          return { error: { reason: 'ErrImageNeverPull', message } }
        }
      }

      const key = `${pod.metadata.uid}_${requested}`
      if (backoff.inBackoffSinceUpdate(key, kernel.now)) {
        const said = `Back-off pulling image ${JSON.stringify(requested)}`
        say('Normal', 'BackOff', said)
        const before = previous.get(key)
        return { error: { reason: 'ImagePullBackOff', message: before === undefined ? said : `${said}: ${before}` } }
      }
      previous.delete(key)
      say('Normal', 'Pulling', `Pulling image ${JSON.stringify(requested)}`)
      const began = kernel.now
      const before = runtime.imageStatus(image)
      const question = { image, identity, credentials: credentials() }
      const answer = yield* suspend<PullAnswer>((resume) => puller.pull(question, resume))
      if (!answer.ok) {
        say('Warning', 'Failed', `Failed to pull image ${JSON.stringify(requested)}: ${answer.error}`)
        backoff.next(key, kernel.now)
        const error = pullError(requested, answer.error)
        previous.set(key, `${error.reason}: ${error.message}`)
        return { error }
      }
      if (ensures) records.pulled(answer.id, before !== undefined, answer.by)
      pulled()
      const size = runtime.imageStatus(image)?.size ?? 0
      const times = `${goDuration(truncated(answer.took))} (${goDuration(truncated(kernel.now - began))} including waiting)`
      say(
        'Normal',
        'Pulled',
        `Successfully pulled image ${JSON.stringify(requested)} in ${times}. Image size: ${size} bytes.`,
      )
      return { id: answer.id }
    },
  }
}

const truncated = (time: Micros): Micros => Math.floor(time / millisecond) * millisecond
