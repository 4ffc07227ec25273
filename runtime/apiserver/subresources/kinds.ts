import type { Resource } from '../../../api/protocol/resource.ts'

/** A kind that a subresource takes and gives, but that is no resource of its own. */
const kindOf = (group: string, version: string, kind: string): Resource => {
  const apiVersion = `${group}/${version}`
  return Object.freeze({
    group,
    version,
    kind,
    plural: kind.toLowerCase(),
    singular: kind.toLowerCase(),
    shortNames: [],
    categories: [],
    namespaced: true,
    verbs: [],
    type: `io.k8s.api.${group.split('.')[0]!}.${version}.${kind}`,
    etcdPrefix: '',
    generation: false,
    unconditionalUpdate: true,
    createOnUpdate: false,
    fieldSelectors: [],
    subresources: [],
    id: `${apiVersion}/${kind}`,
    apiVersion,
  })
}

export const scaleKind: Resource = kindOf('autoscaling', 'v1', 'Scale')
export const evictionKind: Resource = kindOf('policy', 'v1', 'Eviction')
export const tokenRequestKind: Resource = kindOf('authentication.k8s.io', 'v1', 'TokenRequest')

export const subresourceKinds: readonly Resource[] = [scaleKind, evictionKind, tokenRequestKind]
