import { describe, expect, it } from 'vitest'
import type { KubeObject } from '../../../../../api/object.ts'
import type { Pod } from '../../../../../api/types/core-v1.generated.ts'
import type { ResourceClaim } from '../../../../../api/types/resource-v1.generated.ts'
import type { PreBindStep, StepAnswer } from '../../../../../runtime/scheduler/framework.ts'
import { bindClaim } from '../../../../../runtime/scheduler/plugins/devices/bind-claim.ts'
import { podInfo } from '../../../../../runtime/scheduler/pod-info.ts'
import { aPod } from '../fake-api.ts'

const pod = podInfo(aPod('web', '1') as Pod)
const devices = [{ request: 'gpu', driver: 'd', pool: 'p', device: 'gpu-0' }]
const claimOf = (more: object, status: object = {}): ResourceClaim =>
  ({
    apiVersion: 'resource.k8s.io/v1',
    kind: 'ResourceClaim',
    metadata: { name: 'c', namespace: 'default', ...more },
    spec: {},
    status,
  }) as unknown as ResourceClaim

const ok = (object: KubeObject): StepAnswer => ({ ok: true, object })
const refused = (code: number, message: string): StepAnswer => ({ ok: false, code, reason: '', message })

/** What was asked for, and how it ended, with these answers in turn; then every write succeeds. */
const run = (
  claim: ResourceClaim,
  given: typeof devices | undefined,
  ...answers: readonly StepAnswer[]
): { readonly asked: readonly string[]; readonly last: KubeObject | undefined; readonly end: string | undefined } => {
  const steps = bindClaim(claim, { pod, node: 'a', devices: given, timestamp: () => '2026-01-01T00:00:00Z' })
  const left = [...answers]
  const asked: string[] = []
  let last: KubeObject | undefined
  let step = steps.next()
  while (step.done !== true) {
    const want: PreBindStep = step.value
    asked.push(want.kind === 'write' ? want.verb : want.kind)
    if (want.kind === 'write') last = want.object
    step = steps.next(
      want.kind === 'wait' ? undefined : (left.shift() ?? ok(want.kind === 'write' ? want.object : claim)),
    )
  }
  return { asked, last, end: step.value }
}

describe('bindClaim', () => {
  it('sets the finalizer, then devices, node and pod', () => {
    const { asked, last, end } = run(claimOf({}), devices)
    expect([asked, end]).toEqual([['update', 'updateStatus'], undefined])
    expect(last).toMatchObject({
      metadata: { finalizers: ['resource.kubernetes.io/delete-protection'] },
      status: {
        allocation: {
          devices: { results: devices },
          nodeSelector: {
            nodeSelectorTerms: [{ matchFields: [{ key: 'metadata.name', operator: 'In', values: ['a'] }] }],
          },
          allocationTimestamp: '2026-01-01T00:00:00Z',
        },
        reservedFor: [{ resource: 'pods', name: 'web', uid: 'uid-web' }],
      },
    })
  })

  it('adds the pod to a claim that has its devices', () => {
    const reservedFor = [{ resource: 'pods', name: 'x', uid: 'x' }]
    const { asked, last } = run(claimOf({}, { allocation: { devices: { results: devices } }, reservedFor }), undefined)
    expect(asked).toEqual(['updateStatus'])
    expect(last).toMatchObject({ status: { reservedFor: [{ name: 'x' }, { name: 'web' }] } })
  })

  it('reads anew after a conflict, and gives up after five', () => {
    const held = claimOf({ finalizers: ['resource.kubernetes.io/delete-protection'] })
    const clash = refused(409, 'the object has been modified')
    expect(run(held, devices, clash, ok(held))).toMatchObject({
      asked: ['updateStatus', 'wait', 'read', 'updateStatus'],
      end: undefined,
    })
    const often = run(held, devices, clash, ok(held), clash, ok(held), clash, ok(held), clash, ok(held), clash)
    expect(often.asked.filter((one) => one === 'updateStatus')).toHaveLength(5)
    expect(often.end).toBe('add allocation and reservation to claim default/c: the object has been modified')
  })

  const held = claimOf({ finalizers: ['resource.kubernetes.io/delete-protection'] })
  it.each<readonly [string, ResourceClaim, readonly StepAnswer[], string]>([
    ['it goes', claimOf({ deletionTimestamp: '2026-01-01T00:00:00Z' }), [], 'claim default/c got deleted in the meantime'],
    ['another was faster', claimOf({}, { allocation: {} }), [], 'claim default/c got allocated elsewhere in the meantime'],
    ['the finalizer is refused', claimOf({}), [refused(403, 'no')], 'add finalizer to claim default/c: no'],
    ['the status is refused', held, [refused(422, 'too many')], 'add allocation and reservation to claim default/c: too many'],
    ['it is gone after a conflict', held, [refused(409, 'x'), refused(404, 'not found')], 'get updated claim default/c after conflict: not found'],
  ])('says why not when %s', (_what, claim, answers, message) => {
    expect(run(claim, devices, ...answers).end).toBe(message)
  }) // prettier-ignore

  it('says so when a claim lost its devices', () => {
    expect(run(claimOf({}), undefined).end).toBe('claim default/c got deallocated elsewhere in the meantime')
  })
})
