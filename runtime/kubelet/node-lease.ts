import type { ApiResponse } from '../../api/protocol/response.ts'
import type { Lease } from '../../api/types/coordination-v1.generated.ts'
import type { Context } from './context.ts'
import { millisecond, second, type Micros } from '../kernel/micros.ts'
import type { Task } from './life.ts'

const namespace = 'kube-node-lease'
/** component-helpers/apimachinery/lease: maxUpdateRetries */
const tries = 5
const firstStep: Micros = 200 * millisecond
const lastStep: Micros = 7 * second

export interface NodeLease {
  /** The node is there: so will be its lease, and once made it is renewed every `period`. */
  start(period: Micros): void
}

/**
 * component-helpers/apimachinery/lease/controller.go. Renewals are written only where heartbeats are eager; otherwise whoever reads a lease
 * is told what they would have made of it. Differs: the period is counted from renewal to renewal, not from the end of one, and has no
 * jitter.
 */
export const createNodeLease = (context: Context): NodeLease => {
  const { kernel, life, config, node } = context
  let latest: Lease | undefined
  let busy = false

  const place = () => ({ resource: context.scheme().byKind('coordination.k8s.io/v1/Lease')!, namespace })
  const renewed = (base: Lease | undefined): object => {
    const at = kernel.epoch + kernel.now
    const renewTime = new Date(at / 1000).toISOString().replace('Z', `${String(at % 1000).padStart(3, '0')}Z`)
    const spec = {
      ...base?.spec,
      holderIdentity: node,
      leaseDurationSeconds: config.nodeLeaseDurationSeconds,
      renewTime,
    }
    return base === undefined
      ? { apiVersion: 'coordination.k8s.io/v1', kind: 'Lease', metadata: { name: node, namespace }, spec }
      : { ...base, spec }
  }

  /** retryUpdateLease */
  function* update(): Task<boolean> {
    for (let attempt = 0; attempt < tries && latest !== undefined; attempt += 1) {
      const answer: ApiResponse = yield* context.request({
        verb: 'update',
        ...place(),
        name: node,
        body: renewed(latest),
      })
      if (answer.code === 200) {
        latest = answer.body as Lease
        return true
      }
      if (answer.code === 409) yield* ensure()
      else if (answer.code === 404) latest = undefined
    }
    return false
  }
  /** backoffEnsureLease; true: it was made, and needs no renewal. */
  function* ensure(): Task<boolean> {
    for (let sleep = firstStep; ; sleep = Math.min(sleep * 2, lastStep)) {
      const made = yield* look()
      if (made !== undefined) return made
      yield* life.sleep(sleep, { label: `${context.actor.name} wants its lease` })
    }
  }
  function* look(): Task<boolean | undefined> {
    const got: ApiResponse = yield* context.request({ verb: 'get', ...place(), name: node })
    if (got.code === 200) {
      latest = got.body as Lease
      return false
    }
    latest = undefined
    if (got.code !== 404) return undefined
    const made: ApiResponse = yield* context.request({ verb: 'create', ...place(), body: renewed(undefined) })
    if (made.code !== 201) return undefined
    latest = made.body as Lease
    return true
  }
  function* sync(): Task<void> {
    if (busy) return
    busy = true
    if (!(latest !== undefined && (yield* update())) && !(yield* ensure())) yield* update()
    busy = false
  }

  return {
    start(period) {
      if (!config.eagerHeartbeats) {
        life.spawn(ensure())
        return
      }
      const first = kernel.now
      const tick = (): void => {
        life.spawn(sync())
        const next = first + (Math.floor((kernel.now - first) / period) + 1) * period
        life.at(next, tick, { tag: 'housekeeping', label: `${context.actor.name} renews its lease` })
      }
      tick()
    },
  }
}
