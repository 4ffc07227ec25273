import { canonicalJson } from '../../../../api/json/canonical-json.ts'
import { structuralEqual } from '../../../../api/json/structural-equal.ts'

const walk = (expected: unknown, actual: unknown, path: string, lines: string[]): void => {
  if (structuralEqual(expected, actual)) return
  const bothObjects =
    typeof expected === 'object' &&
    typeof actual === 'object' &&
    expected !== null &&
    actual !== null &&
    Array.isArray(expected) === Array.isArray(actual)
  if (!bothObjects) {
    lines.push(`${path}: expected ${canonicalJson(expected)}, got ${canonicalJson(actual)}`)
    return
  }
  const left = expected as Record<string, unknown>
  const right = actual as Record<string, unknown>
  for (const key of [...new Set([...Object.keys(left), ...Object.keys(right)])]) {
    walk(left[key], right[key], `${path}.${key}`, lines)
  }
}

/** Where two JSON values differ, one line a place; undefined if they do not. */
export const describeDifference = (expected: unknown, actual: unknown): string | undefined => {
  if (structuralEqual(expected, actual)) return undefined
  const lines: string[] = []
  walk(expected, actual, 'out', lines)
  return lines.join('\n')
}
