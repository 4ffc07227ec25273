import { isDecimalInteger } from '../names/other-names.ts'
import type { Taint, Toleration } from '../types/core-v1.generated.ts'

const limit = 9223372036854775808n

const integerOf = (text: string): bigint | undefined => {
  if (isDecimalInteger(text).length > 0) return undefined
  const value = BigInt(text)
  return value < limit && value >= -limit ? value : undefined
}

const compare = (toleration: string, taint: string, operator: 'Gt' | 'Lt'): boolean => {
  const left = integerOf(toleration)
  const right = integerOf(taint)
  if (left === undefined || right === undefined) return false
  return operator === 'Lt' ? right < left : right > left
}

/**
 * Toleration.ToleratesTaint. `comparison`: the gate TaintTolerationComparisonOperators, off by default in v1.36, which lets Gt
 * and Lt compare integers.
 */
export const toleratesTaint = (toleration: Toleration, taint: Taint, comparison = false): boolean => {
  const { effect, key, operator } = toleration
  if (effect !== undefined && (effect as string) !== '' && effect !== taint.effect) return false
  if (key !== undefined && key !== '' && key !== taint.key) return false
  switch (operator as string | undefined) {
    case undefined:
    case '':
    case 'Equal':
      return (toleration.value ?? '') === (taint.value ?? '')
    case 'Exists':
      return true
    case 'Lt':
    case 'Gt':
      return comparison && compare(toleration.value ?? '', taint.value ?? '', operator as 'Lt' | 'Gt')
    default:
      return false
  }
}

export const toleratesAny = (tolerations: readonly Toleration[] | undefined, taint: Taint): boolean =>
  tolerations !== undefined && tolerations.some((toleration) => toleratesTaint(toleration, taint))

/** FindMatchingUntoleratedTaint: the first taint of one of the effects that no toleration covers. */
export const findUntoleratedTaint = (
  taints: readonly Taint[] | undefined,
  tolerations: readonly Toleration[] | undefined,
  effects: readonly string[],
): Taint | undefined => {
  if (taints === undefined) return undefined
  for (const taint of taints) {
    if (effects.includes(taint.effect) && !toleratesAny(tolerations, taint)) return taint
  }
  return undefined
}
