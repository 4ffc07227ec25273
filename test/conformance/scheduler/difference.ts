const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** What differs between the recorded and the given answer, line by line. */
export const difference = (expected: unknown, actual: unknown, path = ''): readonly string[] => {
  if (isObject(expected) && isObject(actual)) {
    const keys = [...new Set([...Object.keys(expected), ...Object.keys(actual)])].sort()
    return keys.flatMap((key) => difference(expected[key], actual[key], path === '' ? key : `${path}.${key}`))
  }
  if (Array.isArray(expected) && Array.isArray(actual)) {
    const entries = (list: readonly unknown[]): Record<string, unknown> => Object.fromEntries(list.entries())
    return difference(entries(expected), entries(actual), path)
  }
  const [left, right] = [JSON.stringify(expected), JSON.stringify(actual)]
  return left === right ? [] : [`${path}\n  recorded ${left}\n  given    ${right}`]
}
