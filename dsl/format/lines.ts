/** A line of the output. */
export interface Line {
  readonly indent: number
  readonly text: string
  comment: string | undefined
}

/** The lines as text; comments behind neighbouring lines stand in one column. */
export const printLines = (lines: readonly Line[]): string => {
  let out = ''
  let at = 0
  const width = ({ indent, text }: Line): number => indent + text.length
  for (const [index, line] of lines.entries()) {
    if (line.comment === undefined) {
      out += line.text === '' ? '\n' : `${' '.repeat(line.indent)}${line.text}\n`
      continue
    }
    if (index === 0 || lines[index - 1]?.comment === undefined) {
      at = 0
      for (let next = index; lines[next]?.comment !== undefined; next += 1)
        at = Math.max(at, width(lines[next] as Line))
    }
    out += `${' '.repeat(line.indent)}${line.text}${' '.repeat(at - width(line) + 1)}${line.comment}\n`
  }
  return out
}
