import kindsJson from '../../../api/schema/data/kinds.json' with { type: 'json' }
import { sha256 } from '../../../api/hash/sha2.ts'
import type { Resource } from '../../../api/protocol/resource.ts'
import type { Scheme } from '../../../api/scheme/scheme.ts'
import { comparePriority } from '../../../api/custom-resources/version-priority.ts'

export interface SubresourceEntry {
  readonly name: string
  readonly group: string
  readonly version: string
  readonly kind: string
  readonly verbs: readonly string[]
}

/** What discovery says of a resource beyond the resource itself. */
export interface CatalogEntry {
  readonly resource: Resource
  readonly storageVersionHash: string | undefined
  readonly subresources: readonly SubresourceEntry[]
}

export interface CatalogVersion {
  readonly version: string
  readonly entries: readonly CatalogEntry[]
}

export interface CatalogGroup {
  readonly group: string
  /** The preferred one first. */
  readonly versions: readonly CatalogVersion[]
}

interface KindEntry {
  readonly group: string
  readonly version: string
  readonly kind: string
  readonly storageVersionHash?: string
  readonly subresources?: readonly SubresourceEntry[]
}

const recorded = new Map(
  (kindsJson as readonly KindEntry[]).map((one) => [
    one.group === '' ? `${one.version}/${one.kind}` : `${one.group}/${one.version}/${one.kind}`,
    one,
  ]),
)

const base64 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/'

/** discovery.StorageVersionHash: the first eight bytes of a SHA-256, in base64. */
export const storageVersionHash = (group: string, version: string, kind: string): string => {
  const digest = BigInt(`0x${sha256(new TextEncoder().encode(`${group}/${version}/${kind}`)).slice(0, 16)}00`)
  let text = ''
  for (let bits = 66n; bits >= 0n; bits -= 6n) text += base64[Number((digest >> bits) & 63n)]
  return `${text.slice(0, 11)}=`
}

const scale = { name: 'scale', group: 'autoscaling', version: 'v1', kind: 'Scale' }
const writes: readonly string[] = Object.freeze(['get', 'patch', 'update'])

/** Nothing new comes into being while the definition is going. */
const terminatingVerbs = Object.freeze(['delete', 'deletecollection', 'get', 'list', 'watch'])

const customEntry = (resource: Resource): CatalogEntry => ({
  resource: resource.custom?.terminating === true ? { ...resource, verbs: terminatingVerbs } : resource,
  storageVersionHash: storageVersionHash(
    resource.group,
    resource.custom?.storageVersion ?? resource.version,
    resource.kind,
  ),
  subresources: resource.subresources.map((name) =>
    name === 'scale'
      ? { ...scale, verbs: writes }
      : { name, group: resource.group, version: resource.version, kind: resource.kind, verbs: writes },
  ),
})

const entryOf = (resource: Resource): CatalogEntry => {
  if (resource.type === undefined) return customEntry(resource)
  const known = recorded.get(resource.id)
  return {
    resource,
    storageVersionHash: known?.storageVersionHash,
    subresources: known?.subresources ?? [],
  }
}

const catalogs = new WeakMap<Scheme, readonly CatalogGroup[]>()

/** Every group that a scheme serves: built-in ones in the order of their API services, custom ones behind, by name. */
export const catalogOf = (scheme: Scheme): readonly CatalogGroup[] => {
  let known = catalogs.get(scheme)
  if (known !== undefined) return known
  const groups = new Map<string, Map<string, CatalogEntry[]>>()
  const custom = new Set<string>()
  for (const resource of scheme.resources) {
    let versions = groups.get(resource.group)
    if (versions === undefined) {
      groups.set(resource.group, (versions = new Map<string, CatalogEntry[]>()))
      if (resource.type === undefined) custom.add(resource.group)
    }
    const entries = versions.get(resource.version) ?? []
    versions.set(resource.version, entries)
    entries.push(entryOf(resource))
  }
  const shape = ([group, versions]: readonly [string, Map<string, CatalogEntry[]>]): CatalogGroup => ({
    group,
    versions: [...versions]
      .map(([version, entries]) => ({ version, entries: entries.sort(byPlural) }))
      .sort((a, b) => comparePriority(b.version, a.version)),
  })
  const all = [...groups]
  known = [
    ...all.filter(([group]) => !custom.has(group)),
    ...all.filter(([group]) => custom.has(group)).sort(([a], [b]) => (a < b ? -1 : 1)),
  ].map(shape)
  catalogs.set(scheme, known)
  return known
}

const byPlural = (a: CatalogEntry, b: CatalogEntry): number =>
  a.resource.plural < b.resource.plural ? -1 : a.resource.plural > b.resource.plural ? 1 : 0
