import { createRequire } from 'node:module'
import { resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import { Script } from 'node:vm'
import { packageOf } from '../integrations/controller/package-of.ts'
import type { ExternalFunction } from '../runtime/expect/external.ts'
import { importModule } from './import-module.ts'
import { UsageError } from './usage-error.ts'

/** What imported TypeScript modules export, by path and name. */
export type Scripts = (module: string, name: string) => ExternalFunction | undefined

type Exports = Readonly<Record<string, unknown>>

interface Bundler {
  buildSync(options: object): { readonly outputFiles: readonly { readonly text: string }[] }
}
interface Transpiler {
  transpileModule(text: string, options: object): { readonly outputText: string }
}

const evaluate = (code: string, path: string): Exports => {
  const module = { exports: {} as Exports }
  // The module is the user's own code, and runs because they asked to run it.
  const script = new Script(`(function(exports,require,module,__filename){${code}\n})`, { filename: path })
  const body = script.runInThisContext() as (...args: readonly unknown[]) => void
  body(module.exports, createRequire(pathToFileURL(path).href), module, path)
  return module.exports
}

/**
 * Types taken off: by Node itself where it can (22.18 and later), by esbuild, or by the TypeScript compiler, whichever is installed
 * in the project.
 */
const loadTypeScript = async (path: string): Promise<Exports> => {
  if ((process.features as { readonly typescript?: unknown }).typescript) {
    return (await importModule(pathToFileURL(path).href)) as Exports
  }
  const esbuild = packageOf<Bundler>('esbuild', path)
  if (esbuild !== undefined) {
    const options = {
      entryPoints: [path],
      bundle: true,
      write: false,
      format: 'cjs',
      platform: 'node',
      packages: 'external',
    }
    return evaluate(esbuild.buildSync({ ...options, logLevel: 'silent' }).outputFiles[0]!.text, path)
  }
  const typescript = packageOf<Transpiler & { readonly sys: { readFile(path: string): string } }>('typescript', path)
  if (typescript !== undefined) {
    const { outputText } = typescript.transpileModule(typescript.sys.readFile(path), {
      compilerOptions: { module: 'commonjs', target: 'es2022' },
    })
    return evaluate(outputText, path)
  }
  throw new UsageError(
    `${path} cannot be loaded: Node ${process.versions.node} does not read TypeScript by itself`,
    'use Node 22.18 or later, install esbuild or typescript in the project, or write the module in JavaScript',
  )
}

const load = async (path: string): Promise<Exports> => {
  const full = resolve(path)
  try {
    return /\.[cm]?ts$/.test(path)
      ? await loadTypeScript(full)
      : ((await importModule(pathToFileURL(full).href)) as Exports)
  } catch (error) {
    if (error instanceof UsageError) throw error
    throw new UsageError(`${path} cannot be loaded: ${error instanceof Error ? error.message : String(error)}`)
  }
}

/** Executes the modules that the scenarios import. Only a run does so. */
export const loadScripts = async (paths: readonly string[]): Promise<Scripts> => {
  const modules = new Map<string, Exports>()
  for (const path of [...new Set(paths)].sort()) modules.set(path, await load(path))
  return (module, name) => {
    const found = modules.get(module)
    const value = found !== undefined && Object.hasOwn(found, name) ? found[name] : undefined
    return typeof value === 'function' ? (value as ExternalFunction) : undefined
  }
}
