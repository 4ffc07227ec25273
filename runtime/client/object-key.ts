import type { Key } from '../../api/kind.ts'

/** The cache key of an object: client-go's MetaNamespaceKeyFunc. */
export const keyOf = (object: { readonly metadata: { readonly namespace?: string; readonly name?: string } }): Key => {
  const { namespace, name = '' } = object.metadata
  return namespace === undefined || namespace === '' ? name : `${namespace}/${name}`
}

export const splitKey = (key: Key): { readonly namespace: string | undefined; readonly name: string } => {
  const slash = key.indexOf('/')
  return slash === -1
    ? { namespace: undefined, name: key }
    : { namespace: key.slice(0, slash), name: key.slice(slash + 1) }
}
