import type { Span } from '../source/span.ts'
import type { Diagnostic, Fix, Label } from './diagnostic.ts'

export interface More {
  readonly help?: string | undefined
  readonly fix?: Fix | undefined
  readonly labels?: readonly Label[]
  readonly notes?: readonly string[]
  readonly severity?: 'error' | 'warning'
}

/** Collects diagnostics; the same one (of another table row, another call of the same steps) counts once. */
export interface Reporter {
  report(code: string, span: Span, message: string, more?: More): void
  readonly count: () => number
  /** In the order of files as first met, then of the text. */
  all(): readonly Diagnostic[]
}

export const createReporter = (): Reporter => {
  const found = new Map<string, Diagnostic>()
  return {
    report(code, span, message, more = {}) {
      const key = `${span.file}:${span.start}:${code}:${message}`
      if (found.has(key)) return
      found.set(key, {
        code,
        severity: more.severity ?? 'error',
        span,
        message,
        labels: more.labels ?? [],
        notes: more.notes ?? [],
        help: more.help,
        fix: more.fix,
      })
    },
    count: () => found.size,
    all() {
      const files = new Map<string, number>()
      for (const one of found.values()) if (!files.has(one.span.file)) files.set(one.span.file, files.size)
      const order = (one: Diagnostic): number => files.get(one.span.file) ?? 0
      return [...found.values()].sort((a, b) => order(a) - order(b) || a.span.start - b.span.start)
    },
  }
}
