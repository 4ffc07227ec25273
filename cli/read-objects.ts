import type { YamlNode } from '../dsl/yaml/node.ts'
import { parseYaml } from '../dsl/yaml/parse-yaml.ts'
import { positionAt } from '../dsl/source/line-map.ts'
import { createSourceHost } from './source-host.ts'
import { UsageError } from './usage-error.ts'

export interface ReadObject {
  readonly path: string
  readonly value: Readonly<Record<string, unknown>>
}

const jsonOf = (node: YamlNode): unknown => {
  if (node.kind === 'scalar') return node.value
  if (node.kind === 'list') return node.items.map(jsonOf)
  return Object.fromEntries(node.entries.map(({ key, value }) => [key, jsonOf(value)]))
}

const isMap = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** The objects of a file, lists of them taken apart: what `kubectl get -o yaml` or `-o json` writes, or manifests. */
export const readObjects = (path: string): readonly ReadObject[] => {
  const source = createSourceHost().read(path, '')
  if ('error' in source) throw new UsageError(`${path} cannot be read: ${source.error}`)
  return objectsIn(path, source.text)
}

const parsed = (path: string, text: string): readonly unknown[] => {
  if (text.startsWith('{')) {
    try {
      return [JSON.parse(text)]
    } catch {
      // Not JSON, or broken: the YAML parser says where.
    }
  }
  const { documents, problems } = parseYaml(text)
  const [problem] = problems
  if (problem !== undefined) {
    const { line, column } = positionAt(text, problem.start)
    throw new UsageError(`${path}:${line}:${column} is not YAML: ${problem.message}`, problem.help)
  }
  return documents.map(jsonOf)
}

/** The same of a text that was read already. */
export const objectsIn = (path: string, text: string): readonly ReadObject[] => {
  const documents = parsed(path, text)
  const found: ReadObject[] = []
  const add = (value: unknown, where: string): void => {
    if (!isMap(value))
      throw new UsageError(`${where} is not a Kubernetes object`, 'an object begins with apiVersion and kind')
    const { kind, apiVersion, items } = value
    if (typeof kind !== 'string' || typeof apiVersion !== 'string')
      throw new UsageError(`${where} has no ${typeof kind === 'string' ? 'apiVersion' : 'kind'}`)
    if (kind.endsWith('List') && Array.isArray(items)) {
      items.forEach((item, index) => add(withType(item, kind, apiVersion), `${where}, item ${index + 1}`))
    } else found.push({ path, value })
  }
  documents.forEach((document, index) => {
    if (document !== null) add(document, documents.length === 1 ? path : `${path}, document ${index + 1}`)
  })
  return found
}

/** Items of a NodeList need not say what they are. */
const withType = (item: unknown, kind: string, apiVersion: string): unknown =>
  isMap(item) && kind !== 'List' ? { apiVersion, kind: kind.slice(0, -4), ...item } : item
