import { goQuote } from '../../../../api/names/go-quote.ts'
import type { Container, EphemeralContainer, PodSpec } from '../../../../api/types/core-v1.generated.ts'

/** Why a pod does not meet a policy: `privileged (container "a" must not set …)`. */
export interface Violation {
  readonly reason: string
  readonly detail: string
}

export interface PodShape {
  readonly annotations: Readonly<Record<string, string>>
  readonly spec: PodSpec
}

/** One control of the Pod Security Standards. */
export interface Check {
  readonly id: string
  readonly level: 'baseline' | 'restricted'
  /** What applies from which minor version on, ascending. */
  readonly versions: readonly (readonly [minor: number, check: (pod: PodShape) => Violation | undefined])[]
  /** Of a restricted check: the baseline ones that it stands in for. */
  readonly overrides?: readonly string[]
}

/** visitContainers: in the order of pod-security-admission/policy/visitor.go. */
export const containersOf = ({ spec }: PodShape): readonly (Container | EphemeralContainer)[] => [
  ...(spec.initContainers ?? []),
  ...(spec.containers ?? []),
  ...(spec.ephemeralContainers ?? []),
]

export const plural = (count: number, one: string, more = `${one}s`): string => (count === 1 ? one : more)
export const quoted = (names: readonly string[]): string => names.map(goQuote).join(', ')
export const named = (what: string, names: readonly string[]): string =>
  `${plural(names.length, what)} ${quoted(names)}`
export const sortedSet = (values: Iterable<string>): readonly string[] => [...new Set(values)].sort()

/** Who sets something bad: the pod, and which containers. */
export const setters = (pod: boolean, containers: readonly string[]): string =>
  [...(pod ? ['pod'] : []), ...(containers.length === 0 ? [] : [named('container', containers)])].join(' and ')

/** user namespaces make some settings harmless (policy/helpers.go). */
export const hasUserNamespace = ({ spec }: PodShape): boolean => spec.hostUsers === false
export const isWindows = ({ spec }: PodShape): boolean => spec.os?.name === 'windows'
