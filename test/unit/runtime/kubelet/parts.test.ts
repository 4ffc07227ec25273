import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { applyStrategicMergePatch } from '../../../../api/patch/strategic-merge-patch.ts'
import type { Pod, PodStatus } from '../../../../api/types/core-v1.generated.ts'
import { minute, second } from '../../../../runtime/kernel/micros.ts'
import { createBackoff } from '../../../../runtime/kubelet/backoff.ts'
import { expand } from '../../../../runtime/kubelet/expand-variables.ts'
import { goDuration, parseGoDuration } from '../../../../runtime/kubelet/go-duration.ts'
import { withDefaultTag } from '../../../../runtime/kubelet/image-name.ts'
import { podPhase } from '../../../../runtime/kubelet/pod-phase.ts'
import { podsToPreempt } from '../../../../runtime/kubelet/preemption.ts'
import { statusPatch } from '../../../../runtime/kubelet/status-patch.ts'
import { podNamed } from './bench.ts'

describe('parts of the kubelet', () => {
  it.each([
    [0, '0s'],
    [10 * second, '10s'],
    [80 * second, '1m20s'],
    [5 * minute, '5m0s'],
    [1_500, '1.5ms'],
    [12_200_000, '12.2s'],
  ])('prints %d as Go does', (micros, text) => {
    expect(goDuration(micros)).toBe(text)
    if (micros >= 1000) expect(parseGoDuration(text)).toBe(micros)
  })
  it('refuses what is no duration', () =>
    expect(['', '1', 's', '1 s'].map(parseGoDuration)).toEqual([undefined, undefined, undefined, undefined]))

  it.each([
    ['app', { image: 'app:latest' }],
    ['app:1', { image: 'app:1' }],
    ['localhost:5000/a/b', { image: 'localhost:5000/a/b:latest' }],
    [
      'APP::1',
      {
        error:
          'couldn\'t parse image name "APP::1": invalid reference format: repository name (library/APP) must be lowercase',
      },
    ],
    ['a b', { error: 'couldn\'t parse image name "a b": invalid reference format' }],
    [`x@sha256:${'a'.repeat(64)}`, { image: `x@sha256:${'a'.repeat(64)}` }],
  ])('reads the image name %s', (name, expected) => expect(withDefaultTag(name)).toEqual(expected))

  it('expands variables', () => {
    const values: Record<string, string> = { A: 'one' }
    expect(expand('$(A) $$(A) $(B) $A $(', (name) => values[name])).toBe('one $(A) $(B) $A $(')
  })

  it('backs off from the end of the last run, doubles and forgets', () => {
    let now = 0
    const backoff = createBackoff({ initial: 10 * second, max: 5 * minute, now: () => now, collectedAt: () => now })
    expect(backoff.inBackoffSince('x', 0)).toBe(false)
    const delays: number[] = []
    for (let run = 0; run < 7; run += 1) {
      backoff.next('x', now)
      delays.push(backoff.get('x') / second)
      now += 60 * second
    }
    expect(delays).toEqual([10, 20, 40, 80, 160, 300, 300])
    expect(backoff.inBackoffSince('x', now - 299 * second)).toBe(true)
    expect(backoff.inBackoffSince('x', now - 300 * second)).toBe(false)
    now += 601 * second
    expect(backoff.get('x')).toBe(0)
  })

  it.each([
    [{ waiting: {} }, 'Always', false, 'Pending'],
    [{ running: {} }, 'Always', false, 'Running'],
    [{ terminated: { exitCode: 0 } }, 'Always', false, 'Running'],
    [{ terminated: { exitCode: 0 } }, 'OnFailure', false, 'Succeeded'],
    [{ terminated: { exitCode: 1 } }, 'OnFailure', false, 'Running'],
    [{ terminated: { exitCode: 1 } }, 'Never', false, 'Failed'],
    [{ terminated: { exitCode: 0 } }, 'Always', true, 'Succeeded'],
    [{ terminated: { exitCode: 143 } }, 'Always', true, 'Failed'],
  ])('gives %j under %s the phase it has (at its end: %s)', (state, restartPolicy, terminal, phase) => {
    const pod = podNamed('a', { spec: { restartPolicy } })
    const statuses = [{ name: 'app', ready: false, restartCount: 0, image: '', imageID: '', state }]
    expect(podPhase(pod, { statuses, terminal, initialized: true })).toBe(phase)
  })

  it('makes patches that turn one status into the other', () => {
    const condition = fc.record({
      type: fc.constantFrom('Ready', 'Initialized', 'PodScheduled', 'Mine'),
      status: fc.constantFrom('True', 'False'),
      reason: fc.option(fc.constantFrom('A', 'B'), { nil: undefined }),
    })
    const status = fc.record({
      phase: fc.constantFrom('Pending', 'Running'),
      message: fc.option(fc.constant('why'), { nil: undefined }),
      conditions: fc.uniqueArray(condition, { selector: (one) => one.type }),
      podIPs: fc.option(
        fc.uniqueArray(fc.record({ ip: fc.constantFrom('1', '2', '3') }), { selector: (one) => one.ip, minLength: 1 }),
        { nil: undefined },
      ),
    })
    const clean = (value: unknown): unknown => JSON.parse(JSON.stringify(value))
    fc.assert(
      fc.property(status, status, (a, b) => {
        const before = clean(a) as PodStatus
        const now = clean(b) as PodStatus
        const patch = statusPatch(before, now)
        if (patch === undefined) {
          expect(before).toEqual(now)
          return
        }
        const patched = applyStrategicMergePatch('io.k8s.api.core.v1.Pod', { status: before }, { status: patch })
        if (!('document' in patched)) throw new Error(patched.error)
        expect(clean(patched.document.status)).toEqual(now)
      }),
    )
  })

  it('preempts as little as makes room, the least protected first', () => {
    const cpu = (name: string, amount: string, guaranteed = false): Pod =>
      podNamed(name, {
        container: {
          resources: {
            requests: { cpu: amount, memory: '1Gi' },
            ...(guaranteed ? { limits: { cpu: amount, memory: '1Gi' } } : {}),
          },
        },
      })
    const pods = [cpu('small', '1'), cpu('large', '3'), cpu('protected', '3', true)]
    const names = (list: readonly Pod[] | undefined): readonly string[] | undefined =>
      list?.map((pod) => pod.metadata.name)
    expect(names(podsToPreempt(pods, [{ resource: 'cpu', insufficient: 2000 }]))).toEqual(['large'])
    expect(names(podsToPreempt(pods, [{ resource: 'cpu', insufficient: 6000 }]))).toEqual(['large', 'protected'])
    expect(podsToPreempt(pods, [{ resource: 'cpu', insufficient: 9000 }])).toBeUndefined()
  })
})
