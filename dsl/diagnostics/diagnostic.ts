import type { Span } from '../source/span.ts'

/** A mistake in a scenario, found before the run. */
export interface Diagnostic {
  /** `K118`; its page is docs/diagnostics/K118.md. */
  readonly code: string
  readonly severity: 'error' | 'warning'
  readonly span: Span
  readonly message: string
  /** Further places that belong to it. */
  readonly labels: readonly Label[]
  readonly notes: readonly string[]
  /** What stands behind the carets; several lines are possible. */
  readonly help: string | undefined
  readonly fix: Fix | undefined
}

export interface Label {
  readonly span: Span
  readonly text: string
}

/** What a tool may put in place of a stretch. */
export interface Fix {
  readonly span: Span
  readonly text: string
}
