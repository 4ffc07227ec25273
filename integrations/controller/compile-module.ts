import { readFileSync, statSync } from 'node:fs'
import { dirname, join, relative, resolve } from 'node:path'
import { SourceMap, type SourceMapPayload } from 'node:module'
import { packageOf } from './package-of.ts'

/** A module with all that it imports, as one function body in CommonJS. */
export interface CompiledModule {
  readonly code: string
  /** The place in the author's file that a place of `code` came from: `operator/website.ts:41:7`. */
  place(line: number, column: number): string | undefined
}

interface Bundler {
  buildSync(options: object): {
    readonly outputFiles: readonly { readonly path: string; readonly text: string }[]
    readonly metafile: { readonly inputs: Readonly<Record<string, unknown>> }
  }
}
interface Transpiler {
  transpileModule(text: string, options: object): { readonly outputText: string; readonly sourceMapText?: string }
}

interface Built {
  readonly code: string
  readonly map: string | undefined
  /** The files that it was made from. */
  readonly inputs: readonly string[]
}

const bundle = (esbuild: Bundler, path: string): Built => {
  const { outputFiles, metafile } = esbuild.buildSync({
    entryPoints: [path],
    bundle: true,
    write: false,
    outfile: join(dirname(path), 'module.js'),
    sourcemap: 'external',
    metafile: true,
    format: 'cjs',
    platform: 'node',
    target: 'node20',
    external: ['kscn', 'kscn/*'],
    logLevel: 'silent',
  })
  const text = (end: string): string | undefined => outputFiles.find((one) => one.path.endsWith(end))?.text
  return { code: text('.js') ?? '', map: text('.map'), inputs: Object.keys(metafile.inputs).map((one) => resolve(one)) }
}

const transpile = (typescript: Transpiler, path: string): Built => {
  const { outputText, sourceMapText } = typescript.transpileModule(readFileSync(path, 'utf8'), {
    fileName: path,
    compilerOptions: { module: 'commonjs', target: 'es2022', sourceMap: true },
  })
  return { code: outputText, map: sourceMapText, inputs: [path] }
}

const build = (path: string): Built => {
  const esbuild = packageOf<Bundler>('esbuild', path)
  if (esbuild !== undefined) return bundle(esbuild, path)
  const typescript = packageOf<Transpiler>('typescript', path)
  if (typescript !== undefined) return transpile(typescript, path)
  if (path.endsWith('.cjs')) return { code: readFileSync(path, 'utf8'), map: undefined, inputs: [path] }
  throw new Error(
    'a controller is evaluated anew for each process that starts, which needs esbuild (or typescript, for a single file) in the project',
  )
}

const stampOf = (inputs: readonly string[]): string =>
  inputs.map((one) => statSync(one, { throwIfNoEntry: false })?.mtimeMs ?? 0).join(' ')

const known = new Map<
  string,
  { readonly built: CompiledModule; readonly inputs: readonly string[]; readonly stamp: string }
>()

/** Compiles a module, unless nothing of it has changed since. Throws why that cannot be done. */
export const compileModule = (file: string): CompiledModule => {
  const path = resolve(file)
  const before = known.get(path)
  if (before !== undefined && before.stamp === stampOf(before.inputs)) return before.built
  const { code, map, inputs } = build(path)
  const sources = map === undefined ? undefined : new SourceMap(JSON.parse(map) as SourceMapPayload)
  const built: CompiledModule = {
    code,
    place(line, column) {
      if (sources === undefined) return `${file}:${line}:${column}`
      const entry = sources.findEntry(line - 1, column - 1)
      if (!('originalSource' in entry)) return undefined
      const source = relative(process.cwd(), resolve(dirname(path), entry.originalSource))
      // A module of the same folder is named as the scenario names the first one.
      const name = resolve(source) === path ? file : source
      return `${name}:${entry.originalLine + 1}:${entry.originalColumn + 1}`
    },
  }
  known.set(path, { built, inputs, stamp: stampOf(inputs) })
  return built
}
