import type { KubeObject } from '../../../../api/object.ts'
import type { Kind } from '../../../../api/kind.ts'
import type { ServerContext } from '../../server-context.ts'

/** Objects of a kind in order of their names, each with what was made of it: made again only where the object changed. */
export const compiledObjects = <A>(
  kind: Kind,
  compile: (object: KubeObject) => A,
): ((context: ServerContext) => readonly A[]) => {
  const made = new WeakMap<KubeObject, A>()
  const current = new WeakMap<ServerContext, { changes: number; list: readonly A[] }>()
  return (context) => {
    const resource = context.scheme().byKind(kind)
    if (resource === undefined) return []
    const { changes } = context.cache(resource)
    const known = current.get(context)
    if (known?.changes === changes) return known.list
    const list = context.lookupAll(kind).map((object) => {
      let one = made.get(object)
      if (one === undefined) made.set(object, (one = compile(object)))
      return one
    })
    current.set(context, { changes, list })
    return list
  }
}
