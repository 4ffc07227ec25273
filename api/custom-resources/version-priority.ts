interface Parts {
  readonly major: number
  /** 2 stable, 1 beta, 0 alpha */
  readonly stage: number
  readonly minor: number
}

const parts = (version: string): Parts | undefined => {
  const found = /^v([1-9]\d*)(?:(alpha|beta)([1-9]\d*))?$/.exec(version)
  if (found === null) return undefined
  return {
    major: Number(found[1]),
    stage: found[2] === undefined ? 2 : found[2] === 'beta' ? 1 : 0,
    minor: Number(found[3] ?? 0),
  }
}

/** apimachinery/pkg/version CompareKubeAwareVersionStrings: v2 > v1 > v2beta1 > v1alpha1 > anything else, which goes by name. */
export const comparePriority = (a: string, b: string): number => {
  if (a === b) return 0
  const left = parts(a)
  const right = parts(b)
  if (left === undefined && right === undefined) return a < b ? 1 : -1
  if (left === undefined) return -1
  if (right === undefined) return 1
  return left.stage - right.stage || left.major - right.major || left.minor - right.minor
}
