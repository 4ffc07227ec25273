const colors = /\u001b\[\d+m/g

const visibleLength = (text: string): number => text.replace(colors, '').length

/** Breaks a line at spaces so that it fits into `width` columns; what follows is indented four columns deeper. Colours take no room. */
export const wrapLine = (line: string, width: number): string[] => {
  if (visibleLength(line) <= width) return [line]
  const indent = /^ */.exec(line)![0]
  const deeper = `${indent}    `
  const lines: string[] = []
  let current = indent
  let room = width - indent.length
  let empty = true
  // Runs of spaces separate columns: they stay with the word before them.
  for (const word of line.slice(indent.length).match(/\S+\s*/g) ?? []) {
    if (!empty && visibleLength(word.trimEnd()) > room) {
      lines.push(current.trimEnd())
      current = deeper
      room = width - deeper.length
    }
    current += word
    room -= visibleLength(word)
    empty = false
  }
  lines.push(current.trimEnd())
  return lines
}
