import type { Node, Pod } from '../../api/types/core-v1.generated.ts'
import type { Change, Ledger } from './invariant.ts'

/** The pod and the node of a change that binds the one to the other through the API; undefined for any other change. */
export const bindingOf = (
  { object, before }: Change,
  ledger: Ledger,
): { readonly pod: Pod; readonly node: Node } | undefined => {
  const pod = object as Pod | undefined
  const was = before as Pod | undefined
  if (pod === undefined || was === undefined || was.metadata.uid !== pod.metadata.uid) return undefined
  const name = pod.spec.nodeName ?? ''
  if (name === '' || (was.spec.nodeName ?? '') !== '') return undefined
  const node = ledger.state.get('nodes', undefined, name) as Node | undefined
  return node === undefined ? undefined : { pod, node }
}
