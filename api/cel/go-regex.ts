// Go's RE2 syntax as JavaScript's.

const classes: Readonly<Record<string, string>> = {
  alnum: '0-9A-Za-z',
  alpha: 'A-Za-z',
  ascii: '\\x00-\\x7F',
  blank: '\\t ',
  cntrl: '\\x00-\\x1F\\x7F',
  digit: '0-9',
  graph: '!-~',
  lower: 'a-z',
  print: ' -~',
  punct: '!-\\/:-@\\[-`{-~',
  space: '\\t\\n\\v\\f\\r ',
  upper: 'A-Z',
  word: '0-9A-Za-z_',
  xdigit: '0-9A-Fa-f',
}

const remembered = new Map<string, RegExp | string>()

const wrong = (what: string, text: string): string => `error parsing regexp: ${what}: \`${text}\``

const faultOf = (pattern: string): string | undefined => {
  const look = /\(\?(?:<?[=!]|>)/.exec(pattern)
  if (look !== null) return wrong('invalid or unsupported Perl syntax', look[0])
  const back = /(?<!\\)(?:\\\\)*\\([1-9])/.exec(pattern)
  if (back !== null) return wrong('invalid escape sequence', `\\${back[1]}`)
  return undefined
}

const describe = (pattern: string, message: string): string => {
  if (/Unterminated group/.test(message)) return wrong('missing closing )', pattern)
  if (/Unmatched '\)'/.test(message)) return wrong('unexpected )', pattern)
  if (/Unterminated character class/.test(message))
    return wrong('missing closing ]', pattern.slice(pattern.lastIndexOf('[')))
  if (/Nothing to repeat/.test(message))
    return wrong('missing argument to repetition operator', /[*+?]/.exec(pattern)?.[0] ?? pattern)
  if (/Range out of order/.test(message)) return wrong('invalid character class range', pattern)
  if (/\\ at end/.test(message)) return wrong('trailing backslash at end of expression', '')
  return wrong('invalid escape sequence', pattern)
}

/** A pattern compiled, or what Go says of it. */
export const compileGoRegex = (pattern: string): RegExp | string => {
  const known = remembered.get(pattern)
  if (known !== undefined) return known
  const made = compile(pattern)
  if (remembered.size > 1000) remembered.clear()
  remembered.set(pattern, made)
  return made
}

const compile = (pattern: string): RegExp | string => {
  const fault = faultOf(pattern)
  if (fault !== undefined) return fault
  let flags = 'u'
  let body = pattern.replace(/^\(\?([imsU]+)\)/, (_, given: string) => {
    for (const flag of given) if (flag !== 'U') flags += flag
    return ''
  })
  body = body
    .replaceAll('(?P<', '(?<')
    .replace(/\[:(\^?)(\w+):\]/g, (all, not: string, name: string) =>
      classes[name] === undefined || not !== '' ? all : classes[name],
    )
    .replace(/\\z/g, '$')
    .replace(/\\A/g, '^')
    .replace(/\\Q([\s\S]*?)\\E/g, (_, quoted: string) => quoted.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&'))
    .replace(/\\a/g, '\\x07')
    .replace(/\\([pP])([A-Z])(?![{])/g, '\\$1{$2}')
    .replace(/\\x\{([0-9a-fA-F]+)\}/g, '\\u{$1}')
  // With the u flag JavaScript refuses needless escapes that Go allows; punctuation may always be escaped in Go.
  body = body.replace(/\\([^A-Za-z0-9\\^$.*+?()[\]{}|/-])/g, '$1').replace(/\\-(?![^[]*\])/g, '-')
  try {
    return new RegExp(body, flags)
  } catch {
    try {
      return new RegExp(body, flags.replace('u', ''))
    } catch (error) {
      return describe(pattern, error instanceof Error ? error.message : '')
    }
  }
}
