import { canonicalImage, familiarImage, type ImageReference } from '../../api/images/image-reference.ts'
import type { RegistrySpec } from '../../dsl/plan/cluster-spec.ts'
import { globMatches } from '../container-runtime/choose-behavior.ts'
import type { Credentials } from '../container-runtime/cri.ts'
import type { PullRefusal } from '../container-runtime/pull-refusal.ts'
import type { Micros } from '../kernel/micros.ts'
import type { DiskLayer } from '../node/machine.ts'

/** One registry, as the nodes that pull from it see it. */
export interface Registry {
  readonly latency: Micros
  /** Bytes a second; undefined: as many as the node takes. */
  readonly bandwidth: number | undefined
  /** Why it does not tell of an image; undefined: it does. */
  refuses(reference: ImageReference, credentials: Credentials | undefined): PullRefusal['why'] | undefined
  /** One more image is fetched at this instant, unless that is too many. */
  admits(now: Micros, credentials: Credentials | undefined): boolean
  /** What an image is made of; undefined: nothing is said of it. */
  layers(reference: ImageReference): readonly DiskLayer[] | undefined
}

/** The rate limit counts those who do not log in together: to the registry they come from one address, the cluster's. */
const everybody = ''

export const createRegistry = (spec: RegistrySpec): Registry => {
  /** Instants of what was fetched, by who fetched it, oldest first. */
  const fetched = new Map<string, Micros[]>()

  return {
    latency: spec.latency,
    bandwidth: spec.bandwidth,
    refuses(reference, credentials) {
      const known = spec.logins.length === 0 || spec.logins.some((one) => isLogin(one, credentials))
      if (!known) return 'unauthorized'
      if (anyMatches(spec.forbidden, reference)) return 'forbidden'
      const held =
        spec.images.length === 0 ||
        anyMatches(
          spec.images.map((one) => one.glob),
          reference,
        )
      return held && !anyMatches(spec.missing, reference) ? undefined : 'not found'
    },
    admits(now, credentials) {
      const { rateLimit } = spec
      if (rateLimit === undefined) return true
      const who = spec.logins.length === 0 ? everybody : (credentials?.username ?? everybody)
      const recent = (fetched.get(who) ?? []).filter((at) => at > now - rateLimit.per)
      const admitted = recent.length < rateLimit.pulls
      if (admitted) recent.push(now)
      fetched.set(who, recent)
      return admitted
    },
    layers(reference) {
      const layers = closest(spec.images, reference)?.layers ?? []
      if (layers.length === 0) return undefined
      return layers.map(({ name, size }) => ({
        digest: name === '' ? canonicalImage(reference) : `${name}/${size}`,
        size,
      }))
    },
  }
}

const isLogin = (one: RegistrySpec['logins'][number], credentials: Credentials | undefined): boolean =>
  credentials !== undefined && credentials.username === one.user && credentials.password === one.password

/** Its names, with and without what need not be said. */
const namesOf = (reference: ImageReference): readonly string[] => {
  const whole = canonicalImage(reference)
  return [whole, whole.slice(reference.host.length + 1), familiarImage(reference)]
}

const anyMatches = (globs: readonly string[], reference: ImageReference): boolean => {
  if (globs.length === 0) return false
  const names = namesOf(reference)
  return globs.some((glob) => names.some((name) => globMatches(glob, name)))
}

/** The longest glob wins, then the last. */
const closest = (
  images: RegistrySpec['images'],
  reference: ImageReference,
): RegistrySpec['images'][number] | undefined => {
  let best: RegistrySpec['images'][number] | undefined
  for (const one of images) {
    if (!anyMatches([one.glob], reference)) continue
    if (best === undefined || literal(one.glob) >= literal(best.glob)) best = one
  }
  return best
}

const literal = (glob: string): number => glob.replaceAll(/[*?]/g, '').length
