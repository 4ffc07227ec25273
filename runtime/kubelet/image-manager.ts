import type { Container, Pod } from '../../api/types/core-v1.generated.ts'
import type { CriResult, PodIdentity } from '../container-runtime/cri.ts'
import { millisecond, minute, second, type Micros } from '../kernel/micros.ts'
import { createBackoff } from './backoff.ts'
import type { Context } from './context.ts'
import { goDuration } from './go-duration.ts'
import { withDefaultTag } from './image-name.ts'
import { suspend, type Task } from './life.ts'
import type { StartError } from './pod-sync-result.ts'

export interface ImageManager {
  /** EnsureImageExists: the image's id, or why the container cannot start. */
  ensure(
    pod: Pod,
    container: Container,
    identity: PodIdentity,
  ): Task<{ readonly id: string } | { readonly error: StartError }>
}

/** pkg/kubelet/images/image_manager.go: MaxImageBackOff, imageBackOffPeriod */
const initialBackoff = 10 * second
const maxBackoff = 5 * minute

type PullAnswer = { readonly result: CriResult<string>; readonly took: Micros }

export const createImageManager = (context: Context, pulled: () => void): ImageManager => {
  const { kernel, runtime, config, events } = context
  const backoff = createBackoff({ initial: initialBackoff, max: maxBackoff, now: () => kernel.now })
  const previous = new Map<string, string>()
  /** Pulls that wait for the one under way: one at a time, unless serializeImagePulls is off. */
  const queue: (() => void)[] = []
  let pulling = false

  const pull = (image: string, identity: PodIdentity, resume: (answer: PullAnswer) => void): void => {
    const begin = (): void => {
      pulling = true
      const began = kernel.now
      runtime.pullImage(image, identity, (result) => {
        pulling = false
        const next = queue.shift()
        if (context.life.alive) {
          if (next !== undefined) next()
          if (result.ok) pulled()
          resume({ result, took: kernel.now - began })
        }
      })
    }
    if (config.serializeImagePulls && pulling) queue.push(begin)
    else begin()
  }

  return {
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
      if (policy !== 'Always') {
        const present = runtime.imageStatus(image)
        if (present !== undefined) {
          say(
            'Normal',
            'Pulled',
            `Container image ${JSON.stringify(requested)} already present on machine and can be accessed by the pod`,
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
      const { result, took } = yield* suspend<PullAnswer>((resume) => pull(image, identity, resume))
      if (!result.ok) {
        const error = `rpc error: code = ${result.code} desc = ${result.message}`
        say('Warning', 'Failed', `Failed to pull image ${JSON.stringify(requested)}: ${error}`)
        backoff.next(key, kernel.now)
        previous.set(key, `ErrImagePull: ${error}`)
        return { error: { reason: 'ErrImagePull', message: error } }
      }
      const size = runtime.imageStatus(image)?.size ?? 0
      const times = `${goDuration(truncated(took))} (${goDuration(truncated(kernel.now - began))} including waiting)`
      say(
        'Normal',
        'Pulled',
        `Successfully pulled image ${JSON.stringify(requested)} in ${times}. Image size: ${size} bytes.`,
      )
      return { id: result.value }
    },
  }
}

const truncated = (time: Micros): Micros => Math.floor(time / millisecond) * millisecond
