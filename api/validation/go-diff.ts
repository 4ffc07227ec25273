import { internalJson } from './internal-json.ts'

// apimachinery pkg/util/diff: two internal structs as indented JSON, and what a unified diff says of them.

const context = 3

const lines = (text: string): readonly string[] =>
  `${JSON.stringify(JSON.parse(text), undefined, 1)}\n`.split(/(?<=\n)/)

interface Edit {
  readonly kind: ' ' | '-' | '+'
  readonly line: string
}

/** The longest common subsequence; the ends that are the same are cut off first. */
const edits = (a: readonly string[], b: readonly string[]): readonly Edit[] => {
  let start = 0
  while (start < a.length && start < b.length && a[start] === b[start]) start += 1
  let end = 0
  while (end < a.length - start && end < b.length - start && a[a.length - 1 - end] === b[b.length - 1 - end]) end += 1
  const left = a.slice(start, a.length - end)
  const right = b.slice(start, b.length - end)
  const length: number[][] = Array.from({ length: left.length + 1 }, () => new Array<number>(right.length + 1).fill(0))
  for (let i = left.length - 1; i >= 0; i -= 1) {
    for (let j = right.length - 1; j >= 0; j -= 1) {
      length[i]![j] =
        left[i] === right[j] ? length[i + 1]![j + 1]! + 1 : Math.max(length[i + 1]![j]!, length[i]![j + 1]!)
    }
  }
  const middle: Edit[] = []
  let i = 0
  let j = 0
  while (i < left.length || j < right.length) {
    if (i < left.length && j < right.length && left[i] === right[j]) {
      middle.push({ kind: ' ', line: left[i]! })
      i += 1
      j += 1
    } else if (j >= right.length || (i < left.length && length[i + 1]![j]! >= length[i]![j + 1]!)) {
      middle.push({ kind: '-', line: left[i]! })
      i += 1
    } else {
      middle.push({ kind: '+', line: right[j]! })
      j += 1
    }
  }
  const same = (line: string): Edit => ({ kind: ' ', line })
  return [...a.slice(0, start).map(same), ...middle, ...a.slice(a.length - end).map(same)]
}

const range = (from: number, count: number): string => {
  const first = count === 0 ? from : from + 1
  return count === 1 ? String(first) : `${first},${count}`
}

const unified = (all: readonly Edit[]): string => {
  const changed = all.flatMap((edit, index) => (edit.kind === ' ' ? [] : [index]))
  const hunks: { from: number; to: number }[] = []
  for (const index of changed) {
    const from = Math.max(0, index - context)
    const to = Math.min(all.length, index + context + 1)
    const last = hunks.at(-1)
    if (last !== undefined && from <= last.to) last.to = to
    else hunks.push({ from, to })
  }
  return hunks
    .map(({ from, to }) => {
      const before = all.slice(0, from)
      const hunk = all.slice(from, to)
      const count = (part: readonly Edit[], kind: '-' | '+'): number =>
        part.filter((edit) => edit.kind === ' ' || edit.kind === kind).length
      const head = `@@ -${range(count(before, '-'), count(hunk, '-'))} +${range(count(before, '+'), count(hunk, '+'))} @@\n`
      return head + hunk.map(({ kind, line }) => kind + line).join('')
    })
    .join('')
}

/** diff.Diff of two values of a type of types.json, as their internal structs; of some of their fields alone, where told. */
export const goDiff = (old: unknown, now: unknown, type: string, only?: readonly string[]): string =>
  unified(edits(lines(internalJson(old, type, only)), lines(internalJson(now, type, only))))
