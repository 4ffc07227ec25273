const write = (value: unknown): string => {
  if (typeof value !== 'object' || value === null) return JSON.stringify(value) ?? 'null'
  if (Array.isArray(value)) return `[${value.map(write).join(',')}]`
  const fields = value as Record<string, unknown>
  const parts: string[] = []
  for (const key of Object.keys(fields).sort()) {
    if (fields[key] !== undefined) parts.push(`${JSON.stringify(key)}:${write(fields[key])}`)
  }
  return `{${parts.join(',')}}`
}

/** JSON text with sorted keys and no blanks: equal values have equal texts. */
export const canonicalJson = (value: unknown): string => write(value)
