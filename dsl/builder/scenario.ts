import { compile } from '../compile.ts'
import { renderDiagnostics } from '../diagnostics/render.ts'
import type { Plan } from '../plan/plan.ts'
import type { SourceHost } from '../source/source-file.ts'
import { indented, quoted, settingsText, type Settings, type Value } from './print.ts'
import { addStatements, type Statements } from './statements.ts'

/** A scenario written in TypeScript: it compiles to the very plan that its text does. */
export interface ScenarioBuilder extends Statements {
  /** `slow`, `sig(apps)`, `limit(30m)` */
  tag(...tags: readonly string[]): this
  import(path: string, alias?: string): this
  /** A declaration of the file, as the language writes it: an invariant, steps, a behavior, a cluster. */
  declare(text: string): this
  cluster(name: string | undefined, settings?: Settings | string): this
  cases(rows: readonly Readonly<Record<string, Value>>[]): this
  matrix(name: string, values: readonly string[]): this
  forall(name: string, generator: string): this
  explore(runs: number, varying?: readonly ('interleaving' | 'latency' | 'faults')[]): this
  /** The text that says the same. */
  text(): string
  /** Compiles it; `host` reads what it imports, beside `path`. Throws with every diagnostic if it is wrong. */
  plan(host?: SourceHost, path?: string): Plan
}

const noFiles: SourceHost = {
  read: () => ({ error: 'the builder was given no files' }),
  glob: () => [],
}

/** Where its text seems to stand: files are found beside it. */
export const builderPath = 'scenario.kscn'

const create = (keyword: 'scenario' | 'property', title: string): ScenarioBuilder => {
  const tags: string[] = []
  const imports: string[] = []
  const declarations: string[] = []
  const statements: string[] = []
  const text = (): string =>
    [
      ...imports,
      ...declarations,
      ...(tags.length === 0 ? [] : [tags.map((one) => `@${one}`).join(' ')]),
      `${keyword} ${quoted(title)} {`,
      ...indented(statements),
      '}',
      '',
    ].join('\n')
  const own = {
    tag(...more: readonly string[]): ScenarioBuilder {
      tags.push(...more)
      return builder
    },
    import(path: string, alias?: string): ScenarioBuilder {
      imports.push(`import ${quoted(path)}${alias === undefined ? '' : ` as ${alias}`}`)
      return builder
    },
    declare(declaration: string): ScenarioBuilder {
      declarations.push(declaration)
      return builder
    },
    cluster(name: string | undefined, settings?: Settings | string): ScenarioBuilder {
      const block = settings === undefined ? [] : [typeof settings === 'string' ? settings : settingsText(settings)]
      statements.push(['cluster', ...(name === undefined ? [] : [name]), ...block].join(' '))
      return builder
    },
    cases(rows: readonly Readonly<Record<string, Value>>[]): ScenarioBuilder {
      const names = Object.keys(rows[0] ?? {})
      const line = (cells: readonly string[]): string => `  | ${cells.join(' | ')} |`
      statements.push(
        ['cases', line(names), ...rows.map((row) => line(names.map((one) => String(row[one] ?? ''))))].join('\n'),
      )
      return builder
    },
    matrix(name: string, values: readonly string[]): ScenarioBuilder {
      statements.push(`matrix ${name} in [${values.join(', ')}]`)
      return builder
    },
    forall(name: string, generator: string): ScenarioBuilder {
      statements.push(`forall ${name} in ${generator}`)
      return builder
    },
    explore(runs: number, varying: readonly string[] = []): ScenarioBuilder {
      statements.push(`explore ${runs} runs${varying.length === 0 ? '' : ` varying ${varying.join(', ')}`}`)
      return builder
    },
    text,
    plan(host: SourceHost = noFiles, path: string = builderPath): Plan {
      const own = text()
      const reading: SourceHost = {
        read: (wanted, from) => (from === '' && wanted === path ? { path, text: own } : host.read(wanted, from)),
        glob: (pattern, from) => host.glob(pattern, from),
      }
      const { plan, diagnostics, sources } = compile([path], reading)
      if (plan !== undefined) return plan
      throw new Error(renderDiagnostics(diagnostics, sources, { color: false, width: 80 }))
    },
  }
  const builder = addStatements(own, statements)
  return builder
}

export const scenario = (title: string): ScenarioBuilder => create('scenario', title)
export const property = (title: string): ScenarioBuilder => create('property', title)
