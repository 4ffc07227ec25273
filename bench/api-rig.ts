import bootstrap from '../api/schema/data/bootstrap-apiserver.json' with { type: 'json' }
import { deepFreeze } from '../api/json/deep-freeze.ts'
import type { KubeObject } from '../api/object.ts'
import type { ApiRequest } from '../api/protocol/request.ts'
import type { ApiResponse } from '../api/protocol/response.ts'
import { builtinScheme } from '../api/scheme/builtin-scheme.ts'
import { createApiServer, type RunningApiServer } from '../runtime/apiserver/create-api-server.ts'
import { createEtcd } from '../runtime/etcd/create-etcd.ts'
import { createStartState } from '../runtime/etcd/start-state.ts'
import { createKernel, type Kernel } from '../runtime/kernel/kernel.ts'

export interface ApiFigure {
  readonly work: string
  readonly perSecond: number
  readonly microseconds: number
  /** Of the processor: what it would take on a machine that does nothing else. */
  readonly cpuMicroseconds: number
  readonly goal: string
}

const pods = 10_000
const scheme = builtinScheme()
const pod = scheme.byKind('v1/Pod')!

interface Rig {
  readonly kernel: Kernel
  readonly server: RunningApiServer
  readonly ask: (request: Omit<ApiRequest, 'credentials' | 'userAgent' | 'resource'>) => ApiResponse
}

const starting = (): readonly { readonly resource: typeof pod; readonly object: KubeObject }[] => {
  const namespace = { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'bench' }, status: { phase: 'Active' } }
  const account = { apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name: 'default', namespace: 'bench' } }
  const all = [...(bootstrap as readonly { readonly object?: unknown }[]).map((one) => one.object ?? one)]
  return [...all, namespace, account].flatMap((given) => {
    const object = given as KubeObject
    const resource = scheme.byKind(`${object.apiVersion}/${object.kind}`)
    const made = { uid: `uid-${object.metadata.name}`, creationTimestamp: '2026-01-01T00:00:00Z' }
    const metadata = Object.assign(made, object.metadata)
    return resource === undefined ? [] : [{ resource, object: { ...object, metadata } }]
  })
}

const credentials = Object.freeze({
  kind: 'certificate',
  commonName: 'bench',
  organizations: Object.freeze(['system:masters']),
} as const)

const createRig = (): Rig => {
  const kernel = createKernel({ seed: 'bench', epoch: Date.UTC(2026, 0, 1) * 1000 })
  const trace = { append: () => 0 }
  const etcd = createEtcd({ kernel, trace, name: 'etcd/0', fsync: 0, start: createStartState(starting()) })
  const server = createApiServer({ kernel, trace, etcd, name: 'apiserver/0', scheme, latency: 0, watchDelay: 0 })
  return {
    kernel,
    server,
    ask(request) {
      let answer: ApiResponse | undefined
      server.serve({ ...request, resource: pod, credentials, userAgent: 'bench/1' }, (response) => (answer = response))
      while (answer === undefined && kernel.step(Number.MAX_SAFE_INTEGER));
      if (answer === undefined || answer.code >= 300) throw new Error(`bench: ${JSON.stringify(answer?.body)}`)
      return answer
    },
  }
}

/** A pod as a ReplicaSet makes it: its spec is the template's, shared by all of them. */
const spec = deepFreeze({
  containers: [
    {
      name: 'app',
      image: 'web:v1',
      ports: [{ containerPort: 80 }],
      env: [{ name: 'MODE', value: 'bench' }],
      resources: { requests: { cpu: '100m', memory: '64Mi' }, limits: { memory: '128Mi' } },
      readinessProbe: { httpGet: { path: '/', port: 80 } },
    },
  ],
})
const labels = Object.freeze({ app: 'web', 'pod-template-hash': '5d4f8c7b9' })
const draft = (index: number): unknown => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name: `web-${index}`, labels },
  spec,
})

/** Ten parts, and the median of them: what else the machine does is no part of the figure. */
const figure = (work: string, goal: string, count: number, run: (from: number, count: number) => void): ApiFigure => {
  const part = Math.max(1, Math.floor(count / 10))
  const times: number[] = []
  const cpu = process.cpuUsage()
  for (let from = 0; from + part <= count; from += part) {
    const started = process.hrtime.bigint()
    run(from, part)
    times.push(Number(process.hrtime.bigint() - started) / 1000 / part)
  }
  times.sort((a, b) => a - b)
  const micros = times[Math.floor(times.length / 2)]!
  const used = process.cpuUsage(cpu)
  const cpuMicroseconds = (used.user + used.system) / count
  return { work, goal, perSecond: Math.round(1e6 / micros), microseconds: micros, cpuMicroseconds }
}

const at = { namespace: 'bench' } as const

const createAll = (rig: Rig, from: number, count: number): void => {
  for (let i = from; i < from + count; i += 1) rig.ask({ ...at, verb: 'create', body: draft(i) })
}

const heapNow = (): number => {
  ;(globalThis as { readonly gc?: () => void }).gc?.()
  return process.memoryUsage().heapUsed
}

const updateAll = (rig: Rig, from: number, count: number): void => {
  for (let i = from; i < from + count; i += 1) {
    const object = rig.ask({ ...at, verb: 'get', name: `web-${i}` }).body as KubeObject
    const status = {
      phase: 'Running',
      podIP: '10.244.0.7',
      conditions: [{ type: 'Ready', status: 'True', lastTransitionTime: '2026-01-01T00:00:10Z' }],
    }
    rig.ask({ ...at, verb: 'update', name: `web-${i}`, subresource: 'status', body: { ...object, status } })
  }
}

const fanOut = (watchers: number, count: number): ApiFigure => {
  const rig = createRig()
  let heard = 0
  for (let i = 0; i < watchers; i += 1) {
    rig.server.watch(
      { verb: 'watch', resource: pod, namespace: 'bench', credentials, userAgent: 'bench/1' },
      { opened: () => undefined, event: () => (heard += 1), closed: () => undefined },
    )
  }
  const told = figure(`events to ${watchers} watchers`, '', count * watchers, (from, events) => {
    createAll(rig, from / watchers, events / watchers)
    while (rig.kernel.step(rig.kernel.now));
  })
  if (heard !== count * watchers) throw new Error(`bench: ${heard} of ${count * watchers} events were heard`)
  return told
}

export interface ApiFigures {
  readonly figures: readonly ApiFigure[]
  readonly bytesPerPod: number
}

export const runApi = (): ApiFigures => {
  // What the engine learns on its first requests is no part of the figures.
  createAll(createRig(), 0, 3000)
  const figures: ApiFigure[] = []
  const before = heapNow()
  const rig = createRig()
  figures.push(figure('creates, the first 10,000', '30,000', pods, (from, count) => createAll(rig, from, count)))
  const bytesPerPod = (heapNow() - before) / pods
  figures.push(
    figure('creates, the fourth 10,000', 'as the first', pods, (from, count) => createAll(rig, pods * 3 + from, count)),
    figure('gets', '', pods, (from, count) => {
      for (let i = from; i < from + count; i += 1) rig.ask({ ...at, verb: 'get', name: `web-${i}` })
    }),
    figure('a get and a status update', '', pods, (from, count) => updateAll(rig, from, count)),
    figure('lists of 20,000 pods, per pod', '', 20_000 * 20, (_, count) => {
      for (let i = 0; i < count / 20_000; i += 1) rig.ask({ ...at, verb: 'list' })
    }),
    fanOut(100, 2000),
  )
  return { figures, bytesPerPod }
}
