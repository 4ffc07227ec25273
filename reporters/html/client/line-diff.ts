import { diffArrays } from 'diff'

export interface DiffLine {
  readonly sign: '+' | '-' | ' ' | '…'
  readonly text: string
}

/** Two texts line by line, with so many equal lines around each change. */
export const lineDiff = (before: readonly string[], after: readonly string[], around: number): readonly DiffLine[] => {
  const parts = diffArrays([...before], [...after])
  return parts.flatMap((part, index): DiffLine[] => {
    if (part.added || part.removed) return part.value.map((text) => ({ sign: part.added ? '+' : '-', text }))
    const head = index === 0 ? 0 : around
    const tail = index === parts.length - 1 ? 0 : around
    const lines = part.value.map((text): DiffLine => ({ sign: ' ', text }))
    const left = lines.length - head - tail
    if (left <= 1) return lines
    return [...lines.slice(0, head), { sign: '…', text: `${left} equal lines` }, ...lines.slice(lines.length - tail)]
  })
}
