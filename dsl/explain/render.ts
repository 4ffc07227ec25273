import type { Drawing, Explanation } from './explanation.ts'

export interface RenderOptions {
  readonly color: boolean
  readonly width: number
}

/** An explanation as text for the terminal, ending in a newline. `place` is `file:line:column`. */
export const renderExplanation = (one: Explanation, place: string, { color, width }: RenderOptions): string => {
  const bold = (text: string): string => (color ? `\u001B[1m${text}\u001B[0m` : text)
  const dim = (text: string): string => (color ? `\u001B[2m${text}\u001B[0m` : text)
  const lines: string[] = [...wrap(one.sentence, width, '').map(bold), dim(place), '']
  lines.push(dim('in English'))
  for (const text of one.english) lines.push(...wrap(text, width, '  '))
  if (one.formula !== undefined) {
    lines.push('', dim('as a formula'), ...wrap(one.formula, width, '  '))
    const column = Math.max(0, ...one.letters.map(({ letter }) => letter.length))
    for (const { letter, meaning } of one.letters) {
      const [first = '', ...more] = wrap(meaning, width - column - 4, '')
      lines.push(`  ${letter.padEnd(column)}  ${first}`, ...more.map((text) => `  ${' '.repeat(column)}  ${text}`))
    }
  }
  if (one.drawing !== undefined) lines.push('', dim('on a time line'), ...draw(one.drawing, width))
  return `${lines.join('\n')}\n`
}

const wrap = (text: string, width: number, indent: string): readonly string[] => {
  const lines: string[] = []
  let line = indent
  for (const word of text.split(' ')) {
    if (line.length > indent.length && line.length + 1 + word.length > width) {
      lines.push(line)
      line = indent
    }
    line += line.length > indent.length ? ` ${word}` : word
  }
  return [...lines, line]
}

/** Labels may be long: one that would run into the next goes to a line above. */
const draw = ({ instants, rows }: Drawing, width: number): readonly string[] => {
  const labels = Math.max(0, ...rows.map(({ label }) => label.length))
  const left = labels + 4
  const levels: string[] = []
  for (const { at, label } of instants) {
    const free = levels.findIndex((line) => line.length < left + at)
    const level = free === -1 ? levels.length : free
    levels[level] = `${(levels[level] ?? '').padEnd(left + at)}${label}`
  }
  const axis = instants.reduce((line, { at }) => `${line.padEnd(left + at)}┊`, '')
  const track = Math.max(0, ...rows.map(({ line }) => line.length))
  const out = [...levels.reverse(), axis]
  for (const { label, line, note } of rows) {
    const before = `  ${label.padEnd(labels)}  ${line.padEnd(track)}`
    if (note === '') out.push(before.trimEnd())
    else {
      const [first = '', ...more] = wrap(note, Math.max(20, width - before.length - 2), '')
      out.push(`${before}  ${first}`, ...more.map((text) => `${' '.repeat(before.length + 2)}${text}`))
    }
  }
  return out
}
