import type { Span } from '../source/span.ts'

/** A sentence of the language, said in three other ways. */
export interface Explanation {
  readonly span: Span
  /** As it stands in the file, on one line, its block left out. */
  readonly sentence: string
  /** Sentences of English, in order. */
  readonly english: readonly string[]
  /** In temporal logic over states; undefined where nothing is claimed and nothing done. */
  readonly formula: string | undefined
  /** What the letters of the formula stand for. */
  readonly letters: readonly Letter[]
  readonly drawing: Drawing | undefined
}

export interface Letter {
  readonly letter: string
  readonly meaning: string
}

/** A time line: named instants above, and rows that say what happens along it. */
export interface Drawing {
  /** From left to right; `at` is a column. */
  readonly instants: readonly { readonly at: number; readonly label: string }[]
  readonly rows: readonly { readonly label: string; readonly line: string; readonly note: string }[]
}
