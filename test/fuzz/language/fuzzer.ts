import { compile as compileFiles, type Compilation } from '../../../dsl/compile.ts'
import type { Diagnostic } from '../../../dsl/diagnostics/diagnostic.ts'
import { renderDiagnostics } from '../../../dsl/diagnostics/render.ts'
import { explainLine } from '../../../dsl/explain/explain.ts'
import { renderExplanation } from '../../../dsl/explain/render.ts'
import { format } from '../../../dsl/format/format.ts'
import type { SourceHost } from '../../../dsl/source/source-file.ts'
import type { Span } from '../../../dsl/source/span.ts'
import { planShape } from '../../support/plan-shape.ts'
import type { CorpusFile, CreateFuzzer, Fuzzer, Problem } from '../fuzzer.ts'
import { createFuzzHost } from './host.ts'
import { createInputs } from './inputs.ts'
import { plantedCompile } from './planted.ts'

export type Compile = (paths: readonly string[], host: SourceHost) => Compilation

const outside = (span: Span, { sources }: Compilation): boolean => {
  const length = sources.get(span.file)?.text.length
  // What cannot be read has no text: its span is empty.
  if (length === undefined) return span.start !== 0 || span.end !== 0
  return !(Number.isInteger(span.start) && 0 <= span.start && span.start <= span.end && span.end <= length)
}

const misplaced = (compilation: Compilation): Problem | undefined => {
  for (const one of compilation.diagnostics) {
    const spans = [one.span, ...one.labels.map((label) => label.span), ...(one.fix === undefined ? [] : [one.fix.span])]
    const wrong = spans.find((span) => outside(span, compilation))
    if (wrong !== undefined)
      return { kind: 'span', detail: `${one.code} at ${wrong.file} ${wrong.start}..${wrong.end}: ${one.message}` }
  }
  return undefined
}

const errorsOf = (diagnostics: readonly Diagnostic[]): string =>
  diagnostics
    .filter((one) => one.severity === 'error')
    .map((one) => `${one.code} ${one.message}`)
    .join('; ')

/** Parse, check, lower, render and format of one file: no exception, every place inside its source, and a formatter that keeps the meaning. */
export const languageFuzzer = (corpus: readonly CorpusFile[], compile: Compile): Fuzzer => {
  /** One line of it, which one is as good as chance. */
  const explain = (text: string): void => {
    const line = 1 + (text.length % text.split('\n').length)
    const explanation = explainLine({ path: 'fuzz.kscn', text }, line)
    if (explanation !== undefined) renderExplanation(explanation, 'fuzz.kscn', { color: false, width: 80 })
  }
  const check = (text: string): Problem | undefined => {
    const compilation = compile(['fuzz.kscn'], createFuzzHost(corpus, text))
    const { plan, diagnostics, sources } = compilation
    const wrong = misplaced(compilation)
    if (wrong !== undefined) return wrong
    const failed = diagnostics.some((one) => one.severity === 'error')
    if (failed !== (plan === undefined))
      return { kind: 'verdict', detail: failed ? 'a plan in spite of an error' : 'no plan and no error' }
    if (diagnostics.length > 0) renderDiagnostics(diagnostics, sources, { color: false, width: 80 })
    // What does not parse has little more to show: one in four goes on.
    if (text.length % 4 !== 0 && diagnostics.some((one) => one.code < 'K100')) return undefined
    if (text.length % 4 === 0) explain(text)
    const out = format(text, 'fuzz.kscn')
    if (out === undefined)
      return plan === undefined ? undefined : { kind: 'fmt refuses', detail: 'what compiles is not formatted' }
    if (out === text) return undefined
    const again = format(out, 'fuzz.kscn')
    if (again !== out) return { kind: 'fmt not idempotent', detail: `once:\n${out}\ntwice:\n${again ?? '(refused)'}` }
    if (plan === undefined) return undefined
    const after = compile(['fuzz.kscn'], createFuzzHost(corpus, out))
    if (after.plan === undefined) return { kind: 'fmt breaks', detail: `${errorsOf(after.diagnostics)}\n${out}` }
    return planShape(after.plan) === planShape(plan) ? undefined : { kind: 'fmt changes the plan', detail: out }
  }
  return { input: createInputs(corpus), check }
}

export const createLanguageFuzzer: CreateFuzzer = (corpus, planted) =>
  languageFuzzer(corpus, planted ? plantedCompile(compileFiles) : compileFiles)
