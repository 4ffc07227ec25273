/** What is wrong with a text as YAML, in words of its own, and where it begins. */
export interface YamlAdvice {
  readonly start: number
  readonly end: number
  readonly message: string
  readonly help: string | undefined
}

interface Words {
  readonly pattern: RegExp
  readonly message: string
  readonly help?: string
  /** The sign that was opened and never closed: it is shown instead of the place where that was noticed. */
  readonly opened?: readonly string[]
}

/** The messages of the YAML parser, by what they are about. */
const words: readonly Words[] = [
  { pattern: /^Flow map .* end with a }/, message: 'this `{` is never closed', help: 'expected `}`', opened: ['{'] },
  { pattern: /^Flow sequence .* end with a \]/, message: 'this `[` is never closed', help: 'expected `]`', opened: ['['] },
  { pattern: /^Missing closing "quote/, message: 'this quoted text is never closed', help: 'expected `"`', opened: ['"'] },
  { pattern: /^Missing closing 'quote/, message: 'this quoted text is never closed', help: "expected `'`", opened: ["'"] },
  { pattern: /^(?:Implicit keys need to be on a single line|Implicit map keys need)/, message: 'a key without `:`', help: 'written `key: value`' },
  { pattern: /^All mapping items must start/, message: 'this line is indented otherwise than the keys beside it', help: 'keys of one map begin in one column' },
  { pattern: /^All sequence items must start/, message: 'this item is indented otherwise than those beside it', help: 'items of one list begin in one column' },
  { pattern: /^(?:Nested mappings are not allowed in compact|A block sequence may not be used)/, message: 'a second `:` on one line', help: 'text with `: ` in it stands in quotes; a nested map begins on a line of its own' },
  { pattern: /^Missing , /, message: 'a comma is missing', help: 'items in braces and brackets are separated by `,`' },
  { pattern: /^Missing space after :/, message: 'a space is missing behind `:`' },
  { pattern: /^Unexpected , in/, message: 'a comma too many' },
  { pattern: /^Unexpected (?:flow-map-end|} )/, message: 'a `}` too many' },
  { pattern: /^Unexpected (?:flow-seq-end|\] )/, message: 'a `]` too many' },
  { pattern: /^Plain value cannot start with/, message: 'text that begins with this sign stands in quotes' },
  { pattern: /^Invalid escape sequence/, message: 'no such escape in quoted text', help: 'a backslash itself is written `\\\\`, or the text stands in single quotes' },
  { pattern: /^Sequence item without -/, message: 'an item of a list without `-`' },
  { pattern: /^Comments must be separated/, message: 'a space is missing before `#`' },
  { pattern: /^Unresolved tag/, message: 'a tag that Kubernetes does not know', help: 'text with `!` at its beginning stands in quotes' },
  { pattern: /^Unresolved alias|^Alias /, message: 'there is no anchor of this name before this' },
  { pattern: /^(?:Block collections? are not allowed|Block collection cannot)/, message: 'a map or list of several lines inside of braces or brackets' },
] // prettier-ignore

/** The parser's message, said for somebody who wrote the text. */
export const yamlAdvice = (message: string, text: string, start: number, end: number): YamlAdvice => {
  const first = message.split('\n')[0]?.replace(/ at line \d+, column \d+:?$/, '') ?? ''
  const found = words.find(({ pattern }) => pattern.test(first))
  if (found === undefined)
    return { start, end, message: first.charAt(0).toLowerCase() + first.slice(1), help: undefined }
  const opening = found.opened === undefined ? undefined : openingBefore(text, Math.max(start, end), found.opened)
  return {
    start: opening ?? start,
    end: opening === undefined ? end : opening + 1,
    message: found.message,
    help: found.help,
  }
}

/** Where the last of some signs before a place was opened and not closed. */
const openingBefore = (text: string, at: number, signs: readonly string[]): number | undefined => {
  const open: number[] = []
  let quote: number | undefined
  for (let i = 0; i < at && i < text.length; i++) {
    const c = text[i] ?? ''
    if (quote !== undefined) {
      if (c === '\\' && text[quote] === '"') i += 1
      else if (c === text[quote]) quote = undefined
    } else if (c === '#' && (i === 0 || /\s/.test(text[i - 1] ?? ''))) {
      const line = text.indexOf('\n', i)
      i = line === -1 ? text.length : line
    } else if ((c === '"' || c === "'") && /[\s:,[{-]/.test(text[i - 1] ?? ' ')) quote = i
    else if (c === '{' || c === '[') open.push(i)
    else if (c === '}' || c === ']') open.pop()
  }
  if (quote !== undefined) return signs.includes(text[quote] ?? '') ? quote : undefined
  return open.findLast((i) => signs.includes(text[i] ?? ''))
}
