import type { CriResult, PodIdentity } from '../container-runtime/cri.ts'
import { createTokenBucket } from '../client/rate-limiter.ts'
import type { Context } from './context.ts'
import type { PullCredentials } from './docker-keyring.ts'

export interface ImagePuller {
  pull(question: PullQuestion, resume: (answer: PullAnswer) => void): void
}

export interface PullQuestion {
  readonly image: string
  readonly identity: PodIdentity
  /** Tried one after the other; empty: without any. */
  readonly credentials: readonly PullCredentials[]
}

export type PullAnswer =
  | { readonly ok: true; readonly id: string; readonly by: PullCredentials | undefined; readonly took: number }
  | { readonly ok: false; readonly error: string }

/** pkg/kubelet/images/puller.go and helpers.go: one pull at a time, or so many, or any number; never more than registryPullQPS. */
export const createImagePuller = (context: Context): ImagePuller => {
  const { kernel, runtime, config } = context
  const most = config.serializeImagePulls ? 1 : (config.maxParallelImagePulls ?? Number.POSITIVE_INFINITY)
  const bucket =
    config.registryPullQPS > 0 ? createTokenBucket(config.registryPullQPS, config.registryBurst) : undefined
  const queue: (() => void)[] = []
  let pulling = 0

  /** kuberuntime_image.go: PullImage tries each of the credentials, and tells what all of them have met. */
  const attempt = (question: PullQuestion, done: (answer: PullAnswer) => void): void => {
    const { image, identity, credentials } = question
    const began = kernel.now
    const errors: string[] = []
    const next = (index: number): void => {
      const by = credentials[index]
      runtime.pullImage(image, { pod: identity, credentials: by }, (result) => {
        if (result.ok) return done({ ok: true, id: result.value, by, took: kernel.now - began })
        errors.push(errorText(result, runtime.remote === true))
        if (index + 1 < credentials.length) return next(index + 1)
        done({ ok: false, error: aggregate(errors) })
      })
    }
    next(0)
  }

  return {
    pull(question, resume) {
      const begin = (): void => {
        if (bucket?.accept(kernel.now) === false) {
          resume({ ok: false, error: 'pull QPS exceeded' })
          queue.shift()?.()
          return
        }
        pulling += 1
        attempt(question, (answer) => {
          pulling -= 1
          if (!context.life.alive) return
          queue.shift()?.()
          resume(answer)
        })
      }
      if (pulling >= most) queue.push(begin)
      else begin()
    },
  }
}

/** cri-client's remote_image.go leaves out the code of an unknown error. */
const errorText = ({ code, message }: Extract<CriResult<string>, { ok: false }>, remote: boolean): string =>
  remote && code === 'Unknown' ? message : `rpc error: code = ${code} desc = ${message}`

/** utilerrors.NewAggregate: each text once. */
const aggregate = (errors: readonly string[]): string => {
  const different = [...new Set(errors)]
  return different.length === 1 ? different[0]! : `[${different.join(', ')}]`
}
