import { builtinScheme } from '../../../../api/scheme/builtin-scheme.ts'
import { applyStrategicMergePatch } from '../../../../api/patch/strategic-merge-patch.ts'
import { structuralEqual } from '../../../../api/json/structural-equal.ts'
import { wholeValue, unitsText } from '../../../../api/quantity/quantity-values.ts'
import type { KubeObject } from '../../../../api/object.ts'
import type { Pod } from '../../../../api/types/core-v1.generated.ts'
import type { NodeSpec } from '../../../../dsl/plan/cluster-spec.ts'
import { parseTimestamp, timestamp } from '../../../../runtime/client/timestamp.ts'
import type { CriCall } from '../../../../runtime/container-runtime/cri-call.ts'
import { createContainerRuntime } from '../../../../runtime/container-runtime/create-container-runtime.ts'
import type { Trace } from '../../../../runtime/kernel/trace.ts'
import type { PodEvents } from '../../../../runtime/kubelet/context.ts'
import { createKubelet, fieldPathOf } from '../../../../runtime/kubelet/kubelet.ts'
import { parseGoDuration } from '../../../../runtime/kubelet/go-duration.ts'
import type { KubeletConfig } from '../../../../runtime/kubelet/kubelet-config.ts'
import { createMachine } from '../../../../runtime/node/machine.ts'
import { createRecordedKernel } from './recorded-kernel.ts'
import { createInMemoryApi } from './in-memory-api.ts'
import type { Json, JsonObject, Observed, RecordedAction, RecordedCase, Script } from './recorded-case.ts'
import { scriptedBehavior } from './scripted-behavior.ts'
import { textOf } from './text-of.ts'
import { together } from './together.ts'

const ms = 1000
const leadMs = 20_000
const node = 'node-1'
const hostIp = '192.168.0.10'
/** 2025-01-01T00:00:00Z: moment 0 of a case. */
const epoch = 1_735_689_600_000_000

const timeFields = new Set([
  'creationTimestamp',
  'deletionTimestamp',
  'lastTransitionTime',
  'lastHeartbeatTime',
  'lastProbeTime',
  'startTime',
  'startedAt',
  'finishedAt',
])

/** Offsets to RFC 3339. */
const withTimes = (value: Json): Json => {
  if (Array.isArray(value)) return value.map(withTimes)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]) => [
      key,
      timeFields.has(key) && typeof inner === 'number' ? timestamp(epoch + inner * ms) : withTimes(inner),
    ]),
  )
}

/** RFC 3339 to offsets, and without what is null or undefined. */
const plain = (value: unknown): Json => {
  if (Array.isArray(value)) return value.map(plain)
  if (typeof value === 'string') {
    const at = value.length >= 20 && value[4] === '-' && value[10] === 'T' ? parseTimestamp(value) : undefined
    return at === undefined ? value : Math.floor((at - epoch) / ms)
  }
  if (typeof value !== 'object' || value === null) return value as Json
  const out: JsonObject = {}
  for (const [key, inner] of Object.entries(value)) if (inner !== undefined && inner !== null) out[key] = plain(inner)
  return out
}

const nodeSpec = (recorded: RecordedCase): NodeSpec => {
  const capacity = {
    cpu: String(recorded.node.cpu),
    memory: recorded.node.memory,
    'ephemeral-storage': '100Gi',
    pods: String(recorded.node.maxPods ?? 110),
  }
  const memory = wholeValue(recorded.node.memory) - 100 * 1024 * 1024
  return {
    name: node,
    pool: 'workers',
    capacity,
    allocatable: { ...capacity, memory: unitsText('memory', memory) },
    labels: recorded.node.labels ?? {},
    taints: (recorded.node.taints ?? []).map((taint) => ({
      key: taint.key,
      value: taint.value ?? '',
      effect: taint.effect,
    })),
    images: Object.entries(recorded.script.images ?? {})
      .filter(([, image]) => image.present === true)
      .map(([name]) => name),
    boot: { base: 0, spread: 0 },
    bandwidth: 1,
    os: 'linux',
    arch: 'amd64',
  }
}

const configOf = (recorded: RecordedCase): Partial<KubeletConfig> => {
  const said = recorded.node.kubeletConfiguration ?? {}
  const period = said['maxContainerRestartPeriod']
  return {
    relistTakes: 0,
    eagerHeartbeats: recorded.node.recordNode === true,
    ...(typeof period === 'string' ? { maxContainerRestartPeriod: parseGoDuration(period)! } : {}),
    ...(said['serializeImagePulls'] === false ? { serializeImagePulls: false } : {}),
  }
}

export const runCase = (recorded: RecordedCase): Observed => {
  const { kernel, run } = createRecordedKernel({ startAt: -leadMs * ms, epoch })
  const scheme = builtinScheme()
  const trace: Trace = { append: () => -1 }
  const script = recorded.script
  const since = (): number => Math.floor(kernel.now / ms)
  const statuses: JsonObject[] = []
  const events: JsonObject[] = []
  const cri: JsonObject[] = []
  const writes: JsonObject[] = []
  const nodeWrites: JsonObject[] = []

  const api = createInMemoryApi(kernel, ({ verb, plural, object, request }) => {
    const name = object.metadata.name
    if (plural === 'nodes') nodeWrites.push({ atMs: since(), verb, object: `node/${name}`, body: nodePlain(object) })
    else if (plural !== 'pods') return
    else if (verb === 'patch') statuses.push({ atMs: since(), pod: name, status: plain((object as Pod).status) })
    else if (verb === 'create')
      writes.push({ atMs: since(), verb, object: `pod/${name}`, body: typed(request.body as KubeObject) })
    else if (verb === 'delete') {
      const body = request.body as { gracePeriodSeconds?: number; preconditions?: { uid?: string } }
      const shown = {
        gracePeriodSeconds: body.gracePeriodSeconds ?? null,
        uidPrecondition: body.preconditions?.uid !== undefined,
      }
      writes.push({ atMs: since(), verb, object: `pod/${name}`, body: plain(shown) })
    }
  })

  const machine = createMachine({ kernel, trace, spec: nodeSpec(recorded) })
  for (const [name, image] of Object.entries(script.images ?? {})) {
    if (image.present === true)
      machine.disk.images.set(name, { size: image.sizeBytes ?? 10 * 1024 * 1024, pulledAt: 0 })
  }
  // The recorder's disk is a fake: it keeps no log files to count restarts by.
  Object.defineProperty(machine.disk.logs, 'set', { value: () => machine.disk.logs })
  let made = 0
  const ids = new Set<string>()
  const base = createContainerRuntime({
    kernel,
    trace,
    machine,
    behavior: scriptedBehavior(script),
    name: 'scripted',
    // The recorder's runtime answers StopContainer when the container has ended, whatever becomes of the caller.
    heedsCancellation: false,
    version: '1.0.0',
    allocateIp: () => `10.244.0.${made + 1}`,
    imageId: (image) => `id:${image}`,
    containerId(config, n) {
      let id = `${config.name}-${config.attempt}`
      if (ids.has(id)) id = `${id}-${n}`
      ids.add(id)
      return id
    },
    observe(call) {
      // Sandboxes and containers share a counter, from which a sandbox's address is made right after this.
      if ((call.call === 'RunPodSandbox' || call.call === 'CreateContainer') && call.error === undefined) made += 1
      if (call.call === 'RemoveContainer') ids.delete(`${call.container}-${call.attempt}`)
      cri.push(criPlain(call.call === 'PullImage' ? { ...call, ...rawError(call, script) } : call, since()))
    },
  })
  // An image that the script does not name is present.
  const runtime: typeof base = Object.create(base, {
    imageStatus: {
      value: (image: string) =>
        script.images?.[image] === undefined
          ? { id: `id:${image}`, names: [image], size: 10 * 1024 * 1024 }
          : base.imageStatus(image),
    },
  }) as typeof base

  const put = (object: string, event: { type: string; reason: string; message: string; fieldPath?: string }): void => {
    const { fieldPath, ...rest } = event
    events.push({ atMs: since(), object, ...(fieldPath === undefined ? {} : { fieldPath }), ...rest })
  }
  const recorder: PodEvents = {
    pod: (pod, type, reason, message) => put(`pod/${pod.metadata.name}`, { type, reason, message }),
    container: (pod, container, event) =>
      put(`pod/${pod.metadata.name}`, { ...event, fieldPath: fieldPathOf(pod, container) }),
    node: (type, reason, message) => put(`node/${node}`, { type, reason, message }),
  }
  let manifests: readonly Pod[] = []
  let tellManifests = (): void => undefined
  const kubelet = createKubelet({
    kernel,
    trace,
    transport: () => api.connect(),
    machine,
    runtime,
    heartbeats: {
      beat: () => undefined,
      silence: () => undefined,
      last: () => undefined,
      beating: () => true,
      subscribe: () => () => undefined,
    },
    scheme,
    node,
    config: configOf(recorded),
    hostIp,
    withoutCgroups: true,
    staticPods: {
      list: () => manifests,
      subscribe(listener) {
        tellManifests = listener
        return () => (tellManifests = () => undefined)
      },
    },
    events: recorder,
    ...(script.nodeMemory === undefined ? {} : { memoryInUse: () => nodeMemory(script, since()) }),
    facts: (facts) => ({ ...facts, bootId: 'boot-1', machineId: 'machine', systemUuid: 'system' }),
  })

  const late = new Set(recorded.actions.filter((action) => action.do === 'createObject').map((action) => action.name))
  const pluralOf = (object: JsonObject): string => (object['kind'] === 'Secret' ? 'secrets' : 'configmaps')
  const nameOf = (object: JsonObject): string => (object['metadata'] as JsonObject)['name'] as string
  const create = (object: JsonObject): void => {
    const metadata = { namespace: 'default', ...(object['metadata'] as JsonObject) }
    api.put(pluralOf(object), { ...object, metadata } as unknown as KubeObject)
  }
  for (const object of recorded.objects ?? []) if (!late.has(nameOf(object))) create(object)

  const podOf = (name: string): Pod | undefined => api.get('pods', 'default', name) as Pod | undefined
  const act = (action: RecordedAction): void => {
    const name = action.pod ?? ''
    const pod = podOf(name)
    switch (action.do) {
      case 'create':
        api.put('pods', withTimes(recorded.pods.find((one) => nameOf(one) === name)!) as unknown as KubeObject)
        return
      case 'delete':
        if (pod !== undefined) deletePod(pod, action.gracePeriodSeconds)
        return
      case 'patch':
      case 'patchStatus': {
        if (pod === undefined) return
        const patched = applyStrategicMergePatch('io.k8s.api.core.v1.Pod', pod, action.patch as never)
        if (!('document' in patched)) throw new Error(patched.error)
        const now = patched.document
        const grown = !structuralEqual(pod.spec, now.spec)
        const metadata = grown ? { ...now.metadata, generation: (now.metadata.generation ?? 0) + 1 } : now.metadata
        api.put('pods', { ...now, metadata })
        return
      }
      case 'createObject':
        create(recorded.objects!.find((object) => nameOf(object) === action.name)!)
        return
      case 'stopKubelet':
        kubelet.stop('crash')
        return
      case 'startKubelet':
        kubelet.start()
        return
      case 'stopSandbox':
        for (const uid of base.pods()) {
          for (const sandbox of base.podSandboxes(uid)) {
            if (sandbox.config.pod.name !== name) continue
            // The recorder takes back the entry that it takes for the one of this call; a dead sandbox made none.
            if (sandbox.ready) base.killPodSandbox(sandbox.id)
            else cri.pop()
          }
        }
        return
      case 'killContainer':
        for (const uid of base.pods()) {
          for (const container of base.podContainers(uid)) {
            if (`${container.config.pod.name}/${container.config.name}` === action.name)
              base.killContainer(container.id, 137, 'OOMKilled')
          }
        }
        return
      case 'removeStatic':
        manifests = []
        tellManifests()
        return
      default:
        throw new Error(`no action ${action.do}`)
    }
  }
  const deletePod = (pod: Pod, seconds: number | undefined): void => {
    const grace = seconds ?? pod.spec.terminationGracePeriodSeconds ?? 30
    const { metadata } = pod
    if (grace === 0 || pod.status.phase === 'Succeeded' || pod.status.phase === 'Failed') {
      api.remove('pods', 'default', metadata.name)
      return
    }
    if (metadata.deletionTimestamp !== undefined) {
      const before = metadata.deletionGracePeriodSeconds ?? 0
      if (grace >= before) return
      const at = parseTimestamp(metadata.deletionTimestamp)! + (grace - before) * 1_000_000
      api.put('pods', {
        ...pod,
        metadata: { ...metadata, deletionTimestamp: timestamp(at), deletionGracePeriodSeconds: grace },
      })
      return
    }
    const deletionTimestamp = timestamp(kernel.epoch + kernel.now + grace * 1_000_000)
    const generation = (metadata.generation ?? 0) + 1
    api.put('pods', {
      ...pod,
      metadata: { ...metadata, deletionTimestamp, deletionGracePeriodSeconds: grace, generation },
    })
  }

  const script_ = kernel.actor('script')
  kubelet.start()
  const statics = (recorded.staticPods ?? []).map((pod) => withTimes(pod) as unknown as Pod)
  if (statics.length > 0) {
    kernel.at(300 * ms, script_, () => {
      manifests = statics
      tellManifests()
    })
  }
  for (const action of recorded.actions) kernel.at(action.atMs * ms, script_, () => act(action))
  // Stops before the end's own moment, as the recording's main routine wakes up first.
  run(recorded.untilMs * ms - 1)

  const keep =
    recorded.node.recordNode === true
      ? events
      : events.filter((event) => (event['atMs'] as number) >= 0 && !textOf(event['object']).startsWith('node/'))
  const byMoment = (entry: JsonObject): string => textOf(entry['atMs'])
  together(cri, byMoment, (entry) => textOf(entry['pod'] ?? ''))
  together(keep, byMoment, (entry) => textOf(entry['object']))
  together(statuses, byMoment, (entry) => textOf(entry['pod']))
  together(writes, byMoment, (entry) => textOf(entry['object']))
  const parallel = new Set(['StopContainer', 'RemoveContainer', 'ExecSync', 'Killing'])
  together(
    cri,
    (entry) => (parallel.has(textOf(entry['call'])) ? `${byMoment(entry)} ${textOf(entry['call'])}` : ''),
    (entry) =>
      [textOf(entry['pod']), textOf(entry['container']), ((entry['command'] ?? []) as string[]).join(' ')].join('/'),
  )
  together(
    keep,
    (entry) => (parallel.has(textOf(entry['reason'])) ? `${byMoment(entry)} ${textOf(entry['reason'])}` : ''),
    (entry) => `${textOf(entry['object'])}${textOf(entry['fieldPath'] ?? '')}`,
  )
  const remaining = api
    .list('pods')
    .map((pod) => pod.metadata.name)
    .sort()
  return {
    statuses,
    events: keep,
    cri,
    writes,
    remaining,
    ...(recorded.node.recordNode === true ? { nodeWrites } : {}),
  }
}

const nodeMemory = (script: Script, atMs: number): number => {
  const step = (script.nodeMemory ?? []).filter((one) => one.fromMs <= atMs).at(-1)
  return (step?.usedMi ?? 1024) * 1024 * 1024
}

const criPlain = (call: CriCall, atMs: number): JsonObject =>
  plain({
    atMs,
    call: call.call,
    pod: call.pod,
    container: call.container,
    attempt: call.call === 'StartContainer' || call.call === 'StopContainer' ? undefined : call.attempt,
    image: call.image,
    timeoutS: call.timeout,
    command: call.command,
    oomScoreAdj: call.oomScoreAdj,
    linux: call.linux,
    error: call.error,
  }) as JsonObject

/** The recorder logs a pull's error as the script spells it. */
const rawError = (call: CriCall, script: Script): { readonly error?: string } => {
  const image = script.images?.[call.image ?? '']
  const raw = `not found:${call.error}`
  return call.error !== undefined && (image?.alwaysFails === raw || image?.failures?.includes(raw) === true)
    ? { error: raw }
    : {}
}

const nodePlain = (object: KubeObject): Json => typed(object)
/** As the recorder's typed client shows an object: without its kind. */
const typed = (object: KubeObject): Json => {
  const { apiVersion, kind, ...rest } = withoutVersion(object) as { apiVersion?: string; kind?: string }
  void [apiVersion, kind]
  return plain(rest)
}
const withoutVersion = (object: KubeObject): object => {
  const { resourceVersion, ...metadata } = object.metadata
  void resourceVersion
  return { ...object, metadata }
}
