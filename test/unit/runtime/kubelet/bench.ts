import type { Pod } from '../../../../api/types/core-v1.generated.ts'
import { builtinScheme } from '../../../../api/scheme/builtin-scheme.ts'
import type { BehaviorSpec } from '../../../../dsl/plan/behavior-spec.ts'
import type { NodeSpec } from '../../../../dsl/plan/cluster-spec.ts'
import { createBehaviors } from '../../../../runtime/container-runtime/behaviors.ts'
import type { ContainerRuntime } from '../../../../runtime/container-runtime/cri.ts'
import { createContainerRuntime } from '../../../../runtime/container-runtime/create-container-runtime.ts'
import type { Component } from '../../../../runtime/kernel/component.ts'
import { createKernel, type Kernel } from '../../../../runtime/kernel/kernel.ts'
import { createKubelet } from '../../../../runtime/kubelet/kubelet.ts'
import { createMachine, type Machine } from '../../../../runtime/node/machine.ts'
import { createPodIps } from '../../../../runtime/network/pod-ips.ts'
import { createInMemoryApi, type InMemoryApi } from '../../../conformance/areas/kubelet/in-memory-api.ts'

export const nodeSpec = (said: Partial<NodeSpec>): NodeSpec => ({
  name: 'node-1',
  pool: 'workers',
  capacity: { cpu: '4', memory: '8Gi', pods: '110' },
  allocatable: { cpu: '4', memory: '8Gi', pods: '110' },
  labels: {},
  taints: [],
  images: ['web:v1'],
  boot: { base: 0, spread: 0 },
  bandwidth: 100 * 1024 * 1024,
  os: 'linux',
  arch: 'amd64',
  ...said,
})

export const podNamed = (name: string, said: { spec?: object; container?: object } = {}): Pod =>
  ({
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: {
      name,
      namespace: 'default',
      uid: `${name}-uid`,
      generation: 1,
      creationTimestamp: '1970-01-01T00:00:00Z',
      resourceVersion: '1',
    },
    spec: {
      nodeName: 'node-1',
      restartPolicy: 'Always',
      terminationGracePeriodSeconds: 30,
      containers: [{ name: 'app', image: 'web:v1', imagePullPolicy: 'IfNotPresent', ...said.container }],
      ...said.spec,
    },
    status: { phase: 'Pending' },
  }) as unknown as Pod

/** A kubelet over a simulated runtime and an API that answers at once. */
export interface Bench {
  readonly kernel: Kernel
  readonly machine: Machine
  readonly runtime: ContainerRuntime
  readonly kubelet: Component
  readonly api: InMemoryApi
  readonly events: string[]
  readonly beats: string[]
  run(until: number): void
  pod(name: string): Pod | undefined
  phase(name: string): string
}

export const createBench = (behaviors: readonly BehaviorSpec[] = [], spec: Partial<NodeSpec> = {}): Bench => {
  const kernel = createKernel({ seed: '1' })
  const trace = { append: () => -1 }
  const machine = createMachine({ kernel, trace, spec: nodeSpec(spec) })
  const ips = createPodIps('10.244.0.0/24')
  const runtime = createContainerRuntime({
    kernel,
    trace,
    machine,
    behavior: createBehaviors(kernel, behaviors).on(machine.spec),
    allocateIp: () => ips.allocate() ?? { error: ips.usedUp },
    releaseIp: (address) => ips.release(address),
  })
  const api = createInMemoryApi(kernel, () => undefined)
  const events: string[] = []
  const beats: string[] = []
  const kubelet = createKubelet({
    kernel,
    trace,
    transport: () => api.connect(),
    machine,
    runtime,
    heartbeats: {
      beat: (node) => void beats.push(`beat ${node}`),
      silence: (node) => void beats.push(`silence ${node}`),
      last: () => undefined,
      beating: () => true,
      subscribe: () => () => undefined,
    },
    scheme: builtinScheme(),
    node: 'node-1',
    hostIp: '192.168.0.10',
    events: {
      pod: (pod, _type, reason, message) => void events.push(`${pod.metadata.name} ${reason}: ${message}`),
      container: (pod, container, event) =>
        void events.push(`${pod.metadata.name}/${container} ${event.reason}: ${event.message}`),
      node: (_type, reason, message) => void events.push(`node ${reason}: ${message}`),
    },
  })
  const pod = (name: string): Pod | undefined => api.get('pods', 'default', name) as Pod | undefined
  return {
    kernel,
    machine,
    runtime,
    kubelet,
    api,
    events,
    beats,
    run(until) {
      while (kernel.step(until));
      kernel.idleUntil(until)
    },
    pod,
    phase: (name) => pod(name)?.status.phase ?? 'gone',
  }
}
