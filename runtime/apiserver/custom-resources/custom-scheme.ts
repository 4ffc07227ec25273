import { compileDefinition } from '../../../api/custom-resources/compile-definition.ts'
import type { Resource } from '../../../api/protocol/resource.ts'
import { createScheme, type Scheme } from '../../../api/scheme/scheme.ts'
import type { CustomResourceDefinition } from '../../../api/types/apiextensions-v1.generated.ts'
import type { Etcd, Row } from '../../etcd/etcd.ts'
import type { OrderedTable } from '../../etcd/ordered-table.ts'

export const definitionKind = 'apiextensions.k8s.io/v1/CustomResourceDefinition'

export interface CustomScheme {
  /** What is served now: the built-in resources, and those of established definitions. */
  current(): Scheme
}

/** A scheme that follows the definitions of a table: made anew when one of them has changed. */
export const createCustomScheme = (
  builtin: Scheme,
  rows: () => OrderedTable<Row>,
  version: () => number,
): CustomScheme => {
  let scheme = builtin
  let seen = -1
  return {
    current() {
      const now = version()
      if (now === seen) return scheme
      seen = now
      const custom: Resource[] = []
      rows().scan('', '', ({ value }) => {
        custom.push(...compileDefinition(value as CustomResourceDefinition).served)
      })
      const known = new Set(scheme.resources)
      const same = custom.length + builtin.resources.length === known.size && custom.every((one) => known.has(one))
      if (!same) scheme = custom.length === 0 ? builtin : createScheme([...builtin.resources, ...custom])
      return scheme
    },
  }
}

/** The version under which a custom resource's objects are stored. */
export const storedCustom = (resource: Resource): Resource =>
  resource.custom === undefined ? resource : compileDefinition(resource.custom.definition).stored

/** What a store's own definitions add to the built-in kinds, served or not: managers are told of what was written, whoever serves it. */
export const withDefinitions = (builtin: Scheme, etcd: Etcd): Scheme => {
  const definitions = builtin.byKind(definitionKind)
  if (definitions === undefined) return builtin
  const find = (kind: string): Resource | undefined => {
    let found: Resource | undefined
    etcd.table(definitions).scan('', '', ({ value }) => {
      found ??= compileDefinition(value as CustomResourceDefinition).all.find((one) => one.id === kind)
    })
    return found
  }
  return { ...builtin, byKind: (kind) => builtin.byKind(kind) ?? find(kind) }
}
