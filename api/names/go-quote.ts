const escapes: Readonly<Record<string, string>> = {
  '\x07': '\\a',
  '\b': '\\b',
  '\f': '\\f',
  '\n': '\\n',
  '\r': '\\r',
  '\t': '\\t',
  '\v': '\\v',
  '\\': '\\\\',
  '"': '\\"',
}

// What Go's strconv.IsPrint refuses: controls, formats, unassigned, private use, surrogates, and separators but U+0020.
const unprintable = /[\p{C}\p{Z}]/u

const escapeOne = (char: string): string => {
  const known = escapes[char]
  if (known !== undefined) return known
  if (char === ' ' || !unprintable.test(char)) return char
  const code = char.codePointAt(0) ?? 0
  if (code >= 0xd800 && code <= 0xdfff) return '\\ufffd'
  if (code < 0x80) return `\\x${code.toString(16).padStart(2, '0')}`
  return code < 0x10000 ? `\\u${code.toString(16).padStart(4, '0')}` : `\\U${code.toString(16).padStart(8, '0')}`
}

/** Go's %q of a string: strconv.Quote. */
export const goQuote = (text: string): string => {
  if (/^[ !#-[\]-~]*$/.test(text)) return `"${text}"`
  let quoted = '"'
  for (const char of text) quoted += escapeOne(char)
  return `${quoted}"`
}
