import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { deepFreeze } from '../../../../api/json/deep-freeze.ts'
import { isPodActive, isPodAvailable } from '../../../../api/pods/container-status.ts'
import { podLimitUnits, podRequestUnits, podTakenUnits } from '../../../../api/pods/pod-resources.ts'
import { podPhase } from '../../../../api/pods/phase.ts'
import { computePodQos } from '../../../../api/pods/qos.ts'
import { scaleDownOrder } from '../../../../api/pods/scale-down-order.ts'
import { findUntoleratedTaint } from '../../../../api/pods/toleration.ts'
import type { Container, Pod } from '../../../../api/types/core-v1.generated.ts'

const pod = (spec: object, over: object = {}): Pod =>
  ({ apiVersion: 'v1', kind: 'Pod', metadata: { name: 'p' }, spec, status: {}, ...over }) as unknown as Pod

const container = (name: string, cpu: number, sidecar = false): Container => ({
  name,
  resources: { requests: { cpu: `${cpu}m` } },
  ...(sidecar ? { restartPolicy: 'Always' } : {}),
})

describe('effective requests', () => {
  it('are the larger of running and initialising', () => {
    const cpus = fc.array(fc.nat(500), { minLength: 1, maxLength: 3 })
    fc.assert(
      fc.property(cpus, fc.array(fc.tuple(fc.nat(500), fc.boolean()), { maxLength: 4 }), (regular, initial) => {
        const spec = {
          containers: regular.map((cpu, i) => container(`c${i}`, cpu)),
          initContainers: initial.map(([cpu, sidecar], i) => container(`i${i}`, cpu, sidecar)),
        }
        let sidecars = 0
        let peak = 0
        for (const [cpu, sidecar] of initial) {
          if (sidecar) sidecars += cpu
          peak = Math.max(peak, sidecars + (sidecar ? 0 : cpu))
        }
        const running = regular.reduce((sum, cpu) => sum + cpu, 0) + sidecars
        expect(podRequestUnits(pod(spec)).get('cpu')).toBe(Math.max(running, peak))
      }),
    )
  })

  it('are remembered by spec, and follow a resize in the status', () => {
    const one = deepFreeze(pod({ containers: [container('c', 100)], overhead: { cpu: '5m' } }))
    expect(podRequestUnits(one)).toBe(podRequestUnits({ ...one }))
    expect(podTakenUnits(one).get('cpu')).toBe(105)
    const status = { containerStatuses: [{ name: 'c', resources: { requests: { cpu: '300m' } } }] }
    expect(podTakenUnits({ ...one, status } as never).get('cpu')).toBe(305)
    expect(podLimitUnits(one).size).toBe(0)
  })
})

it('QoS follows limits and requests', () => {
  const spec = (requests: object, limits: object) =>
    ({ containers: [{ name: 'c', resources: { requests, limits } }] }) as never
  const all = { cpu: '1', memory: '1Gi' }
  expect(computePodQos(spec(all, all))).toBe('Guaranteed')
  expect(computePodQos(spec(all, { cpu: '1000m', memory: '1024Mi' }))).toBe('Guaranteed')
  expect(computePodQos(spec(all, { ...all, cpu: '2' }))).toBe('Burstable')
  expect(computePodQos(spec({ 'example.com/gpu': '1' }, {}))).toBe('BestEffort')
})

it('activity and availability', () => {
  const ready = (since: string) =>
    pod({}, { status: { conditions: [{ type: 'Ready', status: 'True', lastTransitionTime: since }] } })
  const now = Date.parse('2026-01-01T00:01:00Z')
  expect(isPodAvailable(ready('2026-01-01T00:00:50Z'), 10, now)).toBe(true)
  expect(isPodAvailable(ready('2026-01-01T00:00:51Z'), 10, now)).toBe(false)
  expect(isPodAvailable(pod({}), 0, now)).toBe(false)
  expect(isPodActive(pod({}, { status: { phase: 'Failed' } }))).toBe(false)
  expect(isPodActive(pod({}))).toBe(true)
})

it('a pod that will not run again ends by its exit codes', () => {
  const ended = (exitCode: number) => [{ name: 'c', state: { terminated: { exitCode } } }] as never
  const facts = { podIsTerminal: true, podHasInitialized: true }
  const one = pod({ containers: [{ name: 'c' }], restartPolicy: 'Always' })
  expect(podPhase(one, ended(0), facts)).toBe('Succeeded')
  expect(podPhase(one, ended(1), facts)).toBe('Failed')
  expect(podPhase(one, ended(1), { ...facts, podIsTerminal: false })).toBe('Running')
})

it('scale-down takes what is worth least first', () => {
  const named = (name: string, over: object): Pod => pod({ nodeName: 'n' }, { metadata: { name, uid: name }, ...over })
  const pods = [
    named('running', { status: { phase: 'Running' } }),
    named('pending', { status: { phase: 'Pending' } }),
    pod({}, { metadata: { name: 'unassigned' }, status: { phase: 'Pending' } }),
    named('cheap', {
      metadata: { name: 'cheap', annotations: { 'controller.kubernetes.io/pod-deletion-cost': '-5' } },
      status: { phase: 'Running' },
    }),
  ]
  expect(scaleDownOrder(pods, [1, 1, 1, 1], 0).map((one) => one.metadata.name)).toEqual([
    'unassigned',
    'pending',
    'cheap',
    'running',
  ])
})

it('taints of other effects do not count', () => {
  const taints = [
    { key: 'a', effect: 'PreferNoSchedule' },
    { key: 'b', effect: 'NoExecute' },
  ] as const
  expect(findUntoleratedTaint(taints, undefined, ['NoSchedule', 'NoExecute'])?.key).toBe('b')
  expect(findUntoleratedTaint(taints, [{ operator: 'Exists' }], ['NoExecute'])).toBeUndefined()
  expect(findUntoleratedTaint(undefined, undefined, ['NoExecute'])).toBeUndefined()
})
