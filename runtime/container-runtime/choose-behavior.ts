import type { BehaviorSpec, BehaviorTarget } from '../../dsl/plan/behavior-spec.ts'
import type { PodIdentity } from './cri.ts'

export interface BehaviorSubject {
  readonly image: string
  readonly pod: PodIdentity
  /** undefined: the question is about the image. */
  readonly container: string | undefined
}

/** `*` any run of characters, `?` any one. */
export const globMatches = (glob: string, text: string): boolean => {
  // The classic two-pointer match: on a mismatch the last star swallows one character more.
  let g = 0
  let t = 0
  let star = -1
  let mark = 0
  while (t < text.length) {
    if (g < glob.length && (glob[g] === text[t] || glob[g] === '?')) {
      g += 1
      t += 1
    } else if (g < glob.length && glob[g] === '*') {
      star = g
      mark = t
      g += 1
    } else if (star >= 0) {
      g = star + 1
      mark += 1
      t = mark
    } else return false
  }
  while (g < glob.length && glob[g] === '*') g += 1
  return g === glob.length
}

const matches = (target: BehaviorTarget, subject: BehaviorSubject): boolean => {
  if (target.kind === 'image') return globMatches(target.glob, subject.image)
  if (target.namespace !== undefined && target.namespace !== subject.pod.namespace) return false
  if (!globMatches(target.pod, subject.pod.name)) return false
  return (
    target.container === undefined ||
    subject.container === undefined ||
    globMatches(target.container, subject.container)
  )
}

const literal = (glob: string): number => glob.replaceAll('*', '').replaceAll('?', '').length
const isExact = (glob: string): boolean => literal(glob) === glob.length

/** Most telling difference first: a container before a pod before an image, a name before a glob, a longer glob before a shorter. */
const rank = (target: BehaviorTarget): readonly number[] => {
  if (target.kind === 'image') return [0, isExact(target.glob) ? 1 : 0, literal(target.glob)]
  const container = target.container
  return [
    container === undefined ? 1 : 2,
    isExact(target.pod) && (container === undefined || isExact(container)) ? 1 : 0,
    literal(target.pod) + (container === undefined ? 0 : literal(container)),
  ]
}

const atLeast = (a: readonly number[], b: readonly number[]): boolean => {
  for (let index = 0; index < a.length; index += 1) {
    if (a[index] !== b[index]) return a[index]! > b[index]!
  }
  return true
}

/** The most specific target wins, then the last declared. */
export const chooseBehavior = (
  specs: readonly BehaviorSpec[],
  subject: BehaviorSubject,
  says: (spec: BehaviorSpec) => boolean,
): BehaviorSpec | undefined => {
  let best: BehaviorSpec | undefined
  let bestRank: readonly number[] = []
  for (const spec of specs) {
    if (!says(spec) || !matches(spec.target, subject)) continue
    const its = rank(spec.target)
    if (best === undefined || atLeast(its, bestRank)) {
      best = spec
      bestRank = its
    }
  }
  return best
}
