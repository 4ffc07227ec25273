import type { PullOutcome, RuntimeBehavior } from '../container-runtime/runtime-behavior.ts'
import { second, type Micros } from '../kernel/micros.ts'
import type { RegistryTrouble } from './dials.ts'

/** The image registries that nodes pull from, as far as something is wrong with them. */
export interface Registries {
  disturb(host: string, trouble: RegistryTrouble): () => void
  /** A node's behaviour, with what is wrong with registries in it. */
  over(behavior: RuntimeBehavior): RuntimeBehavior
}

/** containerd gives a connection 30s to be made. */
const dialTimeout: Micros = 30 * second

/** distribution/reference splitDockerDomain: an image without a host is Docker Hub's. */
const hostOf = (image: string): string => {
  const slash = image.indexOf('/')
  const first = slash < 0 ? '' : image.slice(0, slash)
  return slash > 0 && (/[.:]/.test(first) || first === 'localhost') ? first : 'docker.io'
}

const unreachable = (image: string, host: string): string => {
  const reference = JSON.stringify(image)
  return `failed to pull and unpack image ${reference}: failed to resolve reference ${reference}: failed to do request: Head "https://${host}/v2/": dial tcp: i/o timeout`
}

export const createRegistries = (): Registries => {
  const troubles = new Set<{ readonly host: string; readonly trouble: RegistryTrouble }>()

  const meet = (image: string, planned: PullOutcome): PullOutcome => {
    const host = hostOf(image)
    let { takes } = planned
    for (const one of troubles) {
      if (one.host !== host && one.host !== '*') continue
      if (one.trouble.kind === 'down')
        return { takes: dialTimeout, size: 0, error: { code: 'Unknown', message: unreachable(image, host) } }
      takes += one.trouble.by
    }
    return { ...planned, takes }
  }
  return {
    disturb(host, trouble) {
      const one = { host, trouble }
      troubles.add(one)
      return () => troubles.delete(one)
    },
    over: (behavior) => ({
      ...behavior,
      pull(image, pod) {
        const planned = behavior.pull(image, pod)
        return troubles.size === 0 ? planned : meet(image, planned)
      },
    }),
  }
}
