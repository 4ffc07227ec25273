import { describe, expect, it } from 'vitest'
import { createKernel, type Kernel } from '../../../../runtime/kernel/kernel.ts'
import { second } from '../../../../runtime/kernel/micros.ts'
import {
  createMetricsServer,
  type ContainerSample,
  type MetricsServer,
} from '../../../../runtime/metrics/metrics-server.ts'

const run = (
  sample: (now: number) => readonly ContainerSample[] | undefined,
): { readonly kernel: Kernel; readonly server: MetricsServer; readonly until: (seconds: number) => void } => {
  const kernel = createKernel({ seed: '0' })
  const server = createMetricsServer(kernel, () => [
    {
      node: 'n',
      scrape() {
        const containers = sample(kernel.now)
        return containers === undefined ? undefined : [{ namespace: 'default', name: 'web', containers }]
      },
    },
  ])
  server.start()
  return {
    kernel,
    server,
    until(seconds) {
      while (kernel.step(seconds * second)) continue
      kernel.idleUntil(seconds * second)
    },
  }
}
const steady =
  (cpu: number, startedAt = -100 * second) =>
  (now: number): readonly ContainerSample[] => [
    { name: 'app', startedAt, cpuTime: cpu * (now - startedAt), memory: 64 * 1024 * 1024 },
  ]

describe('metrics-server', () => {
  it('knows a pod after two samples', () => {
    const { server, until } = run(steady(300))
    until(14)
    expect(server.pod('default', 'web')).toBeUndefined()
    until(15)
    expect(server.pod('default', 'web')).toEqual({
      at: 15 * second,
      window: 15 * second,
      containers: [{ name: 'app', usage: { cpu: '300m', memory: '64Mi' } }],
    })
    expect(server.node('n')?.containers[0]?.usage).toEqual({ cpu: '300m', memory: '64Mi' })
  })

  it('measures a young container from its start, once it is 10 s old', () => {
    const { server, until } = run((now) => (now < 4 * second ? [] : steady(200, 4 * second)(now)))
    until(15)
    expect(server.pod('default', 'web')).toMatchObject({
      window: 11 * second,
      containers: [{ usage: { cpu: '200m' } }],
    })
  })

  it('says nothing of a container that runs for less', () => {
    const { server, until } = run((now) => (now < 6 * second ? [] : steady(200, 6 * second)(now)))
    until(15)
    expect(server.pod('default', 'web')).toBeUndefined()
    until(30)
    expect(server.pod('default', 'web')).toMatchObject({ window: 15 * second })
  })

  it('says nothing of a pod of which one container is not known', () => {
    const { server, until } = run((now) => [
      ...steady(200)(now),
      { name: 'new', startedAt: now - second, cpuTime: 0, memory: 0 },
    ])
    until(45)
    expect(server.pod('default', 'web')).toBeUndefined()
  })

  it('forgets what a kubelet that does not answer has said', () => {
    const { server, until } = run((now) => (now < 40 * second ? steady(200)(now) : undefined))
    until(30)
    expect(server.pod('default', 'web')).toBeDefined()
    until(45)
    expect(server.pod('default', 'web')).toBeUndefined()
    expect(server.node('n')).toBeUndefined()
  })

  it('averages over the time between its samples', () => {
    const { server, until } = run((now) => [
      { name: 'app', startedAt: -second, cpuTime: now < 20 * second ? 0 : 500 * (now - 20 * second), memory: 0 },
    ])
    until(30)
    expect(server.pod('default', 'web')?.containers[0]?.usage.cpu).toBe('333333333n')
  })
})
