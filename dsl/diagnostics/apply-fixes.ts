import type { Diagnostic, Fix } from './diagnostic.ts'

export interface Fixed {
  readonly text: string
  /** Whose fixes were applied, in the order of the text. */
  readonly applied: readonly Diagnostic[]
}

/** Applies the fixes of one file. Of two that overlap the later waits: what it would change is no longer what was checked. */
export const applyFixes = (text: string, diagnostics: readonly Diagnostic[]): Fixed => {
  const wanted = diagnostics
    .flatMap((one) => (one.fix === undefined ? [] : [{ diagnostic: one, fix: one.fix }]))
    .filter(({ fix }) => text.slice(fix.span.start, fix.span.end) !== fix.text)
    .sort((a, b) => a.fix.span.start - b.fix.span.start || a.fix.span.end - b.fix.span.end)
  const applied: Diagnostic[] = []
  let out = ''
  let at = 0
  let last: Fix | undefined
  for (const { diagnostic, fix } of wanted) {
    if (fix.span.start < at || (last !== undefined && last.span.start === fix.span.start)) continue
    out += text.slice(at, fix.span.start) + fix.text
    at = fix.span.end
    last = fix
    applied.push(diagnostic)
  }
  return { text: out + text.slice(at), applied }
}
