/** Go's %v of decoded JSON: `map[a:1 b:[x y]]`, keys sorted. */
export const goValueText = (value: unknown): string => {
  if (value === null || value === undefined) return '<nil>'
  if (Array.isArray(value)) return `[${value.map(goValueText).join(' ')}]`
  if (typeof value === 'string') return value
  if (typeof value !== 'object') return JSON.stringify(value)
  const fields = value as Record<string, unknown>
  return `map[${Object.keys(fields)
    .sort()
    .map((key) => `${key}:${goValueText(fields[key])}`)
    .join(' ')}]`
}
