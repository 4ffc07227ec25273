import type * as ast from '../syntax/ast.ts'
import type { Env } from './env.ts'

/** A function of an imported TypeScript module, by the path of the file and the name that it exports. */
export interface External {
  readonly module: string
  readonly export: string
}

/** What `my.fn` means if `my` is a TypeScript import. Nothing is executed to find out: only a run loads the module. */
export const externalOf = (name: ast.Name, env: Env): External | undefined => {
  const dot = name.name.indexOf('.')
  const module = dot === -1 ? undefined : env.module.scripts.get(name.name.slice(0, dot))
  if (module === undefined) return undefined
  env.scenario.modules.add(module)
  return { module, export: name.name.slice(dot + 1) }
}
