import type { SourceFile } from '../source/source-file.ts'
import type { Behavior, Cluster, Declaration, File, Invariant, Let, Scenario, StepsDef, User } from '../syntax/ast.ts'

/** A file with what it declares, and those that it imports by the name it gives them. */
export interface Module {
  readonly source: SourceFile
  /** undefined: nested too deeply to be read. */
  readonly file: File | undefined
  readonly imports: Map<string, Module>
  /** TypeScript files by the name they are given; nobody reads what they export before a run. */
  readonly scripts: Map<string, string>
  readonly clusters: Map<string, Cluster>
  readonly invariants: Map<string, Invariant>
  readonly steps: Map<string, StepsDef>
  readonly lets: Map<string, Let>
  readonly users: User[]
  readonly behaviors: Behavior[]
  readonly scenarios: { readonly declaration: Declaration; readonly scenario: Scenario }[]
}

export interface Found<T> {
  readonly module: Module
  readonly item: T
}

type Table = 'clusters' | 'invariants' | 'steps' | 'lets'
type Item<K extends Table> = Module[K] extends Map<string, infer T> ? T : never

/** What `name` or `alias.name` means in a module. */
export const findDeclared = <K extends Table>(module: Module, table: K, name: string): Found<Item<K>> | undefined => {
  const dot = name.indexOf('.')
  const home = dot === -1 ? module : module.imports.get(name.slice(0, dot))
  const item = home?.[table].get(dot === -1 ? name : name.slice(dot + 1))
  return home === undefined || item === undefined ? undefined : { module: home, item: item as Item<K> }
}

/** Every name of a table that a module can see. */
export const declaredNames = (module: Module, table: Table): readonly string[] => [
  ...module[table].keys(),
  ...[...module.imports].flatMap(([alias, other]) => [...other[table].keys()].map((name) => `${alias}.${name}`)),
]
