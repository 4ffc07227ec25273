// node tools/build-types.mjs [OUTDIR]: the declarations of the package's doors (package.json, exports) and of all that they name,
// each made from its one file: `isolatedDeclarations` keeps that possible. Called by tools/build.mjs.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import ts from 'typescript'

const root = fileURLToPath(new URL('..', import.meta.url))

const compilerOptions = {
  declaration: true,
  emitDeclarationOnly: true,
  isolatedDeclarations: true,
  allowImportingTsExtensions: true,
  verbatimModuleSyntax: true,
  module: ts.ModuleKind.NodeNext,
  target: ts.ScriptTarget.ES2023,
}

/** `./dist/builder.cjs` is bundled from `cli/builder.ts`. */
const doorsOf = (manifest) =>
  Object.values(manifest.exports).flatMap((one) => {
    const name = /^\.\/dist\/(.+)\.cjs$/.exec(one.default ?? '')?.[1]
    return name === undefined ? [] : [`cli/${name}.ts`]
  })

/** Imports of `./x.ts` become imports of `./x.js`; `found` is called with the file that each means. */
const renamed = (text, folder, found) => {
  let out = text
  for (const { fileName, pos } of ts.preProcessFile(text, true, true).importedFiles.toReversed()) {
    if (!/^\.{1,2}\/.*\.ts$/.test(fileName)) continue
    found(join(folder, fileName))
    const at = out.indexOf(fileName, pos)
    out = `${out.slice(0, at)}${fileName.slice(0, -3)}.js${out.slice(at + fileName.length)}`
  }
  return out
}

export const buildTypes = (outdir) => {
  const open = doorsOf(JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')))
  const seen = new Set(open)
  for (let path = open.pop(); path !== undefined; path = open.pop()) {
    const text = readFileSync(join(root, path), 'utf8')
    const { outputText, diagnostics = [] } = ts.transpileDeclaration(text, { fileName: path, compilerOptions })
    if (diagnostics.length > 0)
      throw new Error(`${path}: ${ts.flattenDiagnosticMessageText(diagnostics[0].messageText, '\n')}`)
    const declarations = renamed(outputText, dirname(path), (other) => {
      if (seen.has(other)) return
      seen.add(other)
      open.push(other)
    })
    const target = join(outdir, path.replace(/\.ts$/, '.d.ts'))
    mkdirSync(dirname(target), { recursive: true })
    writeFileSync(target, declarations)
  }
  // The doors themselves are CommonJS.
  writeFileSync(join(outdir, 'package.json'), '{ "type": "commonjs" }\n')
}

if (process.argv[1] === fileURLToPath(import.meta.url)) buildTypes(process.argv[2] ?? join(root, 'dist/types'))
