import { describe, expect, it } from 'vitest'
import type { Job } from '../../../../api/types/batch-v1.generated.ts'
import type { Pod } from '../../../../api/types/core-v1.generated.ts'
import { nextBackoff, remainingBackoff } from '../../../../runtime/controllers/job/decide-backoff.ts'
import { decidePodFailure } from '../../../../runtime/controllers/job/decide-pod-failure.ts'
import { decideSuccess } from '../../../../runtime/controllers/job/decide-success.ts'
import { second } from '../../../../runtime/kernel/micros.ts'

const failedAt = (time: string, exitCode = 1): Pod =>
  ({
    metadata: { name: 'p', namespace: 'ns' },
    spec: { containers: [{ name: 'c' }] },
    status: {
      phase: 'Failed',
      containerStatuses: [{ name: 'c', state: { terminated: { exitCode, finishedAt: time } } }],
    },
  }) as unknown as Pod

const job = (spec: object): Job => ({ metadata: { name: 'j' }, spec: { completions: 5, ...spec } }) as unknown as Job

describe('the back-off of a Job', () => {
  it.each([
    [1, 10],
    [2, 20],
    [4, 80],
    [7, 600],
    [30, 600],
  ])('after %i failures waits %i s', (failures, seconds) => {
    expect(remainingBackoff({ failures, lastFailure: 0 }, 0)).toBe(seconds * second)
  })

  it('starts over with a success, and counts the failures after it', () => {
    const [early, late] = [failedAt('2026-01-01T00:00:10Z'), failedAt('2026-01-01T00:00:30Z')]
    const success = failedAt('2026-01-01T00:00:20Z', 0)
    expect(nextBackoff({ failures: 3, lastFailure: 1 }, [success], [])).toEqual({ failures: 0 })
    expect(nextBackoff(undefined, [success], [early, late]).failures).toBe(1)
    expect(nextBackoff({ failures: 3, lastFailure: 1 }, [], [early, late]).failures).toBe(5)
  })
})

describe('a pod failure policy', () => {
  const rules = [
    { action: 'Ignore', onPodConditions: [{ type: 'DisruptionTarget', status: 'True' }] },
    { action: 'FailJob', onExitCodes: { operator: 'In', values: [42] } },
    { action: 'Count', onExitCodes: { operator: 'NotIn', values: [3] } },
  ]
  it.each([
    [42, 'FailJob'],
    [1, 'Count'],
    [3, undefined],
  ])('answers exit code %i with %s', (code, action) => {
    expect(decidePodFailure(job({ podFailurePolicy: { rules } }), failedAt('2026-01-01T00:00:10Z', code)).action).toBe(
      action,
    )
  })
})

describe('a success policy', () => {
  const policy = (rule: object): Job => job({ successPolicy: { rules: [rule] } })
  it.each([
    [{ succeededIndexes: '0-1' }, [{ first: 0, last: 1 }], true],
    [{ succeededIndexes: '0-1' }, [{ first: 1, last: 3 }], false],
    [{ succeededIndexes: '0-3', succeededCount: 2 }, [{ first: 2, last: 4 }], true],
    [{ succeededCount: 3 }, [{ first: 0, last: 1 }], false],
  ])('%o of %o', (rule, succeeded, met) => {
    expect(decideSuccess(policy(rule), succeeded) !== undefined).toBe(met)
  })
})
