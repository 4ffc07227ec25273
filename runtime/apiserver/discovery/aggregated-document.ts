import { sha512 } from '../../../api/hash/sha2.ts'
import type { CatalogEntry, CatalogGroup } from './catalog.ts'

// apidiscovery.k8s.io/v2: every group, version and resource in one document (k8s.io/apiserver/pkg/endpoints/discovery/aggregated).

interface Named {
  readonly group: string
  readonly version: string
  readonly kind: string
}

/** The group and version of a kind are told only where they are not those of the document around it. */
const responseKind = (one: Named, around: { readonly group: string; readonly version: string }): object =>
  one.group === around.group && one.version === around.version
    ? { group: '', version: '', kind: one.kind }
    : { group: one.group, version: one.version, kind: one.kind }

const resourceBody = ({ resource, subresources }: CatalogEntry): object => ({
  resource: resource.plural,
  responseKind: responseKind(resource, resource),
  scope: resource.namespaced ? 'Namespaced' : 'Cluster',
  singularResource: resource.singular,
  verbs: resource.verbs,
  ...(resource.shortNames.length === 0 ? {} : { shortNames: resource.shortNames }),
  ...(resource.categories.length === 0 ? {} : { categories: resource.categories }),
  ...(subresources.length === 0
    ? {}
    : {
        subresources: subresources.map((one) => ({
          subresource: one.name,
          responseKind: responseKind(one, resource),
          verbs: one.verbs,
        })),
      }),
})

const groupBody = ({ group, versions }: CatalogGroup): object => ({
  metadata: group === '' ? {} : { name: group },
  versions: versions.map(({ version, entries }) => ({
    version,
    resources: entries.map(resourceBody),
    freshness: 'Current',
  })),
})

export interface AggregatedDocument {
  readonly body: object
  readonly etag: string
}

const made = new WeakMap<readonly CatalogGroup[], Map<string, AggregatedDocument>>()

/** The document of `/api` (the core group) or of `/apis` (all others), with its entity tag. */
export const aggregatedDocument = (groups: readonly CatalogGroup[], root: 'api' | 'apis'): AggregatedDocument => {
  let known = made.get(groups)
  if (known === undefined) made.set(groups, (known = new Map<string, AggregatedDocument>()))
  let document = known.get(root)
  if (document === undefined) {
    const items = groups.filter(({ group }) => (group === '') === (root === 'api')).map(groupBody)
    const body = { kind: 'APIGroupDiscoveryList', apiVersion: 'apidiscovery.k8s.io/v2', metadata: {}, items }
    // calculateETag hashes the list before it has a kind.
    const etag = sha512(new TextEncoder().encode(JSON.stringify({ metadata: {}, items }))).toUpperCase()
    document = { body, etag: `"${etag}"` }
    known.set(root, document)
  }
  return document
}
