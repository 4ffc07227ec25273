import type { ApiRequest } from '../../api/protocol/request.ts'
import type { Node, Taint } from '../../api/types/core-v1.generated.ts'
import type { Io } from './controller.ts'

export interface TaintKey {
  readonly key: string
  readonly effect: string
}

/** Taint.MatchTaint: by key and effect. */
export const sameTaint = (a: TaintKey, b: TaintKey): boolean => a.key === b.key && a.effect === b.effect

export const hasTaint = (node: Node, taint: TaintKey): boolean =>
  (node.spec?.taints ?? []).some((one) => sameTaint(one, taint))

/** controller_utils.go: UpdateTaintBackoff has five steps. */
const steps = 5

/**
 * AddOrUpdateTaintOnNode, RemoveTaintOffNode: a live read and a patch with its version, over again on conflict. Returns the error.
 */
export function* patchTaints(
  io: Io,
  name: string,
  change: (taints: readonly Taint[]) => readonly Taint[],
): Generator<ApiRequest, string | undefined, unknown> {
  for (let step = 1; ; step += 1) {
    const live = yield* io.live.get('v1/Node', name)
    if (!live.ok) return live.message
    const before = (live.object as Node).spec?.taints ?? []
    const after = change(before)
    if (after === before) return undefined
    const { resourceVersion } = live.object.metadata
    const patch = { metadata: { resourceVersion }, spec: { taints: after.length === 0 ? null : after } }
    const answer = yield* io.write.patch(live.object, patch)
    if (answer.ok) return undefined
    if (answer.reason !== 'Conflict' || step >= steps) return answer.message
  }
}

export const addTaints =
  (added: readonly Taint[]) =>
  (taints: readonly Taint[]): readonly Taint[] => {
    const fresh = added.filter((one) => !taints.some((taint) => sameTaint(taint, one) && taint.value === one.value))
    if (fresh.length === 0) return taints
    return [...fresh, ...taints.filter((taint) => !fresh.some((one) => sameTaint(one, taint)))]
  }

export const removeTaints =
  (removed: readonly TaintKey[]) =>
  (taints: readonly Taint[]): readonly Taint[] => {
    const rest = taints.filter((taint) => !removed.some((one) => sameTaint(one, taint)))
    return rest.length === taints.length ? taints : rest
  }

/** SwapNodeControllerTaint: adds with the time, then removes. Whether it worked. */
export function* swapTaints(
  io: Io,
  node: Node,
  add: readonly TaintKey[],
  remove: readonly TaintKey[],
): Generator<ApiRequest, boolean, unknown> {
  const name = node.metadata.name ?? ''
  const timeAdded = io.timestamp()
  if (add.length > 0) {
    const error = yield* patchTaints(
      io,
      name,
      addTaints(add.map(({ key, effect }) => ({ key, effect, timeAdded }) as Taint)),
    )
    if (error !== undefined) return false
  }
  if (!remove.some((one) => hasTaint(node, one))) return true
  return (yield* patchTaints(io, name, removeTaints(remove))) === undefined
}
