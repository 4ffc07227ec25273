import { resourceName } from '../../api/object-key.ts'
import type { Resource } from '../../api/protocol/resource.ts'
import { builtinScheme } from '../../api/scheme/builtin-scheme.ts'
import type { Scheme } from '../../api/scheme/scheme.ts'
import type { Field } from './field-types.ts'

/** The kinds that a scenario can name: those of Kubernetes and those of its CustomResourceDefinitions. */
export interface Kinds {
  byName(name: string): Resource | undefined
  byKind(apiVersion: string, kind: string): Resource | undefined
  /** Versions that serve a kind, for advice. */
  apiVersionsOf(kind: string): readonly string[]
  kindNames(): readonly string[]
  byResourceName(name: string): Resource | undefined
  /** The schema of a whole object; undefined: nothing is known about it. */
  schemaOf(resource: Resource): Field | undefined
  add(custom: CustomKind): void
  /** Words for the kinds, for advice. */
  words(): Iterable<string>
}

export interface CustomKind {
  readonly resource: Resource
  readonly schema: Field | undefined
}

let builtinByResourceName: ReadonlyMap<string, Resource> | undefined
const builtinNames = (): ReadonlyMap<string, Resource> => {
  if (builtinByResourceName === undefined) {
    const names = new Map<string, Resource>()
    for (const one of builtinScheme().resources) if (!names.has(resourceName(one))) names.set(resourceName(one), one)
    builtinByResourceName = names
  }
  return builtinByResourceName
}

export const createKinds = (): Kinds => {
  let scheme: Scheme = builtinScheme()
  const schemas = new Map<string, Field>()
  const custom = new Map<string, Resource>()
  return {
    byName: (name) => scheme.byName(name),
    byKind: (apiVersion, kind) => scheme.byKind(`${apiVersion}/${kind}`),
    apiVersionsOf: (kind) => scheme.resources.filter((one) => one.kind === kind).map((one) => one.apiVersion),
    kindNames: () => [...new Set(scheme.resources.map((one) => one.kind))],
    byResourceName: (name) => custom.get(name) ?? builtinNames().get(name),
    schemaOf(resource) {
      if (resource.type !== undefined) return { ref: resource.type }
      return schemas.get(resource.id)
    },
    add({ resource, schema }) {
      if (scheme.byKind(resource.id) !== undefined && custom.get(resourceName(resource)) === undefined) return
      scheme = scheme.with(resource)
      custom.set(resourceName(resource), resource)
      if (schema !== undefined) schemas.set(resource.id, schema)
    },
    *words() {
      for (const one of scheme.resources) {
        yield one.plural
        yield one.singular
        yield* one.shortNames
      }
    },
  }
}
