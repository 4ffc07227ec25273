/** What the parser of this build says of a text: `code` and `message` are those of the yaml package. */
export interface YamlProblem {
  readonly code: string
  readonly message: string
  readonly at: number
}

const lineOf = (text: string, at: number): number => text.slice(0, at).split('\n').length - 1

/** The line, from 0, on which go-yaml stands at the end of a text. */
const endLine = (text: string): number => lineOf(text, text.length) + (text === '' || text.endsWith('\n') ? 0 : 1)

/** A scanner's complaint tells lines from 1, a parser's from 0; the first line of all is not told (yaml.v2 decode.go, fail). */
const told = (what: string, line: number, by: 'scanner' | 'parser'): string =>
  line === 0 ? `yaml: ${what}` : `yaml: line ${by === 'scanner' ? line + 1 : line}: ${what}`

const unclosed = (text: string, { message, at }: YamlProblem): string => {
  const rest = text.slice(at).trim()
  const before = text.slice(0, at).trimEnd()
  const line = rest === '' ? endLine(text) : lineOf(text, at)
  if (rest === '' && /[[{,:]$/.test(before)) return told('did not find expected node content', line, 'parser')
  const end = message.startsWith('Flow map') ? '}' : ']'
  return told(`did not find expected ',' or '${end}'`, line, 'parser')
}

/** Where the colon is that may not be there. */
const colonAfter = (text: string, at: number): number => {
  const found = text.slice(at).search(/:(?:\s|$)/)
  return found === -1 ? at : at + found
}

/** Of a key whose colon does not come: where the scanner stands when it gives up. */
const afterKey = (text: string, at: number): number => {
  const end = text.indexOf('\n', at)
  const start = end === -1 ? text.length : end
  const next = text.slice(start).search(/\S/)
  return next === -1 ? endLine(text) : lineOf(text, start + next)
}

/** Malformed YAML in the words of go-yaml, which upstream reads it with. */
export const yamlProblem = (text: string, problem: YamlProblem): string => {
  const { code, message, at } = problem
  const line = lineOf(text, at)
  if (/^(?:Nested mappings|Implicit keys of flow)/.test(message))
    return told('mapping values are not allowed in this context', lineOf(text, colonAfter(text, at)), 'scanner')
  if (/^Flow (?:map|sequence)/.test(message)) return unclosed(text, problem)
  if (/Missing closing/.test(message))
    return told('found unexpected end of stream', lineOf(text, text.length), 'scanner')
  if (/need to be followed by map values/.test(message))
    return told("could not find expected ':'", afterKey(text, at), 'scanner')
  if (code === 'BAD_SCALAR_START' || code === 'TAB_AS_INDENT')
    return told('found character that cannot start any token', line, 'scanner')
  if (code === 'BAD_DQ_ESCAPE') return told('found unknown escape character', line, 'scanner')
  if (/^Unexpected flow-(?:seq|map)-end/.test(message))
    return told('did not find expected node content', line, 'parser')
  if (/at node end$/.test(message)) return told("did not find expected '-' indicator", line, 'parser')
  if (code === 'BAD_INDENT' || code === 'MULTILINE_IMPLICIT_KEY')
    return told('did not find expected key', line, 'parser')
  if (code === 'BAD_ALIAS') {
    const name = /: ?(\S+)$/.exec(message)?.[1] ?? ''
    return `yaml: unknown anchor '${name}' referenced`
  }
  return told(message, line, 'scanner')
}
