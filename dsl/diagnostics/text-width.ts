import { eastAsianWidth } from 'get-east-asian-width'

const combining = /\p{Mark}|[\u200B-\u200F\uFE00-\uFE0F]/u
const tabStop = 4

/** A line as it is printed: a tab shows as an arrow and reaches the next tab stop, a control character as a point. */
export const printable = (line: string): string => {
  let out = ''
  let column = 0
  for (const character of line) {
    if (character === '\t') {
      const width = tabStop - (column % tabStop)
      out += `→${' '.repeat(width - 1)}`
      column += width
      continue
    }
    const shown = character < ' ' || character === '\u007F' ? '·' : character
    out += shown
    column += characterWidth(shown)
  }
  return out
}

/** Columns that a printable text takes in a terminal. */
export const textWidth = (text: string): number => {
  let width = 0
  for (const character of text) width += characterWidth(character)
  return width
}

const characterWidth = (character: string): number => {
  const code = character.codePointAt(0) ?? 0
  if (code < 0x300) return 1
  return combining.test(character) ? 0 : eastAsianWidth(code)
}
