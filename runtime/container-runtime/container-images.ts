import type { Actor } from '../kernel/actor.ts'
import type { Micros } from '../kernel/micros.ts'
import type { ContainerRuntimeOptions } from './container-runtime-options.ts'
import { contentDigest } from './content-ids.ts'
import { failed } from './cri-results.ts'
import { knownAs } from './known-as.ts'
import type { ContainerRuntime, PodIdentity } from './cri.ts'
import type { PullOutcome } from './runtime-behavior.ts'

type Images = Pick<ContainerRuntime, 'pullImage' | 'imageStatus' | 'images' | 'removeImage'>

interface ImageOptions extends Pick<
  ContainerRuntimeOptions,
  'kernel' | 'trace' | 'machine' | 'behavior' | 'imageId' | 'engine'
> {
  readonly actor: Actor
  /** A pull begins. */
  readonly pulls: (pod: PodIdentity, image: string, plan: PullOutcome) => void
  /** Runs after so long, unless the machine or the caller goes before. */
  readonly later: (takes: Micros, label: string, run: () => void) => void
}

const imageGone = Object.freeze({ present: false, size: 0 })

/** The CRI's image service. */
export const createImages = (options: ImageOptions): Images => {
  const { kernel, trace, machine, behavior, engine, actor } = options
  const imageId = options.imageId ?? engine?.imageId ?? contentDigest
  const { images } = machine.disk
  const subject = (image: string): string => `images/${machine.name}/${image}`

  return {
    pullImage(image, { pod, credentials }, done) {
      const plan = behavior.pull(image, pod, credentials)
      options.pulls(pod, image, plan)
      options.later(plan.takes, `${machine.name} pulls ${image}`, () => {
        if (plan.error !== undefined) {
          done(failed(plan.error))
          return
        }
        const { size, layers } = plan
        images.set(image, { size, pulledAt: kernel.now, ...(layers === undefined ? {} : { layers }) })
        kernel.cause = trace.append('truth', actor, 'pulled', subject(image), Object.freeze({ present: true, size }))
        done({ ok: true, value: imageId(image) })
      })
    },
    imageStatus(image) {
      const known = images.get(knownAs(images, image, engine))
      return known === undefined ? undefined : { id: imageId(image), names: [image], size: known.size }
    },
    images: () => [...images].map(([name, image]) => ({ id: imageId(name), names: [name], size: image.size })),
    removeImage(image) {
      if (!images.delete(image)) return
      kernel.cause = trace.append('truth', actor, 'removed', subject(image), imageGone)
    },
  }
}
