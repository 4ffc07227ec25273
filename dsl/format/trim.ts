/** White space as the grammar knows it: anything else, such as a no-break space, belongs to a word and stays. */
export const trim = (text: string): string => {
  let start = 0
  while (start < text.length && isBlank(text.charCodeAt(start))) start += 1
  return trimEnd(text.slice(start))
}

/** By hand: the regular expression looks from every blank of a text to the end of its stretch. */
export const trimEnd = (text: string): string => {
  let end = text.length
  while (end > 0 && isBlank(text.charCodeAt(end - 1))) end -= 1
  return text.slice(0, end)
}

const isBlank = (code: number): boolean => code === 0x20 || code === 0x09 || code === 0x0d || code === 0x0a
