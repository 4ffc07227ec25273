import { compile, type Compilation } from '../../../../dsl/compile.ts'
import type { Operation } from '../../../../dsl/plan/operation.ts'
import { positionAt } from '../../../../dsl/source/line-map.ts'
import { memoryHost } from './memory-host.ts'

export const compileText = (text: string, files: Readonly<Record<string, string>> = {}): Compilation =>
  compile(['web.kscn'], memoryHost({ 'web.kscn': text, ...files }))

/** `K118 3:28` for each diagnostic, in order. */
export const places = ({ diagnostics, sources }: Compilation): readonly string[] =>
  diagnostics.map((one) => {
    const { line, column } = positionAt(sources.get(one.span.file)?.text ?? '', one.span.start)
    return `${one.code} ${line}:${column}`
  })

/** The body of the only scenario; its compilation must succeed. */
export const operationsOf = (body: string, files: Readonly<Record<string, string>> = {}): readonly Operation[] => {
  const compilation = compileText(
    `scenario "example" {\n  cluster { pool workers 2 { cpu 2, memory 4Gi } }\n${body}\n}\n`,
    files,
  )
  const scenario = compilation.plan?.scenarios[0]
  if (scenario === undefined)
    throw new Error(compilation.diagnostics.map((one) => `${one.code} ${one.message}`).join('\n'))
  return scenario.body.operations
}
