const escapes: Readonly<Record<string, string>> = {
  '<': '\\u003c',
  '>': '\\u003e',
  '&': '\\u0026',
  '\u2028': '\\u2028',
  '\u2029': '\\u2029',
}

/** A string as Go's encoding/json writes it: JSON with < > & and the line separators escaped. */
const goString = (text: string): string =>
  JSON.stringify(text.replace(/\p{Surrogate}/gu, '\ufffd')).replace(
    /[<>&\u2028\u2029]/g,
    (char) => escapes[char] ?? char,
  )

/** json.Marshal of maps and lists: keys sorted, no blanks, HTML escaped. */
export const goJson = (value: unknown): string => {
  if (typeof value === 'string') return goString(value)
  if (typeof value !== 'object' || value === null) return JSON.stringify(value) ?? 'null'
  if (Array.isArray(value)) return `[${value.map(goJson).join(',')}]`
  const fields = value as Record<string, unknown>
  const parts: string[] = []
  for (const key of Object.keys(fields).sort()) {
    if (fields[key] !== undefined) parts.push(`${goString(key)}:${goJson(fields[key])}`)
  }
  return `{${parts.join(',')}}`
}
