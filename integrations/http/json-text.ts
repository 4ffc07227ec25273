const escapes: Readonly<Record<string, string>> = {
  '<': '\\u003c',
  '>': '\\u003e',
  '&': '\\u0026',
  '\u2028': '\\u2028',
  '\u2029': '\\u2029',
}
const special = /[<>&\u2028\u2029]/
const specials = /[<>&\u2028\u2029]/g

/** JSON as Go's encoder writes it to a client: HTML escaped, a line break at the end. Fields keep their order. */
export const jsonText = (value: unknown, pretty = false): string => {
  const text = `${JSON.stringify(value, undefined, pretty ? 2 : undefined)}\n`
  return special.test(text) ? text.replace(specials, (letter) => escapes[letter]!) : text
}
