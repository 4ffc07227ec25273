export interface Target {
  readonly path: string
  readonly query: Readonly<Record<string, string | readonly string[]>>
}

/** A percent sign that two hexadecimal digits do not follow. */
const badEscape = /%(?![0-9A-Fa-f]{2})/

const decodable = (path: string): boolean => {
  if (badEscape.test(path)) return false
  try {
    decodeURIComponent(path)
    return true
  } catch {
    return false
  }
}

/** Path and parameters of a request line; undefined: it is no path of this server. */
export const parseTarget = (url: string): Target | undefined => {
  // A proxy's form names the host once more.
  const local = url.replace(/^https?:\/\/[^/?]*/i, '')
  const mark = local.indexOf('?')
  const path = mark < 0 ? local : local.slice(0, mark)
  if (!path.startsWith('/') || !decodable(path)) return undefined
  const query = Object.create(null) as Record<string, string | string[]>
  if (mark >= 0) {
    for (const [name, value] of new URLSearchParams(local.slice(mark + 1))) {
      const before = query[name]
      query[name] = before === undefined ? value : typeof before === 'string' ? [before, value] : [...before, value]
    }
  }
  return { path, query }
}
