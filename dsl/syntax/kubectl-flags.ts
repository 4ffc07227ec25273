export interface KubectlForm {
  /** Offsets in the statement: noun and flags. */
  readonly start: number
  readonly end: number
  /** The noun as it is written here. */
  readonly text: string
}

const flagStart = /\s+(?=(?:-l|-n|-A|--selector|--namespace|--all-namespaces)(?:[\s=]|$))/
const flag =
  /\s+(?:(-l|--selector|-n|--namespace)(?:\s+|=)("[^"]*"|'[^']*'|[^\s-][^\s]*)|(-A|--all-namespaces)(?=\s|$))/y
const counts: ReadonlySet<string> = new Set([
  'all',
  'no',
  'any',
  'exactly',
  'least',
  'most',
  'not',
  'and',
  'or',
  'on',
  'in',
])

/** `pods -l app=web -n prod` in a statement, and what it is in kscn: `pods[app=web]@prod`. */
export const kubectlFlags = (statement: string): KubectlForm | undefined => {
  const at = flagStart.exec(statement)
  if (at === null) return undefined
  const words = [...statement.slice(0, at.index).matchAll(/\S+/g)]
  const last = words.at(-1)
  const before = words.at(-2)
  if (last === undefined || before === undefined || !/^[a-z][a-z0-9./-]*$/.test(last[0])) return undefined
  // `delete pod web -n prod`: kind and name are two words in kubectl.
  const two = words.length > 2 && !last[0].includes('/') && /^[a-z][a-z.]*$/.test(before[0]) && !counts.has(before[0])
  const base = two ? `${before[0]}/${last[0]}` : last[0]
  let selector: string | undefined
  let namespace: string | undefined
  let end = at.index
  for (;;) {
    flag.lastIndex = end
    const found = flag.exec(statement)
    if (found === null) break
    const value = (found[2] ?? '').replace(/^["']|["']$/g, '')
    if (found[3] !== undefined) namespace = '*'
    else if (found[1] === '-l' || found[1] === '--selector') selector = value
    else namespace = value
    end = flag.lastIndex
  }
  if (selector === undefined && namespace === undefined) return undefined
  return {
    start: (two ? before : last).index,
    end,
    text: `${base}${selector === undefined ? '' : `[${selector}]`}${namespace === undefined ? '' : `@${namespace}`}`,
  }
}
