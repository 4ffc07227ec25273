import type { Diagnostic } from '../diagnostics/diagnostic.ts'
import type { Module } from '../names/module.ts'
import { importAlias } from '../names/import-alias.ts'
import type * as ast from '../syntax/ast.ts'
import { descend } from '../syntax/descend.ts'

interface Region {
  readonly start: number
  readonly end: number
}

/**
 * One mistake gives one diagnostic: a name whose declaration cannot be read, or whose import cannot, is not unknown as well.
 * Likewise of two reports of one code at one place the error stands for the warning.
 */
export const withoutConsequences = (
  diagnostics: readonly Diagnostic[],
  modules: Iterable<Module>,
): readonly Diagnostic[] => {
  if (diagnostics.length === 0) return diagnostics
  const lost = new Map<string, ReadonlySet<string>>()
  const texts = new Map<string, string>()
  const regions = new Map<string, readonly Region[]>()
  for (const one of modules) {
    texts.set(one.source.path, one.source.text)
    const broken = diagnostics.some((found) => found.code === 'K136' && found.span.file === one.source.path)
    const names = lostNames(one, broken)
    regions.set(one.source.path, lostRegions(one, diagnostics))
    if (names.size > 0) lost.set(one.source.path, names)
  }
  const errors = new Set(diagnostics.filter(isError).map(place))
  const kept = diagnostics.filter((one) => {
    if (one.severity === 'warning' && errors.has(place(one))) return false
    if (!one.code.startsWith('K0') && one.code !== 'K108' && one.code !== 'K109')
      for (const { start, end } of regions.get(one.span.file) ?? [])
        if (one.span.start > start && one.span.start < end) return false
    const names = one.code.startsWith('K0') ? undefined : lost.get(one.span.file)
    if (names === undefined) return true
    const text = texts.get(one.span.file)?.slice(one.span.start, one.span.end) ?? ''
    // A syntax error is the mistake itself, whatever word it stands at.
    return one.code.startsWith('K0') || (!names.has(text) && !names.has(text.split('.')[0] ?? ''))
  })
  // A file with an error keeps one: nothing wrong compiles.
  return kept.some(isError) || !diagnostics.some(isError) ? kept : diagnostics
}

const isError = (one: Diagnostic): boolean => one.severity === 'error'

/** What stands behind something that is never closed, or in a block without its brace, is not read as it was meant. */
const lostRegions = ({ file, source }: Module, diagnostics: readonly Diagnostic[]): readonly Region[] => {
  const { path, text } = source
  const mine = diagnostics.filter(({ code, span }) => span.file === path && ['K006', 'K108', 'K109'].includes(code))
  if (mine.length === 0) return []
  const starts = (file?.items ?? [])
    .filter((one) => one.type === 'declaration' && (one.span.start === 0 || text[one.span.start - 1] === '\n'))
    .map((one) => one.span.start)
  return mine.map(({ span }) => ({ start: span.start, end: starts.find((one) => one > span.start) ?? text.length }))
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
    for (const [, alias = ''] of text.matchAll(/\bas[ \t]+([A-Za-z_][\w-]*)[ \t]*(?=#|\n|$)/g)) names.add(alias)
  })
  return names
}

/** Also behind a misspelt `let` or the like: it is the second word that counts. */
const declares = /(?:^|[\n{])[ \t]*[a-z][a-z-]*[ \t]+([A-Za-z_][\w-]*)(?=[ \t]*(?:[:=({\n]|in\b|$|#|from\b))/g
