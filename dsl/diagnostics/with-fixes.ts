import type { SourceFile } from '../source/source-file.ts'
import type { Diagnostic } from './diagnostic.ts'

const suggestion = /^did you mean `([^`]+)`\?$/

/** Where the very word that is wrong is marked, the word that was meant can take its place. */
export const withFixes = (
  diagnostics: readonly Diagnostic[],
  sources: ReadonlyMap<string, SourceFile>,
): readonly Diagnostic[] =>
  diagnostics.map((one) => {
    const text = one.fix === undefined && one.help !== undefined ? suggestion.exec(one.help)?.[1] : undefined
    if (text === undefined) return one
    const marked = sources.get(one.span.file)?.text.slice(one.span.start, one.span.end) ?? ''
    return marked !== '' && one.message.includes(`\`${marked}\``) ? { ...one, fix: { span: one.span, text } } : one
  })
