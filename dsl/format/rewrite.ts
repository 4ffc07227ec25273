import type { Noun, Prop } from '../syntax/ast.ts'
import { canonicalKind } from '../names/canonical-kind.ts'
import { canonicalCpu, canonicalDuration } from './canonical.ts'
import { trim } from './trim.ts'
import { childrenOf, type AnyNode } from './walk.ts'

/** Stands before a clause that may begin a line of its own. */
export const clauseMark = '\uE002'

/** Stands before a word that may begin a line if the clauses alone do not help. */
export const wordMark = '\uE003'

interface Piece {
  readonly start: number
  readonly end: number
  /** undefined: as written, white space and all. */
  readonly text: string | undefined
}

const ownLine: ReadonlySet<string> = new Set(['within', 'for', 'until', 'because', 'saying'])
const verbatim: ReadonlySet<string> = new Set(['string', 'regex', 'bare', 'snapshot'])
/** Where only a duration can stand. */
const durations: Readonly<Record<string, readonly string[]>> = {
  wait: ['amount'],
  at: ['time'],
  settle: ['within'],
  every: ['interval', 'for'],
  clause: ['amount'],
}

/** A node's text from one place to another, on one line: written as the formatter writes it, each gap one space. */
export type Rewrite = (from: number, to: number) => string

export const createRewrite = (root: AnyNode, source: string): Rewrite => {
  const pieces: Piece[] = []
  const seen = new Set<number>()
  const add = (start: number, end: number, text: string | undefined): void => {
    if (text === undefined && seen.has(start)) return
    seen.add(start)
    pieces.push({ start, end, text })
  }
  const visit = (node: AnyNode): void => {
    const { type, span } = node
    if (span !== undefined) {
      const kind = (node as { readonly kind?: unknown }).kind
      if ((type === 'clause' || type === 'step-clause') && typeof kind === 'string' && ownLine.has(kind))
        pieces.push({ start: span.start, end: span.start, text: clauseMark })
      if (type === 'noun') {
        const noun = node as Noun
        const full = canonicalKind(noun)
        if (full === noun.kind) add(span.start, span.end, undefined)
        else {
          add(span.start, noun.kindSpan.end, full)
          add(noun.kindSpan.end, span.end, undefined)
        }
      } else if (type !== undefined && verbatim.has(type)) add(span.start, span.end, undefined)
      else if (type === undefined && 'steps' in node) add(span.start, span.end, undefined)
      for (const field of durations[type ?? ''] ?? []) {
        const amount = (node as unknown as Readonly<Record<string, AnyNode & { readonly text?: string }>>)[field]
        if (amount?.type !== 'measure' || amount.span === undefined) continue
        add(amount.span.start, amount.span.end, canonicalDuration(amount.text ?? ''))
      }
      if (type === 'prop' && (node as Prop).name.name === 'cpu')
        for (const arg of (node as Prop).args)
          if (arg.type === 'bare') add(arg.span.start, arg.span.end, canonicalCpu(arg.text))
    }
    const claim = node as { readonly because?: AnyNode | null; readonly saying?: AnyNode | null }
    if (claim.because?.span) mark(clauseMark, 'because', claim.because.span.start)
    if (claim.saying?.span) mark(clauseMark, 'saying', claim.saying.span.start)
    const { operands, links } = node as { readonly operands?: readonly AnyNode[]; readonly links?: readonly AnyNode[] }
    for (const one of operands?.slice(1) ?? []) mark(wordMark, type ?? '', one.span?.start ?? 0)
    for (const one of links?.slice(1) ?? []) mark(wordMark, '->', one.span?.start ?? 0)
    for (const child of childrenOf(node)) visit(child)
  }
  /** The mark before the word that stands before a place. */
  const mark = (text: string, word: string, before: number): void => {
    const at = source.lastIndexOf(word, before - 1)
    pieces.push({ start: at, end: at, text })
  }
  visit(root)
  pieces.sort((a, b) => a.start - b.start || a.end - b.end)
  return (from, to) => {
    let out = ''
    let at = from
    for (const piece of pieces) {
      if (piece.start < at || piece.end > to) continue
      out += gap(source.slice(at, piece.start)) + (piece.text ?? source.slice(piece.start, piece.end))
      at = piece.end
    }
    return trim(out + gap(source.slice(at, to)))
  }
}

const gap = (text: string): string =>
  text
    .replace(/([[(])[ \t\r]*\n[ \t\r\n]*/g, '$1')
    .replace(/[ \t\r]*\n[ \t\r\n]*([\])])/g, '$1')
    .replace(/[ \t\r\n]+/g, ' ')
