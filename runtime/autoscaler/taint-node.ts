import type { ApiRequest } from '../../api/protocol/request.ts'
import type { Node, Taint } from '../../api/types/core-v1.generated.ts'
import { second, type Micros } from '../kernel/micros.ts'
import { sleeping } from '../reconcile/forked-request.ts'
import type { Io } from '../reconcile/controller.ts'

type Steps<R> = Generator<ApiRequest, R, unknown>

// utils/taints/taints.go: an update of the cached node; after a conflict one of the newest, for 5 s
const conflictRetry: Micros = 750_000
const retryDeadline: Micros = 5 * second

function* changeTaints(
  io: Io,
  node: Node,
  change: (taints: readonly Taint[]) => readonly Taint[] | undefined,
): Steps<string | undefined> {
  const until = io.now() + retryDeadline
  let fresh = node
  let live = false
  for (;;) {
    if (live) {
      const answer = yield* io.live.get('v1/Node', node.metadata.name ?? '')
      if (!answer.ok) return `failed to get node ${node.metadata.name ?? ''}: ${answer.message}`
      fresh = answer.object as unknown as Node
    }
    const taints = change(fresh.spec?.taints ?? [])
    if (taints === undefined) {
      if (live) return undefined
      live = true
      continue
    }
    const { taints: _, ...spec } = fresh.spec ?? {}
    const next = { ...fresh, spec: { ...spec, ...(taints.length === 0 ? {} : { taints }) } }
    const answer = yield* io.write.update(next)
    if (answer.ok) return undefined
    if (answer.reason !== 'Conflict' || io.now() >= until) return answer.message
    live = true
    yield* sleeping(conflictRetry)
  }
}

/** MarkToBeDeleted, MarkDeletionCandidate: the taint's value is the time. Returns the error. */
export function* markNode(
  io: Io,
  node: Node,
  key: string,
  effect: 'NoSchedule' | 'PreferNoSchedule',
): Steps<string | undefined> {
  const value = String(Math.floor(io.wall() / second))
  return yield* changeTaints(io, node, (taints) =>
    taints.some((one) => one.key === key) ? undefined : [...taints, { key, value, effect }],
  )
}

/** CleanToBeDeleted, CleanDeletionCandidate */
export function* unmarkNode(io: Io, node: Node, key: string): Steps<string | undefined> {
  return yield* changeTaints(io, node, (taints) =>
    taints.some((one) => one.key === key) ? taints.filter((one) => one.key !== key) : undefined,
  )
}
