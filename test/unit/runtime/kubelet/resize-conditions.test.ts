import { describe, expect, it } from 'vitest'
import type { Pod } from '../../../../api/types/core-v1.generated.ts'
import { createResizeConditions } from '../../../../runtime/kubelet/resize-conditions.ts'

const why = (
  reason: string,
  message = '',
  generation = 2,
): { reason: string; message: string; generation: number } => ({
  reason,
  message,
  generation,
})

describe('conditions of a resize', () => {
  it('a refusal of any kind is deferred, unless it can never be', () => {
    const conditions = createResizeConditions(() => 't1')
    expect(conditions.setPending('u', why('OutOfcpu', 'no room'))).toBe(true)
    expect(conditions.setPending('u', why('OutOfmemory', 'no memory'))).toBe(false)
    expect(conditions.setPending('u', why('OutOfmemory', 'no memory', 3))).toBe(true)
    expect(conditions.pendingReason('u')).toBe('Deferred')
    expect(conditions.setPending('u', why('Infeasible', 'never', 3))).toBe(true)
    expect(conditions.list('u').map((one) => [one.type, one.reason])).toEqual([['PodResizePending', 'Infeasible']])
  })
  it('the time of a transition stays while the reason does', () => {
    let now = 't1'
    const conditions = createResizeConditions(() => now)
    conditions.setPending('u', why('OutOfcpu'))
    now = 't2'
    conditions.setPending('u', why('OutOfcpu'))
    expect(conditions.list('u')[0]).toMatchObject({ lastTransitionTime: 't1', lastProbeTime: 't2' })
  })
  it('one in progress keeps its generation and its error until it goes', () => {
    const conditions = createResizeConditions(() => 't1')
    expect(conditions.setInProgress('u', why(''))).toEqual({ generation: 2, changed: true })
    expect(conditions.setInProgress('u', why('', '', 3))).toEqual({ generation: 2, changed: false })
    expect(conditions.setInProgress('u', why('Error', 'broken', 3))).toEqual({ generation: 2, changed: true })
    expect(conditions.setInProgress('u', why('', '', 3))).toEqual({ generation: 2, changed: false })
    expect(conditions.list('u')[0]).toMatchObject({ reason: 'Error', message: 'broken', observedGeneration: 2 })
    expect(conditions.clearInProgress('u')).toBe(2)
    expect(conditions.clearInProgress('u')).toBeUndefined()
    expect(conditions.list('u')).toEqual([])
  })
  it('a restarted kubelet has them from the API', () => {
    const pod = {
      metadata: { uid: 'u' },
      status: {
        conditions: [
          { type: 'Ready', status: 'True' },
          { type: 'PodResizeInProgress', status: 'True', observedGeneration: 4 },
          { type: 'PodResizePending', status: 'True', reason: 'Deferred', message: 'm', observedGeneration: 5 },
        ],
      },
    } as unknown as Pod
    const conditions = createResizeConditions(() => 't1')
    conditions.backfill(pod)
    expect(conditions.list('u').map((one) => [one.type, one.observedGeneration])).toEqual([
      ['PodResizePending', 5],
      ['PodResizeInProgress', 4],
    ])
    conditions.forget('u')
    expect(conditions.list('u')).toEqual([])
  })
})
