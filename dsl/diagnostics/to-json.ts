import { positionAt } from '../source/line-map.ts'
import type { SourceFile } from '../source/source-file.ts'
import type { Span } from '../source/span.ts'
import type { Diagnostic } from './diagnostic.ts'

interface Place {
  readonly file: string
  readonly start: Point
  readonly end: Point
}
/** Lines and columns from 1, columns and offsets in UTF-16 units. */
interface Point {
  readonly line: number
  readonly column: number
  readonly offset: number
}
export interface JsonDiagnostic extends Place {
  readonly code: string
  readonly severity: Diagnostic['severity']
  readonly message: string
  readonly help: string | null
  readonly notes: readonly string[]
  readonly labels: readonly (Place & { readonly text: string })[]
  readonly fix: (Place & { readonly text: string }) | null
}

/** A diagnostic as tools read it. */
export const diagnosticToJson = (one: Diagnostic, sources: ReadonlyMap<string, SourceFile>): JsonDiagnostic => {
  const point = (file: string, offset: number): Point => ({
    ...positionAt(sources.get(file)?.text ?? '', offset),
    offset,
  })
  const place = ({ file, start, end }: Span): Place => ({ file, start: point(file, start), end: point(file, end) })
  return {
    code: one.code,
    severity: one.severity,
    message: one.message,
    ...place(one.span),
    help: one.help ?? null,
    notes: one.notes,
    labels: one.labels.map((label) => ({ ...place(label.span), text: label.text })),
    fix: one.fix === undefined ? null : { ...place(one.fix.span), text: one.fix.text },
  }
}
