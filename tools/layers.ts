import { readdirSync, readFileSync, statSync } from 'node:fs'
import { dirname, join, relative, resolve } from 'node:path'
import { isBuiltin } from 'node:module'
import { fileURLToPath } from 'node:url'
import ts from 'typescript'

// npm run layers [-- ROOT]: which room may import which. Says how many modules it read, so that reading none cannot pass.

/** Room → rooms that it may import. A room is the longest of these prefixes; `type:` allows `import type` only. */
const rooms: Readonly<Record<string, readonly string[]>> = {
  api: [],
  'dsl/source': [],
  'dsl/diagnostics': ['dsl/source'],
  'dsl/syntax': ['dsl/source', 'dsl/diagnostics'],
  'dsl/names': ['dsl/syntax', 'dsl/source', 'dsl/diagnostics', 'type:dsl/plan', 'api'],
  'dsl/checks': [
    'dsl/syntax',
    'dsl/source',
    'dsl/diagnostics',
    'dsl/names',
    'dsl/yaml',
    'type:dsl/lower',
    'type:dsl/plan',
    'api',
  ],
  'dsl/yaml': [
    'dsl/lower',
    'dsl/names',
    'dsl/syntax',
    'dsl/source',
    'dsl/diagnostics',
    'dsl/plan',
    'type:dsl/checks',
    'api',
  ],
  'dsl/format': ['dsl/syntax', 'dsl/source', 'dsl/names', 'dsl/yaml', 'api'],
  'dsl/plan': ['type:dsl/source', 'type:api'],
  'dsl/explain': ['dsl/plan', 'dsl/syntax', 'dsl/source', 'dsl/names', 'api'],
  'dsl/builder': [
    'dsl',
    'dsl/plan',
    'dsl/lower',
    'dsl/yaml',
    'dsl/source',
    'dsl/diagnostics',
    'dsl/names',
    'dsl/syntax',
    'api',
  ],
  'dsl/lower': [
    'dsl/names',
    'dsl/yaml',
    'dsl/syntax',
    'dsl/source',
    'dsl/diagnostics',
    'dsl/checks',
    'dsl/plan',
    'api',
  ],
  dsl: [
    'dsl/source',
    'dsl/diagnostics',
    'dsl/syntax',
    'dsl/names',
    'dsl/checks',
    'dsl/yaml',
    'dsl/lower',
    'dsl/plan',
    'dsl/format',
    'dsl/explain',
    'dsl/builder',
    'api',
  ],
  'runtime/kernel': [],
  'runtime/record': ['runtime/kernel', 'api', 'type:dsl/plan', 'type:dsl/source'],
  'runtime/etcd': ['runtime/kernel', 'type:runtime/record', 'api'],
  'runtime/apiserver': ['runtime/etcd', 'runtime/kernel', 'type:runtime/record', 'type:runtime/client', 'api'],
  'runtime/network': ['runtime/kernel', 'api'],
  'runtime/client': ['runtime/kernel', 'type:runtime/record', 'api'],
  'runtime/reconcile': ['runtime/client', 'runtime/kernel', 'type:runtime/record', 'api'],
  'runtime/scheduler': ['runtime/client', 'runtime/kernel', 'type:runtime/record', 'api'],
  'runtime/controllers': ['runtime/reconcile', 'runtime/client', 'runtime/kernel', 'type:runtime/cloud', 'api'],
  'runtime/node': ['runtime/kernel', 'type:dsl/plan', 'type:api'],
  'runtime/container-runtime': ['runtime/kernel', 'runtime/node', 'type:runtime/record', 'type:dsl/plan', 'api'],
  'runtime/registry': ['runtime/container-runtime', 'type:runtime/node', 'runtime/kernel', 'type:dsl/plan', 'api'],
  'runtime/kubelet': [
    'runtime/client',
    'type:runtime/container-runtime',
    'type:runtime/node',
    'runtime/kernel',
    'type:runtime/record',
    'type:dsl/plan',
    'api',
  ],
  'runtime/metrics': ['runtime/client', 'runtime/kernel', 'type:runtime/record', 'api'],
  'runtime/cloud': ['runtime/reconcile', 'runtime/client', 'runtime/kernel', 'type:dsl/plan', 'api'],
  // Upstream's cluster autoscaler is built with the scheduler's own framework.
  'runtime/autoscaler': [
    'runtime/scheduler',
    'type:runtime/cloud',
    'runtime/reconcile',
    'runtime/client',
    'runtime/kernel',
    'api',
  ],
  'runtime/storage': ['runtime/reconcile', 'runtime/client', 'runtime/kernel', 'type:dsl/plan', 'api'],
  'runtime/kube-proxy': ['runtime/client', 'type:runtime/network', 'runtime/kernel', 'type:runtime/record', 'api'],
  'runtime/cluster': [
    ...[
      'kernel',
      'record',
      'etcd',
      'apiserver',
      'network',
      'client',
      'reconcile',
      'scheduler',
      'controllers',
      'node',
      'container-runtime',
      'registry',
      'kubelet',
      'kube-proxy',
      'metrics',
      'autoscaler',
      'cloud',
      'storage',
    ].map((name) => `runtime/${name}`),
    'type:dsl/plan',
    'api',
  ],
  'runtime/faults': ['type:runtime/cluster', 'runtime/kernel', 'api', 'type:dsl/plan'],
  'runtime/expect': [
    'runtime/record',
    'runtime/network',
    'type:runtime/kernel',
    'type:dsl/plan',
    'type:dsl/source',
    'api',
  ],
  'runtime/invariants': ['runtime/record', 'runtime/expect', 'type:runtime/kernel', 'type:dsl/plan', 'api'],
  'runtime/explore': [
    'runtime/runner',
    'runtime/record',
    'runtime/expect',
    'runtime/invariants',
    'type:runtime/cluster',
    'runtime/kernel',
    'type:dsl/plan',
    'type:dsl/source',
    'api',
  ],
  'runtime/runner': [
    'runtime/invariants',
    'runtime/cluster',
    'runtime/faults',
    'runtime/expect',
    'runtime/record',
    'runtime/kernel',
    'runtime/client',
    'type:runtime/metrics',
    'type:dsl/plan',
    'type:dsl/source',
    'api',
  ],
  reporters: [
    'runtime/record',
    'runtime/expect',
    'type:dsl/plan',
    'dsl/source',
    'dsl/diagnostics',
    'api',
    'type:runtime/kernel',
  ],
  integrations: ['reporters', 'runtime', 'dsl', 'api'],
  cli: ['integrations', 'reporters', 'runtime', 'dsl', 'api'],
}
/** One recursion over the syntax tree, spread over small files: these may import each other in a circle. */
const recursive = ['dsl/lower/', 'dsl/yaml/']
/** Folders in which Node's own modules may be imported. */
const outside = ['integrations', 'cli']
/** Packages that one room alone may know. */
const keepers: Readonly<Record<string, readonly string[]>> = {
  peggy: [],
  ajv: ['cli', 'integrations', 'dsl/plan'],
  commander: ['cli'],
  'fast-check': ['runtime/explore', 'integrations'],
  vitest: ['integrations'],
  yaml: ['dsl/yaml', 'reporters', 'cli', 'integrations', 'api/decode'],
  tinyglobby: ['cli', 'integrations'],
}

const roomOf = (path: string): string | undefined =>
  Object.keys(rooms)
    .filter((room) => path === room || path.startsWith(`${room}/`))
    .sort((a, b) => b.length - a.length)[0]

const filesBelow = (folder: string): string[] =>
  readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name)
    return entry.isDirectory()
      ? filesBelow(path)
      : /\.ts$/.test(entry.name) && !/\.d\.ts$/.test(entry.name)
        ? [path]
        : []
  })

interface Import {
  readonly specifier: string
  readonly typeOnly: boolean
  readonly line: number
}
const importsOf = (path: string): Import[] => {
  const source = ts.createSourceFile(path, readFileSync(path, 'utf8'), ts.ScriptTarget.Latest, true)
  const found: Import[] = []
  const add = (node: ts.Node, specifier: ts.Expression | undefined, typeOnly: boolean): void => {
    if (specifier !== undefined && ts.isStringLiteral(specifier)) {
      found.push({
        specifier: specifier.text,
        typeOnly,
        line: source.getLineAndCharacterOfPosition(node.getStart()).line + 1,
      })
    }
  }
  const visit = (node: ts.Node): void => {
    if (ts.isImportDeclaration(node)) {
      const clause = node.importClause
      const named = clause?.namedBindings
      const allTypes =
        clause?.isTypeOnly === true ||
        (clause !== undefined &&
          clause.name === undefined &&
          named !== undefined &&
          ts.isNamedImports(named) &&
          named.elements.length > 0 &&
          named.elements.every((one) => one.isTypeOnly))
      add(node, node.moduleSpecifier, allTypes)
    } else if (ts.isExportDeclaration(node)) add(node, node.moduleSpecifier, node.isTypeOnly)
    else if (ts.isCallExpression(node) && node.expression.kind === ts.SyntaxKind.ImportKeyword)
      add(node, node.arguments[0], false)
    else if (ts.isImportTypeNode(node) && ts.isLiteralTypeNode(node.argument)) add(node, node.argument.literal, true)
    ts.forEachChild(node, visit)
  }
  visit(source)
  return found
}

const allowed = (from: string, to: string, typeOnly: boolean): boolean => {
  const list = rooms[from]!
  const permits = (one: string): boolean => to === one || to.startsWith(`${one}/`)
  return list.some((one) => (one.startsWith('type:') ? typeOnly && permits(one.slice(5)) : permits(one)))
}

/** Value cycles: strongly connected files, found by depth-first search over non-type imports. */
const cycles = (graph: ReadonlyMap<string, readonly string[]>): string[] => {
  const state = new Map<string, 'open' | 'closed'>()
  const found: string[] = []
  const walk = (file: string, trail: readonly string[]): void => {
    if (state.get(file) === 'closed') return
    if (state.get(file) === 'open') {
      const circle = [...trail.slice(trail.indexOf(file)), file]
      if (!circle.every((one) => recursive.some((folder) => one.startsWith(folder)))) found.push(circle.join(' → '))
      return
    }
    state.set(file, 'open')
    for (const next of graph.get(file) ?? []) walk(next, [...trail, file])
    state.set(file, 'closed')
  }
  for (const file of graph.keys()) walk(file, [])
  return found
}

export interface LayerReport {
  readonly modules: number
  readonly violations: readonly string[]
}

export const checkLayers = (root: string): LayerReport => {
  const tops = ['api', 'dsl', 'runtime', 'reporters', 'integrations', 'cli'].map((name) => join(root, name))
  const files = tops
    .filter((top) => statSync(top, { throwIfNoEntry: false })?.isDirectory() === true)
    .flatMap(filesBelow)
  const violations: string[] = []
  const graph = new Map<string, string[]>()
  for (const file of files) {
    const path = relative(root, file)
    const from = roomOf(path)
    const edges: string[] = []
    graph.set(path, edges)
    if (from === undefined) {
      violations.push(`${path}: stands in no room of tools/layers.ts`)
      continue
    }
    for (const { specifier, typeOnly, line } of importsOf(file)) {
      if (specifier.startsWith('.')) {
        const target = relative(root, resolve(dirname(file), specifier))
        const to = roomOf(target)
        if (!typeOnly) edges.push(target)
        if (target.startsWith('test/') || target.startsWith('bench/') || target.startsWith('tools/'))
          violations.push(`${path}:${line} imports ${target}, which is not shipped`)
        else if (from === 'runtime/controllers' && to === from) {
          const folder = (one: string): string => one.split('/')[2] ?? ''
          const registry = path === 'runtime/controllers/registry.ts'
          if (!registry && folder(path) !== folder(target) && target.split('/').length > 3)
            violations.push(`${path}:${line} imports ${target}: controllers' folders never meet`)
        } else if (to !== undefined && to !== from && !allowed(from, to, typeOnly)) {
          const asType = allowed(from, to, true) ? ' (only as `import type`)' : ''
          violations.push(`${path}:${line} imports ${target}: ${from} may not import ${to}${asType}`)
        }
      } else if (isBuiltin(specifier)) {
        if (!outside.some((room) => path.startsWith(`${room}/`)))
          violations.push(`${path}:${line} imports ${specifier}: Node's own modules belong to integrations and cli`)
      } else {
        const name = specifier.startsWith('@') ? specifier.split('/').slice(0, 2).join('/') : specifier.split('/')[0]!
        const keeper = keepers[name]
        if (keeper !== undefined && !keeper.some((room) => path.startsWith(`${room}/`)))
          violations.push(`${path}:${line} imports ${name}: only ${keeper.join(', ') || 'tools'} may know it`)
      }
    }
  }
  violations.push(...cycles(graph).map((cycle) => `import cycle: ${cycle}`))
  return { modules: files.length, violations }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const root = process.argv[2] ?? resolve(dirname(fileURLToPath(import.meta.url)), '..')
  const { modules, violations } = checkLayers(root)
  for (const violation of violations) process.stdout.write(`${violation}\n`)
  process.stdout.write(`layers: ${modules} modules read, ${violations.length} violations\n`)
  process.exit(violations.length > 0 || modules === 0 ? 1 : 0)
}
