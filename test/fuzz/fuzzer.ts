import type { Random } from './random.ts'

/** What is wrong with an input: a kind to tell findings apart, and the evidence. */
export interface Problem {
  readonly kind: string
  readonly detail: string
}

/** One member of the family: makes inputs and judges them. An exception of `check` is a problem of kind `crash`. */
export interface Fuzzer {
  /** The input as text, so that it can be printed, shrunk and kept. */
  input(random: Random): string
  check(input: string): Problem | undefined
  /** Puts everything back as a fresh process has it, where an input can leave something behind. */
  reset?(): void
}

/** A member by name; `planted` asks for one with a known mistake built in, to show that it is found. */
export type CreateFuzzer = (corpus: readonly CorpusFile[], planted: boolean) => Fuzzer

export interface CorpusFile {
  readonly path: string
  readonly text: string
}
