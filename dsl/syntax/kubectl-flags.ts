export interface KubectlForm {
  /** Offsets in the statement: noun and flags. */
  readonly start: number
  readonly end: number
  /** The noun as it is written here. */
  readonly text: string
}

const flag = /\s+(?:(-l|--selector|-n|--namespace)(?:\s+|=)("[^"]*"|'[^']*'|[^\s-][^\s]*)|(-A|--all-namespaces))(?=\s|$)/y

/** `pods -l app=web -n prod` in a statement, and what it is in kscn: `pods[app=web]@prod`. */
export const kubectlFlags = (statement: string): KubectlForm | undefined => {
  const noun = /(^|\s)([a-z][a-z0-9.-]*)(?:(\/|\s+)(?!-)([a-z0-9.-]+))?(?=\s+(?:-l|-n|-A|--selector|--namespace|--all-namespaces)\b)/.exec(statement)
  if (noun === null) return undefined
  const [whole, lead = '', kind = '', separator, name] = noun
  const wordsBefore = separator === undefined || separator === '/' ? kind : (name ?? '')
  const start = noun.index + lead.length + (separator === undefined || separator === '/' ? 0 : whole.length - lead.length - (name ?? '').length)
  let selector: string | undefined
  let namespace: string | undefined
  let end = noun.index + whole.length
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
  const base = separator === '/' ? `${kind}/${name ?? ''}` : wordsBefore
  return { start, end, text: `${base}${selector === undefined ? '' : `[${selector}]`}${namespace === undefined ? '' : `@${namespace}`}` }
}
