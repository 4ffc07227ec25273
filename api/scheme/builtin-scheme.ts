import kindsJson from '../schema/data/kinds.json' with { type: 'json' }
import type { Resource } from '../protocol/resource.ts'
import { createScheme, type Scheme } from './scheme.ts'

/** An entry of kinds.json, recorded from discovery and a running server (v1.36.3). */
interface KindEntry {
  readonly group: string
  readonly version: string
  readonly kind: string
  readonly plural: string
  readonly singular: string
  readonly namespaced: boolean
  readonly shortNames?: readonly string[]
  readonly categories?: readonly string[]
  readonly verbs: readonly string[]
  readonly type?: string
  readonly storage?: { readonly prefix: string }
  readonly generation?: boolean
  readonly fieldSelectors?: readonly string[]
  readonly unconditionalUpdate?: boolean
  readonly createOnUpdate?: boolean
  readonly subresources?: readonly { readonly name: string }[]
  readonly custom?: boolean
}

const resourceOf = (entry: KindEntry): Resource => {
  const apiVersion = entry.group === '' ? entry.version : `${entry.group}/${entry.version}`
  return Object.freeze({
    group: entry.group,
    version: entry.version,
    kind: entry.kind,
    plural: entry.plural,
    singular: entry.singular,
    shortNames: entry.shortNames ?? [],
    categories: entry.categories ?? [],
    namespaced: entry.namespaced,
    verbs: entry.verbs,
    type: entry.type,
    etcdPrefix: entry.storage?.prefix ?? `/registry/${entry.plural}`,
    generation: entry.generation ?? false,
    unconditionalUpdate: entry.unconditionalUpdate ?? false,
    createOnUpdate: entry.createOnUpdate ?? false,
    fieldSelectors: entry.fieldSelectors ?? [],
    subresources: (entry.subresources ?? []).map((one) => one.name),
    id: `${apiVersion}/${entry.kind}`,
    apiVersion,
  })
}

let scheme: Scheme | undefined

/** The resources that Kubernetes v1.36.3 serves by default, in discovery order. Built once a process; frozen. */
export const builtinScheme = (): Scheme => {
  scheme ??= createScheme((kindsJson as readonly KindEntry[]).filter((entry) => entry.custom !== true).map(resourceOf))
  return scheme
}
