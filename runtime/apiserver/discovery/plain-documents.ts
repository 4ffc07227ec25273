import type { CatalogEntry, CatalogGroup, CatalogVersion } from './catalog.ts'

// Discovery as it was before it was aggregated: one document a group and one a group version (k8s.io/apiserver/pkg/endpoints/discovery).

const groupVersion = (group: string, version: string): string => (group === '' ? version : `${group}/${version}`)

const groupBody = ({ group, versions }: CatalogGroup): object => {
  const all = versions.map(({ version }) => ({ groupVersion: groupVersion(group, version), version }))
  return { name: group, versions: all, preferredVersion: all[0] }
}

export const apiVersions = (address: string): object => ({
  kind: 'APIVersions',
  versions: ['v1'],
  serverAddressByClientCIDRs: [{ clientCIDR: '0.0.0.0/0', serverAddress: address }],
})

export const apiGroupList = (groups: readonly CatalogGroup[]): object => ({
  kind: 'APIGroupList',
  apiVersion: 'v1',
  groups: groups.filter(({ group }) => group !== '').map(groupBody),
})

export const apiGroup = (group: CatalogGroup): object => ({
  kind: 'APIGroup',
  apiVersion: 'v1',
  ...groupBody(group),
})

const resourceBodies = ({ resource, storageVersionHash, subresources }: CatalogEntry): readonly object[] => [
  {
    name: resource.plural,
    singularName: resource.singular,
    namespaced: resource.namespaced,
    kind: resource.kind,
    verbs: resource.verbs,
    ...(resource.shortNames.length === 0 ? {} : { shortNames: resource.shortNames }),
    ...(resource.categories.length === 0 ? {} : { categories: resource.categories }),
    ...(storageVersionHash === undefined ? {} : { storageVersionHash }),
  },
  ...subresources.map((one) => ({
    name: `${resource.plural}/${one.name}`,
    singularName: '',
    namespaced: resource.namespaced,
    ...(one.group === resource.group && one.version === resource.version
      ? {}
      : { group: one.group, version: one.version }),
    kind: one.kind,
    verbs: one.verbs,
  })),
]

export const apiResourceList = (group: string, { version, entries }: CatalogVersion): object => ({
  kind: 'APIResourceList',
  // The core group's list has no apiVersion: it is written by an older encoder.
  ...(group === '' ? {} : { apiVersion: 'v1' }),
  groupVersion: groupVersion(group, version),
  resources: entries.flatMap(resourceBodies),
})
