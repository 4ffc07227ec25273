import { reportOutside } from '../checks/outside-project.ts'
import type { Reporter } from '../diagnostics/report.ts'
import type { SourceFile, SourceHost } from '../source/source-file.ts'
import type { Span } from '../source/span.ts'
import type * as ast from '../syntax/ast.ts'
import { parseFile } from '../syntax/parse.ts'
import { reportSyntax } from '../syntax/syntax-errors.ts'
import type { Module } from '../names/module.ts'

export interface Loader {
  /** The file and all that it imports; undefined if it cannot be read (reported). */
  load(path: string, from: string, at: Span | undefined): Module | undefined
  readonly sources: ReadonlyMap<string, SourceFile>
}

export const createLoader = (host: SourceHost, reporter: Reporter): Loader => {
  const sources = new Map<string, SourceFile>()
  const modules = new Map<string, Module>()
  const loading: string[] = []

  const load = (path: string, from: string, at: Span | undefined): Module | undefined => {
    const source = host.read(path, from)
    if ('error' in source) {
      if (at !== undefined && source.outside === true) reportOutside(path, at, reporter)
      else if (at !== undefined)
        reporter.report('K102', at, `${path} cannot be read: ${source.error}`, {
          help: 'imports are relative to the file that they stand in',
        })
      else reporter.report('K102', { file: path, start: 0, end: 0 }, `${path} cannot be read: ${source.error}`)
      return undefined
    }
    const known = modules.get(source.path)
    if (loading.includes(source.path)) {
      if (at !== undefined)
        reporter.report(
          'K102',
          at,
          `an import cycle: ${[...loading.slice(loading.indexOf(source.path)), source.path].join(' → ')}`,
        )
      return undefined
    }
    if (known !== undefined) return known
    sources.set(source.path, source)
    const parsed = parseFile(source)
    const module: Module = {
      source,
      file: parsed.file,
      imports: new Map(),
      scripts: new Map(),
      clusters: new Map(),
      invariants: new Map(),
      steps: new Map(),
      lets: new Map(),
      users: [],
      behaviors: [],
      scenarios: [],
    }
    modules.set(source.path, module)
    loading.push(source.path)
    reportSyntax(parsed, reporter)
    if (parsed.file !== undefined) declareAll(parsed.file, module)
    loading.pop()
    return module
  }

  const declareAll = (file: ast.File, module: Module): void => {
    const titles = new Map<string, Span>()
    for (const one of file.items) {
      if (one.type !== 'declaration') continue
      const { item } = one
      if (one.tags.length > 0 && item.type !== 'scenario')
        reporter.report('K117', one.tags[0]?.span ?? one.span, 'a tag belongs before a scenario')
      switch (item.type) {
        case 'import':
          importFile(item, module)
          break
        case 'let':
          declare({ items: module.lets, what: 'let' }, item.name, item, reporter)
          break
        case 'invariant':
          declare({ items: module.invariants, what: 'invariant' }, item.name, item, reporter)
          break
        case 'steps':
          declare({ items: module.steps, what: 'steps' }, item.name, item, reporter)
          break
        case 'cluster':
          if (item.name === null)
            reporter.report('K133', item.span, 'a cluster at top level needs a name', {
              help: 'cluster small { … }, then `cluster small` in the scenario',
            })
          else declare({ items: module.clusters, what: 'cluster' }, item.name, item, reporter)
          break
        case 'user':
          module.users.push(item)
          break
        case 'behavior':
          module.behaviors.push(item)
          break
        case 'scenario': {
          const before = titles.get(item.title.raw)
          if (before !== undefined)
            reporter.report('K112', item.title.span, `two scenarios are called ${item.title.raw}`, {
              labels: [{ span: before, text: 'first here' }],
            })
          else titles.set(item.title.raw, item.title.span)
          module.scenarios.push({ declaration: one, scenario: item })
          break
        }
      }
    }
  }

  const importFile = (item: ast.Import, module: Module): void => {
    const path = item.path.raw.slice(1, -1)
    const alias =
      item.alias?.name ?? /([A-Za-z_][A-Za-z0-9_-]*)(\.[A-Za-z0-9]+)*$/.exec(path.replace(/\.kscn$/, ''))?.[1] ?? path
    if (/\.[cm]?[jt]s$/.test(path)) {
      importScript(item, alias, module)
      return
    }
    const at = item.alias?.span ?? item.path.span
    if (module.imports.has(alias) || module.scripts.has(alias))
      reporter.report('K112', at, `two imports are called \`${alias}\``)
    const imported = load(path, module.source.path, item.path.span)
    if (imported !== undefined) module.imports.set(alias, imported)
  }

  /** Its text is read so that a watcher knows it, and never executed here. */
  const importScript = (item: ast.Import, alias: string, module: Module): void => {
    if (module.imports.has(alias) || module.scripts.has(alias))
      reporter.report('K112', item.alias?.span ?? item.path.span, `two imports are called \`${alias}\``)
    const path = item.path.raw.slice(1, -1)
    const file = host.read(path, module.source.path)
    if ('error' in file && file.outside === true) reportOutside(path, item.path.span, reporter)
    else if ('error' in file)
      reporter.report('K102', item.path.span, `${path} cannot be read: ${file.error}`, {
        help: 'imports are relative to the file that they stand in',
      })
    else module.scripts.set(alias, file.path)
  }

  return { load, sources }
}

interface Table<T> {
  readonly items: Map<string, T>
  readonly what: string
}

const declare = <T extends { readonly span: Span }>(
  table: Table<T>,
  name: ast.Name,
  item: T,
  reporter: Reporter,
): void => {
  const before = table.items.get(name.name)
  if (before === undefined) table.items.set(name.name, item)
  else
    reporter.report('K112', name.span, `\`${table.what} ${name.name}\` stands twice in one file`, {
      labels: [{ span: before.span, text: 'first here' }],
    })
}
