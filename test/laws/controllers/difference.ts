const leavesOf = (value: unknown, path: string, into: Map<string, string>): void => {
  if (typeof value !== 'object' || value === null) {
    into.set(path, JSON.stringify(value))
    return
  }
  for (const [key, field] of Object.entries(value))
    leavesOf(field, Array.isArray(value) ? `${path}[${key}]` : `${path}.${key}`, into)
}

const leaves = (line: string): ReadonlyMap<string, string> => {
  const into = new Map<string, string>()
  const start = line.indexOf('{')
  if (start >= 0) leavesOf(JSON.parse(line.slice(start)), '', into)
  return into
}

/** What a line is about: resource, namespace and name. */
const subjectOf = (line: string): string => {
  const found = leaves(line)
  if (found.size === 0) return line
  const [resource = ''] = line.split(' ', 1)
  const namespace = found.get('.metadata.namespace')
  return [resource, ...(namespace === undefined ? [] : [namespace]), found.get('.metadata.name')]
    .join('/')
    .replaceAll('"', '')
}

/** In how a found line differs from an expected one of the same subject. */
const changes = (expected: string, found: string): readonly string[] => {
  const [before, after] = [leaves(expected), leaves(found)]
  const paths = [...new Set([...before.keys(), ...after.keys()])].filter((path) => before.get(path) !== after.get(path))
  return paths.map((path) => `${path}: ${before.get(path) ?? 'absent'} -> ${after.get(path) ?? 'absent'}`)
}

/** How a final state differs from the one that was expected: objects that are missing (−), that came (+), that are otherwise (~). */
export const difference = (expected: readonly string[], found: readonly string[]): readonly string[] => {
  const left = new Map<string, number>()
  for (const line of expected) left.set(line, (left.get(line) ?? 0) + 1)
  const came: string[] = []
  for (const line of found) {
    const count = left.get(line) ?? 0
    if (count > 0) left.set(line, count - 1)
    else came.push(line)
  }
  const missing = [...left].flatMap(([line, count]) => Array.from({ length: count }, () => line))
  const lines: string[] = []
  for (const line of missing) {
    const subject = subjectOf(line)
    const at = came.findIndex((one) => subjectOf(one) === subject)
    if (at < 0) lines.push(`- ${subject}`)
    else lines.push(...changes(line, came.splice(at, 1)[0]!).map((change) => `~ ${subject} ${change}`))
  }
  return [...lines, ...came.map((line) => `+ ${subjectOf(line)}`)]
}
