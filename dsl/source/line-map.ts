/** Line and column, both from 1; columns count UTF-16 units. */
export interface Position {
  readonly line: number
  readonly column: number
}

const remembered = new Map<string, readonly number[]>()

/** Offsets where lines start. */
export const lineStarts = (text: string): readonly number[] => {
  const known = remembered.get(text)
  if (known !== undefined) return known
  const starts = [0]
  for (let at = text.indexOf('\n'); at !== -1; at = text.indexOf('\n', at + 1)) starts.push(at + 1)
  // Few texts are looked at in turn: those of one compilation.
  if (remembered.size > 64) remembered.clear()
  remembered.set(text, starts)
  return starts
}

export const positionAt = (text: string, offset: number): Position => {
  const starts = lineStarts(text)
  let low = 0
  let high = starts.length - 1
  while (low < high) {
    const middle = (low + high + 1) >> 1
    if ((starts[middle] ?? 0) <= offset) low = middle
    else high = middle - 1
  }
  return { line: low + 1, column: offset - (starts[low] ?? 0) + 1 }
}

/** A line's text without its end. */
export const lineText = (text: string, line: number): string => {
  const starts = lineStarts(text)
  const from = starts[line - 1] ?? text.length
  const to = starts[line] ?? text.length
  return text.slice(from, to).replace(/\r?\n$/, '')
}
