import type { KubeObject } from '../../api/object.ts'
import type { DeleteOptions, ObjectMeta } from '../../api/types/meta-v1.generated.ts'
import { changeMeta, type MetaChange } from './object-meta.ts'
import type { Strategy } from './registry/strategy.ts'
import { rfc3339Seconds, unixSeconds } from './timestamps.ts'

const orphan = 'orphan'
const foreground = 'foregroundDeletion'

/** What rest.BeforeDelete finds. */
export interface GracefulStep {
  /** Nothing to do: a deletion with as little grace is under way. */
  readonly pending: boolean
  /** The object waits (or is to be marked) for its grace. */
  readonly graceful: boolean
  readonly grace: number
  readonly change: MetaChange
}

const none: GracefulStep = Object.freeze({ pending: false, graceful: false, grace: 0, change: Object.freeze({}) })

/** k8s.io/apiserver/pkg/registry/rest/delete.go, BeforeDelete. `now` in seconds. */
export const gracefulStep = (
  strategy: Strategy,
  object: KubeObject,
  options: DeleteOptions,
  now: number,
): GracefulStep => {
  if (strategy.grace === undefined) return none
  const meta = object.metadata
  const asked =
    options.gracePeriodSeconds !== undefined && options.gracePeriodSeconds < 0 ? 1 : options.gracePeriodSeconds
  if (meta.deletionTimestamp !== undefined) {
    const existing = meta.deletionGracePeriodSeconds
    if (existing === undefined) return none
    if (asked === undefined || asked >= existing) return { ...none, pending: true }
    let period = asked
    let at = unixSeconds(meta.deletionTimestamp) - existing + period
    // A shorter grace whose end has passed already ends now, with a second left for the kubelet.
    if (at < now) {
      at = now
      if (period !== 0) period = 1
    }
    return {
      pending: false,
      graceful: true,
      grace: period,
      change: { deletionTimestamp: rfc3339Seconds(at), deletionGracePeriodSeconds: period },
    }
  }
  const grace = strategy.grace(
    object,
    asked === undefined ? { ...options, gracePeriodSeconds: undefined! } : { ...options, gracePeriodSeconds: asked },
  )
  if (grace === undefined) return none
  return {
    pending: false,
    graceful: true,
    grace,
    change: {
      deletionTimestamp: rfc3339Seconds(now + grace),
      deletionGracePeriodSeconds: grace,
      ...(meta.generation !== undefined && meta.generation > 0 ? { generation: meta.generation + 1 } : {}),
    },
  }
}

const wants = (
  strategy: Strategy,
  meta: ObjectMeta,
  options: DeleteOptions,
  which: 'Orphan' | 'Foreground',
): boolean => {
  if (strategy.unsupportedGarbageCollection === true) return false
  if (options.orphanDependents !== undefined) return which === 'Orphan' && options.orphanDependents
  if (options.propagationPolicy !== undefined) return options.propagationPolicy === which
  const finalizers = meta.finalizers ?? []
  for (const one of finalizers) {
    if (one === orphan) return which === 'Orphan'
    if (one === foreground) return which === 'Foreground'
  }
  return which === 'Orphan' && strategy.orphansByDefault === true
}

/** deletionFinalizersForGarbageCollection: the finalizers that the policy asks for; undefined if they are there already. */
const policyFinalizers = (
  strategy: Strategy,
  meta: ObjectMeta,
  options: DeleteOptions,
): readonly string[] | undefined => {
  const old = meta.finalizers ?? []
  const next = old.filter((one) => one !== orphan && one !== foreground)
  if (wants(strategy, meta, options, 'Orphan')) next.push(orphan)
  if (wants(strategy, meta, options, 'Foreground')) next.push(foreground)
  const same = next.length === old.length && next.every((one) => old.includes(one))
  return same ? undefined : next
}

export interface DeletionMarks {
  readonly object: KubeObject
  /** The object goes right after this write. */
  readonly deleteNow: boolean
}

/**
 * The write that a delete makes before, or in place of, removing the key (Store.updateForGracefulDeletionAndFinalizers);
 * undefined: none is needed. A terminating object whose finalizers hold it answers with `deleteNow` false.
 */
export const marksFor = (
  strategy: Strategy,
  object: KubeObject,
  step: GracefulStep,
  ...[options, timestamp]: readonly [DeleteOptions, string]
): DeletionMarks | undefined => {
  const meta = object.metadata
  const finalizers = policyFinalizers(strategy, meta, options)
  const left = (finalizers ?? meta.finalizers ?? []).length
  if (!step.graceful && left === 0 && finalizers === undefined) return undefined
  const change: MetaChange = {
    ...step.change,
    ...(finalizers === undefined ? {} : { finalizers: finalizers.length === 0 ? undefined : finalizers }),
  }
  if (step.graceful)
    return { object: { ...object, metadata: changeMeta(meta, change) }, deleteNow: left === 0 && step.grace === 0 }
  if (left === 0) return undefined
  // markAsDeleting: kinds without graceful deletion wait for their finalizers with no grace.
  const begins = meta.deletionTimestamp === undefined
  const marked = changeMeta(meta, {
    ...change,
    deletionTimestamp: meta.deletionTimestamp ?? timestamp,
    deletionGracePeriodSeconds: 0,
    ...(begins && meta.generation !== undefined && meta.generation > 0 ? { generation: meta.generation + 1 } : {}),
  })
  return { object: { ...object, metadata: marked }, deleteNow: false }
}
