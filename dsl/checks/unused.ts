import type { Reporter } from '../diagnostics/report.ts'
import type { Fix } from '../diagnostics/diagnostic.ts'
import type { Module } from '../names/module.ts'
import { importAlias } from '../names/import-alias.ts'
import { usedNames } from '../names/used-names.ts'
import type { Span } from '../source/span.ts'
import type * as ast from '../syntax/ast.ts'
import type { Check } from './check.ts'
import { descend } from '../syntax/descend.ts'
import { removeFix } from './remove-fix.ts'

/** K139: what is declared and never mentioned. Often the mention is misspelt, or a line was forgotten. */
export const unused: Check = {
  name: 'unused',
  codes: ['K139'],
  always: false,
  file({ module, imported }, reporter) {
    const { file, source } = module
    if (file === undefined) return
    for (const one of file.items) if (one.type === 'declaration') checkBodies(one.item, { module, reporter })
    // A file without scenarios is a library: what it declares is for others.
    if (imported || module.scenarios.length === 0) return
    const used = usedNames(file, source.text)
    for (const one of file.items) {
      if (one.type !== 'declaration') continue
      const { item } = one
      switch (item.type) {
        case 'import':
          if (!importIsUsed(item, module, used)) report('this import', item.path.span, { module, reporter }, one.span)
          break
        case 'let':
        case 'user':
        case 'steps':
        case 'invariant':
        case 'cluster':
          if (item.name !== null && !used.has(item.name.name))
            report(`\`${item.type} ${item.name.name}\``, item.name.span, { module, reporter }, one.span)
          break
        case 'behavior':
        case 'scenario':
          break
      }
    }
  },
}

interface Place {
  readonly module: Module
  readonly reporter: Reporter
}

const report = (what: string, span: Span, { module, reporter }: Place, whole?: Span): void => {
  const fix: Fix | undefined = whole === undefined ? undefined : removeFix(module.source.text, whole)
  reporter.report('K139', span, `${what} is never used`, {
    severity: 'warning',
    help: whole === undefined ? undefined : 'remove it, or mention it',
    fix,
  })
}

/** An import is there for its names, or for the behaviors and users that come along. */
const importIsUsed = (item: ast.Import, module: Module, used: ReadonlySet<string>): boolean => {
  const alias = importAlias(item)
  const home = module.imports.get(alias)
  if (home === undefined) return module.scripts.has(alias) ? used.has(alias) : true
  const brings = (one: Module, seen: Set<Module>): boolean => {
    if (seen.has(one)) return false
    seen.add(one)
    return (
      one.behaviors.length > 0 || one.users.length > 0 || [...one.imports.values()].some((other) => brings(other, seen))
    )
  }
  return used.has(alias) || brings(home, new Set())
}

const checkBodies = (item: ast.Declaration['item'], place: Place): void => {
  const { text } = place.module.source
  if (item.type === 'steps' || item.type === 'invariant') {
    const used = usedNames(item.type === 'steps' ? item.body : item.predicate, text)
    for (const param of item.params)
      if (!used.has(param.name.name)) report(`the parameter \`${param.name.name}\``, param.name.span, place)
  }
  if (item.type !== 'steps' && item.type !== 'scenario') return
  const used = usedNames(item.type === 'scenario' ? [item.title, item.body] : item.body, text)
  descend(item.body, (node) => {
    const one = node as unknown as ast.Statement
    switch (one.type) {
      case 'let':
      case 'mark':
      case 'user':
        if (!used.has(one.name.name)) report(`\`${one.type} ${one.name.name}\``, one.name.span, place, one.span)
        break
      case 'matrix':
        if (!used.has(one.name.name)) report(`\`${one.name.name}\``, one.name.span, place)
        break
      case 'cases':
        for (const cell of one.rows[0] ?? []) {
          const name = cell.text.trim()
          const start = cell.span.start + cell.text.indexOf(name)
          if (name !== '' && !usedIn(item, one, name, text))
            report(`the column \`${name}\``, { ...cell.span, start, end: start + name.length }, place)
        }
        break
      default:
        break
    }
  })
}

/** Whether a column's name stands anywhere but in the table. */
const usedIn = (item: ast.StepsDef | ast.Scenario, table: ast.Cases, name: string, text: string): boolean => {
  const others = item.body.items.filter((one) => one !== table)
  return usedNames(item.type === 'scenario' ? [item.title, others] : others, text).has(name)
}
