import type { SourceFile } from '../source/source-file.ts'
import type { Span } from '../source/span.ts'
import type { Expr, File, PropValue, Statement, Declaration, Amount } from './ast.ts'
import { tooDeep } from './too-deep.ts'
import { parse as parseText, SyntaxError, type Expected, type Options } from './grammar.generated.js'

export interface ParsedFile {
  readonly source: SourceFile
  /** undefined: nested more deeply than anything follows. */
  readonly file: File | undefined
  /** Where it is nested too deeply, if that is known. */
  readonly tooDeep?: Span
  /** In the order of the text, those in bad stretches included. */
  readonly comments: readonly Span[]
}

/** A file never fails to parse: what is wrong in it becomes `bad` and `stray` nodes. */
export const parseFile = (source: SourceFile): ParsedFile => {
  const comments = new Map<number, Span>()
  const file = attempt<File>(source.text, { startRule: 'File', file: source.path, base: 0, comments })
  const deep = file.ok ? tooDeep(file.node, source.text) : undefined
  return {
    source,
    file: file.ok && deep === undefined ? file.node : undefined,
    ...(deep === undefined ? {} : { tooDeep: deep }),
    comments: [...comments.values()].sort((a, b) => a.start - b.start),
  }
}

/** Where a slice stopped making sense, and what could have stood there. */
export interface Failure {
  readonly offset: number
  readonly expected: readonly Expected[]
  /** The text ended too early. */
  readonly atEnd: boolean
}
export type Parsed<T> = { readonly ok: true; readonly node: T } | { readonly ok: false; readonly failure: Failure }

interface Rules {
  readonly Decl: Declaration
  readonly Stmt: Statement
  readonly Temporal: Expr
  readonly Amount: Amount
  readonly PArg: PropValue
}

/** Parses a stretch of a file by one rule; the nodes' places are those in the file. */
export const parseSlice = <R extends keyof Rules>(
  rule: R,
  text: string,
  at: { readonly file: string; readonly start: number },
): Parsed<Rules[R]> => attempt<Rules[R]>(text, { startRule: rule, file: at.file, base: at.start, comments: new Map() })

const attempt = <T>(text: string, options: Options): Parsed<T> => {
  try {
    return { ok: true, node: parseText(text, options) as T }
  } catch (error) {
    if (error instanceof SyntaxError) {
      const offset = options.base + error.location.start.offset
      return { ok: false, failure: { offset, expected: error.expected, atEnd: error.found === null } }
    }
    // A text nested some thousand levels deep exhausts the stack.
    if (error instanceof RangeError) return { ok: false, failure: { offset: options.base, expected: [], atEnd: false } }
    throw error
  }
}
