import type { Diagnostic } from '../diagnostics/diagnostic.ts'
import type { Module } from '../names/module.ts'
import { importAlias } from '../names/import-alias.ts'
import type * as ast from '../syntax/ast.ts'
import { descend } from '../syntax/descend.ts'

/** Codes that a name which was lost with its declaration would be reported by. */
const consequences: ReadonlySet<string> = new Set(['K101', 'K105', 'K137'])

/**
 * One mistake gives one diagnostic: a name whose declaration cannot be read, or whose import cannot, is not unknown as well.
 * Likewise of two reports of one code at one place the error stands for the warning.
 */
export const withoutConsequences = (
  diagnostics: readonly Diagnostic[],
  modules: Iterable<Module>,
): readonly Diagnostic[] => {
  const lost = new Map<string, ReadonlySet<string>>()
  const texts = new Map<string, string>()
  for (const one of modules) {
    texts.set(one.source.path, one.source.text)
    const broken = diagnostics.some((found) => found.code === 'K136' && found.span.file === one.source.path)
    const names = lostNames(one, broken)
    if (names.size > 0) lost.set(one.source.path, names)
  }
  const errors = new Set(diagnostics.filter((one) => one.severity === 'error').map(place))
  return diagnostics.filter((one) => {
    if (one.severity === 'warning' && errors.has(place(one))) return false
    const names = consequences.has(one.code) ? lost.get(one.span.file) : undefined
    if (names === undefined) return true
    const text = texts.get(one.span.file)?.slice(one.span.start, one.span.end) ?? ''
    return !names.has(text) && !names.has(text.split('.')[0] ?? '')
  })
}

const place = (one: Diagnostic): string => `${one.code} ${one.span.file} ${one.span.start}`

/** What bad lines, failed imports and tables that are not well formed would have declared. */
const lostNames = (module: Module, tables: boolean): ReadonlySet<string> => {
  const names = new Set<string>()
  const { file, source } = module
  if (file === undefined) return names
  for (const item of file.items)
    if (item.type === 'declaration' && item.item.type === 'import') {
      const alias = importAlias(item.item)
      if (!module.imports.has(alias) && !module.scripts.has(alias)) names.add(alias)
    }
  descend(file, (node) => {
    if (tables && node.type === 'cases')
      for (const cell of (node as unknown as ast.Cases).rows[0] ?? []) names.add(cell.text.trim())
    if (tables && node.type === 'matrix') names.add((node as unknown as ast.Matrix).name.name)
    if (node.type !== 'bad' || node.span === undefined) return
    const text = source.text.slice(node.span.start, node.span.end)
    for (const [, name = ''] of text.matchAll(declares)) names.add(name)
    for (const [, name = ''] of text.matchAll(/(?:^|\n)[ \t]*([A-Za-z_][\w-]*)[ \t]*=[ \t]*[^=\s]/g)) names.add(name)
    for (const [, params = ''] of text.matchAll(/\b(?:steps|invariant)\s+[\w-]+\s*\(([^)\n]*)\)/g))
      for (const [name] of params.matchAll(/[A-Za-z_][\w-]*/g)) names.add(name)
    // The header of a table whose first word is wrong.
    const header = text.split('\n').find((line) => line.trimStart().startsWith('|'))
    for (const cell of header?.split('|') ?? []) if (/^[A-Za-z_][\w-]*$/.test(cell.trim())) names.add(cell.trim())
    for (const [, alias = ''] of text.matchAll(/"[ \t]+as[ \t]+([A-Za-z_][\w-]*)/g)) names.add(alias)
  })
  return names
}

/** Also behind a misspelt `let` or the like: it is the second word that counts. */
const declares = /(?:^|[\n{])[ \t]*[a-z][a-z-]*[ \t]+([A-Za-z_][\w-]*)(?=[ \t]*(?:[:=({\n]|in\b|$|#|from\b))/g
