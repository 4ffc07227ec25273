import type { SourceFile } from '../source/source-file.ts'
import type { Fence } from '../syntax/ast.ts'
import { interpolationEnd } from '../lower/text.ts'

/** A YAML text, and where its characters stand in the file it came from. */
export interface BlockText {
  readonly text: string
  readonly interpolations: readonly Interpolation[]
  /** Offset in the file of an offset in `text`. */
  offsetOf(at: number): number
}

/** `${inner}`; `start` is where `inner` stands in the file. */
export interface Interpolation {
  readonly inner: string
  readonly start: number
  /** `$${`: no interpolation at all. */
  readonly literal: boolean
}

// An interpolation is replaced by a stretch of equal length from the private-use area, so that YAML reads it as part of a
// scalar and every position stays where it was.
const mark = '\uE000'
const filler = '\uE001'
const firstIndex = 0xe100
export const placeholder: RegExp = new RegExp(`${mark}([\\uE100-\\uF8FF])${filler}*`, 'g')
export const hasPlaceholder = (text: string): boolean => text.includes(mark)
export const placeholderIndex = (character: string): number => character.charCodeAt(0) - firstIndex

/** A fence's content without the white space that all of its lines begin with, and with its interpolations set aside. */
export const blockText = (fence: Fence, source: SourceFile): BlockText => {
  const raw = source.text.slice(fence.content.start, fence.content.end)
  const lines = raw.split('\n')
  let indent: string | undefined
  for (const line of lines) {
    if (line.trim() === '') continue
    const own = /^[ \t]*/.exec(line)?.[0] ?? ''
    indent = indent === undefined ? own : commonPrefix(indent, own)
  }
  const cut = indent?.length ?? 0
  const starts: number[] = []
  const origins: number[] = []
  const out: string[] = []
  let origin = fence.content.start
  let length = 0
  for (const line of lines) {
    const skip = Math.min(cut, line.trim() === '' ? (/^[ \t]*/.exec(line)?.[0].length ?? 0) : cut)
    const kept = line.slice(skip).replace(/\r$/, '')
    starts.push(length)
    origins.push(origin + skip)
    out.push(kept)
    length += kept.length + 1
    origin += line.length + 1
  }
  const offsetOf = (at: number): number => {
    let low = 0
    let high = starts.length - 1
    while (low < high) {
      const middle = (low + high + 1) >> 1
      if ((starts[middle] ?? 0) <= at) low = middle
      else high = middle - 1
    }
    return (origins[low] ?? 0) + at - (starts[low] ?? 0)
  }
  const text = out.join('\n')
  if (fence.info.split(/\s+/).includes('raw')) return { text, interpolations: [], offsetOf }
  return { ...setAside(text, offsetOf), offsetOf }
}

const setAside = (
  text: string,
  offsetOf: (at: number) => number,
): { readonly text: string; readonly interpolations: readonly Interpolation[] } => {
  const interpolations: Interpolation[] = []
  let out = ''
  let from = 0
  for (;;) {
    const open = text.indexOf('${', from)
    if (open === -1 || interpolations.length > 6000) break
    const literal = text[open - 1] === '$'
    const start = literal ? open - 1 : open
    const end = literal ? open + 2 : interpolationEnd(text, open)
    if (end === -1) break
    out +=
      text.slice(from, start) +
      mark +
      String.fromCharCode(firstIndex + interpolations.length) +
      filler.repeat(end - start - 2)
    interpolations.push({ inner: literal ? '${' : text.slice(open + 2, end - 1), start: offsetOf(open + 2), literal })
    from = end
  }
  return { text: out + text.slice(from), interpolations }
}

const commonPrefix = (a: string, b: string): string => {
  let at = 0
  while (at < a.length && a[at] === b[at]) at += 1
  return a.slice(0, at)
}
