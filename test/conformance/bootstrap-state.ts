import bootstrap from '../../api/schema/data/bootstrap-apiserver.json' with { type: 'json' }
import type { KubeObject } from '../../api/object.ts'
import { builtinScheme } from '../../api/scheme/builtin-scheme.ts'
import { uuidOf } from '../../runtime/apiserver/uids.ts'
import { createStartState, type StartState } from '../../runtime/etcd/start-state.ts'

const bootTime = '2025-12-31T23:00:00Z'

/** The recording names what differs from run to run. */
const dated = (object: KubeObject): KubeObject =>
  JSON.parse(JSON.stringify(object).replaceAll('"<time>"', JSON.stringify(bootTime))) as KubeObject

let start: StartState | undefined

/** The objects of a fresh server. Shared by all sessions. */
export const bootstrapState = (): StartState => {
  start ??= createStartState(
    (bootstrap as readonly { readonly object: KubeObject }[])
      .filter(({ object }) => object.kind !== 'Lease')
      .map(({ object }, index) => ({
        resource: builtinScheme().byKind(`${object.apiVersion}/${object.kind}`)!,
        object: {
          ...dated(object),
          metadata: { ...object.metadata, uid: uuidOf(7, index), creationTimestamp: bootTime },
        },
      })),
  )
  return start
}
