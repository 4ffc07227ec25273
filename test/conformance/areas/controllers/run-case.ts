import { builtinScheme } from '../../../../api/scheme/builtin-scheme.ts'
import type { KubeObject } from '../../../../api/object.ts'
import type { ApiRequest, Credentials, PatchType } from '../../../../api/protocol/request.ts'
import type { ApiResponse } from '../../../../api/protocol/response.ts'
import type { Resource } from '../../../../api/protocol/resource.ts'
import { decode } from '../../../../api/decode/decode.ts'
import { applyDefaults } from '../../../../api/defaults/apply-defaults.ts'
import { createApiServer } from '../../../../runtime/apiserver/create-api-server.ts'
import type { Transport } from '../../../../runtime/client/transport.ts'
import { createHeartbeats } from '../../../../runtime/cluster/create-heartbeats.ts'
import { startObjects } from '../../../../runtime/cluster/start-objects.ts'
import { builtinControllers } from '../../../../runtime/controllers/registry.ts'
import { createEtcd } from '../../../../runtime/etcd/create-etcd.ts'
import { createStartState } from '../../../../runtime/etcd/start-state.ts'
import type { Actor } from '../../../../runtime/kernel/actor.ts'
import { createKernel } from '../../../../runtime/kernel/kernel.ts'
import { millisecond, second } from '../../../../runtime/kernel/micros.ts'
import type { Trace } from '../../../../runtime/kernel/trace.ts'
import { createControllerManager } from '../../../../runtime/reconcile/controller-manager.ts'
import type { Revision } from '../../../../runtime/record/revision.ts'
import { timestamp } from '../../../../runtime/client/timestamp.ts'
import { mergeDiff } from './merge-diff.ts'
import { cleanBody, cleanObject } from './normalize.ts'
import type { Entry, JsonMap, RecordedCase, RecordedEvent, Step } from './recorded-case.ts'
import { createBindings } from './symbols.ts'

type Plain = Record<string, unknown>

export interface Replayed {
  readonly entries: readonly Entry[]
  readonly events: readonly RecordedEvent[]
  /** Objects as they stood before the first step, by `resource/namespace/name`. */
  readonly initial: ReadonlyMap<string, unknown>
}

/** A created object as the audit log shows the request: decoded and defaulted, without status. */
const asAudited = (resource: Resource, body: unknown, ok: boolean): unknown => {
  const decoded = decode(resource, body, { fieldValidation: 'Ignore' })
  if (!decoded.ok) return cleanObject(body)
  const { status, ...rest } = cleanObject(applyDefaults(resource, decoded.object)) as Plain
  return ok || status === undefined ? rest : { ...rest, status }
}

/** How long things take here: close to the recorder's machine, where a write took a few milliseconds. */
const way = 300
const serverLatency = 700
const fsync = 2 * millisecond
const watchDelay = 0
/** Requests that a client sends at once do not arrive at once: its goroutines take turns. */
const spacing = 1500
/** The controllers start this long before time 0, in step with the recorded rounds of the pod garbage collector (every 20 s). */
const bootTimeOf = (recorded: RecordedCase): number => {
  const first = recorded.trace.find((entry) => entry.by === 'pod-garbage-collector') as
    { readonly ms?: number } | undefined
  return 40 * second - (first?.ms === undefined ? 0 : Math.max(0, (first.ms % 20_000) - 5) * millisecond)
}

const admin: Credentials = { kind: 'certificate', commonName: 'admin', organizations: ['system:masters'] }

const flagsOf = (text: string | undefined): Record<string, string> => {
  const flags: Record<string, string> = {}
  for (const match of (text ?? '').matchAll(/--([a-z0-9-]+)=(\S+)/g)) flags[match[1]!] = match[2]!
  return flags
}

const defaultNode = (name: string): JsonMap => ({
  apiVersion: 'v1',
  kind: 'Node',
  metadata: {
    name,
    labels: { 'kubernetes.io/hostname': name },
    annotations: {
      'node.alpha.kubernetes.io/ttl': '0',
      'volumes.kubernetes.io/controller-managed-attach-detach': 'true',
    },
  },
  spec: { podCIDR: '{podCIDR}', podCIDRs: ['{podCIDR}'] },
  status: {
    allocatable: { cpu: '8', memory: '32Gi', pods: '1000' },
    capacity: { cpu: '8', memory: '32Gi', pods: '1000' },
    conditions: [
      {
        type: 'MemoryPressure',
        status: 'False',
        reason: 'KubeletHasSufficientMemory',
        message: 'kubelet has sufficient memory available',
        lastHeartbeatTime: 'T-2000',
        lastTransitionTime: 'T-2000',
      },
      {
        type: 'DiskPressure',
        status: 'False',
        reason: 'KubeletHasNoDiskPressure',
        message: 'kubelet has no disk pressure',
        lastHeartbeatTime: 'T-2000',
        lastTransitionTime: 'T-2000',
      },
      {
        type: 'PIDPressure',
        status: 'False',
        reason: 'KubeletHasSufficientPID',
        message: 'kubelet has sufficient PID available',
        lastHeartbeatTime: 'T-2000',
        lastTransitionTime: 'T-2000',
      },
      {
        type: 'Ready',
        status: 'True',
        reason: 'KubeletReady',
        message: 'kubelet is posting ready status',
        lastHeartbeatTime: 'T-2000',
        lastTransitionTime: 'T-2000',
      },
    ],
  },
})

const mapText = (value: unknown, map: (text: string) => unknown): unknown => {
  if (typeof value === 'string') return map(value)
  if (Array.isArray(value)) return value.map((item) => mapText(item, map))
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [mapText(key, map), mapText(item, map)]))
}

interface Raw {
  w: number
  step?: number
  by: string
  request: ApiRequest
  response: ApiResponse
  before: KubeObject | undefined
  after: KubeObject | undefined
  changed: boolean
  name: string
  /** What a binding or an eviction did to its pod. */
  side?: boolean
}

/** Plays a case in virtual time against etcd, API server and controllers of our own, and writes down what they write. */
export const replayCase = (recorded: RecordedCase): Replayed => {
  const epoch = recorded.epochMs * millisecond
  const bootTime = bootTimeOf(recorded)
  const kernel = createKernel({ seed: recorded.id, startAt: -bootTime, epoch })
  const scheme = builtinScheme()
  const bindings = createBindings(recorded)
  let window = -1
  let order = 0
  const uids = new Map<string, string>()
  const ips = new Map<string, string>()
  const rawEntries: Raw[] = []
  const eventObjects = new Map<string, Plain>()
  const timeline: { kind: string; cause: number; data: unknown }[] = []

  const remember = (object: KubeObject): void => {
    const { uid, name, namespace: _namespace } = object.metadata
    if (uid !== undefined) uids.set(uid, `{uid:${object.kind}/${name}}`)
  }

  const trace: Trace = {
    append(...[kind, , , , data]) {
      timeline.push({ kind, cause: kernel.cause, data })
      if (kind === 'revision') committed(data as Revision)
      return timeline.length - 1
    },
  }

  const committed = ({ resource, object, before }: Revision): void => {
    if (object !== undefined) remember(object)
    if (resource.plural === 'events' && kernel.now >= 0) {
      const current = (object ?? before) as unknown as Plain
      const name = (current['metadata'] as Plain)['name'] as string
      if (object !== undefined) eventObjects.set(`${resource.group}/${name}`, current)
      return
    }
    const key = (object ?? before)!.metadata
    const entry = bindings.made.find((one) => one.name === key.name && one.res === resource.plural)
    if (entry !== undefined) {
      if (object === undefined) entry.gone = true
      else entry.object = object as unknown as Plain
      const deleting = object === undefined || object.metadata.deletionTimestamp !== undefined
      if (deleting && entry.deletedOrder === Infinity) entry.deletedOrder = order += 1
    } else if (
      object !== undefined &&
      before === undefined &&
      object.metadata.generateName !== undefined &&
      key.name.startsWith(object.metadata.generateName.slice(0, 58)) &&
      // A StatefulSet's pods have a prefix as well, and a name of their own.
      /[bcdfghjklmnpqrstvwxz2456789]{5}$/.test(key.name)
    ) {
      bindings.made.push({
        prefix: object.metadata.generateName,
        name: key.name,
        res: resource.plural,
        window,
        order: (order += 1),
        deletedOrder: Infinity,
        object: object as unknown as Plain,
        gone: false,
      })
    }
  }

  // Tokens of the script, resolved to values of this run ------------------------------------------------------------
  const cidrs = new Map<string, string>()
  const resolve = (value: unknown, step: number, owner: string): unknown =>
    mapText(value, (text) => {
      if (/^T[+-]\d+$/.test(text)) return timestamp(epoch + Number(text.slice(1)) * millisecond)
      const whole = /^\{uid:([A-Za-z]+)\/(.+)\}$/.exec(text)
      if (whole !== null) {
        const wanted = `{uid:${whole[1]!}/${bindings.real(whole[2]!, step)}}`
        for (const [uid, token] of [...uids].reverse()) if (token === wanted) return uid
      }
      if (text === '{podCIDR}') {
        if (!cidrs.has(owner)) cidrs.set(owner, `10.244.${cidrs.size}.0/24`)
        return cidrs.get(owner)!
      }
      return text
        .replace(/\{ip:([^{}]*(?:\{\d+\})?)\}/g, (_token, pod: string) => {
          const token = `{ip:${bindings.real(pod, step)}}`
          const known = [...ips].find(([, one]) => one === token)?.[0]
          const ip = known ?? `10.1.${Math.floor(ips.size / 200)}.${(ips.size % 200) + 1}`
          ips.set(ip, token)
          return ip
        })
        .replace(
          /\{clusterIP:([^{}]*)\}/g,
          (token, service: string) => [...ips].find(([, one]) => one === `{clusterIP:${service}}`)?.[0] ?? token,
        )
        .replace(/[a-z0-9.-]+-\{\d+\}/g, (symbol) => bindings.real(symbol, step))
    })

  // Start ------------------------------------------------------------------------------------------------------------
  const nodes = recorded.nodes ?? ['n1', 'n2', 'n3'].map(defaultNode)
  const base = startObjects(
    {
      kubernetes: '1.36',
      profile: 'instant',
      clock: 0,
      namespaces: ['ns'],
      systemPods: false,
      nodes: [],
      pools: [],
      etcd: { members: 1, fsync: undefined },
      apiserver: { replicas: 1, latency: undefined },
      flags: {},
      features: {},
      storageClasses: [],
      registries: [],
    },
    timestamp(epoch - bootTime),
  )
  const nodeResource = scheme.byKind('v1/Node')!
  const nodeObjects = nodes.map((node, index) => {
    const object = resolve(node, -1, (node['metadata'] as Plain)['name'] as string) as Plain
    const metadata = object['metadata'] as Plain
    const uid = `00000000-0000-4000-8000-${String(index).padStart(12, '0')}`
    const full = { ...object, metadata: { ...metadata, uid, creationTimestamp: timestamp(epoch - bootTime) } }
    remember(full as unknown as KubeObject)
    return { resource: nodeResource, object: full as unknown as KubeObject }
  })
  for (const { object } of base) remember(object)
  const etcd = createEtcd({ kernel, trace, name: 'etcd', fsync, start: createStartState([...base, ...nodeObjects]) })
  const heartbeats = createHeartbeats(kernel)
  const server = createApiServer({
    kernel,
    trace,
    etcd,
    name: 'apiserver',
    scheme,
    latency: serverLatency,
    watchDelay,
    options: { alwaysAllow: true, heartbeats },
  })
  for (const { object } of nodeObjects) heartbeats.beat(object.metadata.name, -bootTime, 2 * second)

  const initial = new Map<string, unknown>()
  for (const { object } of nodeObjects) initial.set(`nodes//${object.metadata.name}`, cleanObject(object))

  const record = (by: string, request: ApiRequest, response: ApiResponse, step?: number): void => {
    if (request.verb === 'get' || request.verb === 'list' || request.verb === 'watch') return
    const { plural } = request.resource
    if (
      kernel.now < 0 ||
      plural === 'leases' ||
      plural === 'events' ||
      request.subresource === 'token' ||
      plural.endsWith('reviews')
    )
      return
    // The API server takes a Service's Endpoints along; the controller's own delete is not recorded (README, Limits).
    if (by === 'endpoint-controller' && request.verb === 'delete') return
    if (response.code === 409 && (response.body as unknown as Plain)['reason'] !== 'AlreadyExists') return
    const own = timeline[kernel.cause]
    const cause = own?.kind === 'request' ? timeline[own.cause] : undefined
    let before: KubeObject | undefined
    let after: KubeObject | undefined
    let changed = false
    const name =
      request.name ??
      (response.body as unknown as { metadata?: { name?: string } }).metadata?.name ??
      (request.body as { metadata?: { generateName?: string; name?: string } } | undefined)?.metadata?.name ??
      ''
    if (cause?.kind === 'revision' && response.code < 300) {
      for (let at = own!.cause; at >= 0 && timeline[at]?.kind === 'revision'; at -= 1) {
        const revision = timeline[at]!.data as Revision
        if ((revision.object ?? revision.before)?.metadata.name !== name || revision.resource.plural !== plural)
          continue
        if (revision.object === undefined && after !== undefined) continue
        before = revision.before
        after = revision.object
        changed = true
        break
      }
    }
    rawEntries.push({
      w: window,
      by,
      request,
      response,
      before,
      after,
      changed,
      name,
      ...(step === undefined ? {} : { step }),
    })
  }

  let freeAt = -bootTime
  const connect = (actor: Actor): Transport => ({
    send(request, reply) {
      const writes = request.verb !== 'get' && request.verb !== 'list'
      const at = Math.max(kernel.now + way, writes ? freeAt : 0)
      if (writes) freeAt = at + spacing
      kernel.at(at, actor, () =>
        server.serve(request, (response) => {
          const by =
            request.credentials.kind === 'serviceaccount' ? request.credentials.name : 'kube-controller-manager'
          record(by, request, response)
          kernel.after(way, actor, () => reply(response))
        }),
      )
    },
    watch(request, sink) {
      let closed = false
      const deliver = (run: () => void): void => {
        kernel.after(way, actor, () => {
          if (!closed) run()
        })
      }
      const watch = server.watch(request, {
        opened: (response) => response !== undefined && response.code >= 300 && deliver(() => sink.closed(response)),
        event: (event) => deliver(() => sink.event(event)),
        closed: () => deliver(() => sink.closed(undefined)),
      })
      return {
        close() {
          closed = true
          watch.close()
        },
      }
    },
    close: () => undefined,
  })

  const flags = flagsOf(recorded.flags)
  const manager = createControllerManager({
    kernel,
    trace,
    transport: connect(kernel.actor('network')),
    name: 'kube-controller-manager',
    controllers: builtinControllers(flags),
    heartbeats,
    scheme,
    flags: { 'kube-api-qps': '400', 'kube-api-burst': '800' },
  })
  manager.start()

  // Script -----------------------------------------------------------------------------------------------------------
  const script = kernel.actor('script', 'script')
  const play = (step: Step, index: number): void => {
    window = step.w
    if (step.do === 'stopHeartbeat') heartbeats.silence(step.name ?? '')
    else if (step.do === 'startHeartbeat') heartbeats.beat(step.name ?? '', kernel.now, 2 * second)
    if (step.res === undefined) return
    const resource = resourceOf(step.res)
    const name = step.name === undefined ? undefined : bindings.real(step.name, index)
    const body = resolve(step.body, index, step.name ?? '')
    const request: ApiRequest = {
      verb: step.do as ApiRequest['verb'],
      resource,
      credentials: admin,
      userAgent: step.by,
      ...(step.sub === undefined ? {} : { subresource: step.sub }),
      ...(resource.namespaced ? { namespace: step.ns ?? 'ns' } : {}),
      ...(name === undefined || (step.do === 'create' && step.sub === undefined) ? {} : { name }),
      ...(body === undefined ? {} : { body }),
      ...(step.type === undefined ? {} : { patchType: step.type as PatchType }),
    }
    const podName = name
    server.serve(request, (response) => {
      record(step.by, request, response, index)
      if (step.sub === 'binding' && rawEntries.length > 0) {
        const last = rawEntries[rawEntries.length - 1]!
        last.name = podName ?? ''
      }
    })
  }
  const resourceOf = (plural: string): Resource => {
    const found = scheme.resources.find(
      (one) => one.plural === plural && one.group !== 'events.k8s.io' && one.group !== 'extensions',
    )
    if (found === undefined) throw new Error(`no resource ${plural}`)
    return found
  }
  recorded.steps.forEach((step, index) => kernel.at(step.at * millisecond, script, () => play(step, index)))
  const lastMs = Math.max(
    ...recorded.steps.map((step) => step.at),
    ...recorded.trace.map((entry) => (entry as unknown as { ms: number }).ms),
    0,
  )
  // A silent node is noticed in the phase of its heartbeats (2 s) and of the monitor (1 s), so a little later than recorded, maybe.
  const slack = recorded.trace.some((entry) => entry.by === 'node-controller') ? 3500 : 700
  const end = (lastMs + slack) * millisecond
  while (kernel.step(end)) if (kernel.eventCount > 3_000_000) throw new Error('too many events')
  manager.stop('crash')

  // What happened, in the recorder's words ---------------------------------------------------------------------------
  for (const entry of rawEntries) {
    const service = entry.after as unknown as
      { kind: string; metadata: { name: string }; spec?: { clusterIP?: string } } | undefined
    if (service?.kind === 'Service' && service.spec?.clusterIP !== undefined && service.spec.clusterIP !== 'None') {
      ips.set(service.spec.clusterIP, `{clusterIP:${service.metadata.name}}`)
    }
  }
  const names = [...bindings.finalNames()].sort((a, b) => b[0].length - a[0].length)
  const cidrValues = new Set(cidrs.values())
  const show = (value: unknown): unknown =>
    mapText(value, (text) => {
      let out = ips.get(text) ?? uids.get(text) ?? (cidrValues.has(text) ? '{podCIDR}' : text)
      out = out.replace(
        /[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/g,
        (uid) => uids.get(uid) ?? '{uid}',
      )
      if (out.startsWith('-----BEGIN CERTIFICATE')) out = '{certificate}'
      for (const [real, symbol] of names) if (out.includes(real)) out = out.replaceAll(real, symbol)
      // A name that was only tried.
      out = out.replace(/"([a-z0-9.-]*-)[bcdfghjklmnpqrstvwxz2456789]{5}" is forbidden/, '"$1{?}" is forbidden')
      return out
    })

  const entries: Entry[] = []
  const repeated = new Map<string, Entry>()
  for (const raw of rawEntries) {
    const { request, response } = raw
    const ok = response.code < 300
    const isMainCreate = request.verb === 'create' && request.subresource === undefined
    const collection = request.verb === 'deletecollection'
    const audited = isMainCreate ? asAudited(request.resource, request.body, ok) : undefined
    const gone =
      collection && ok
        ? ((response.body as unknown as { items?: readonly KubeObject[] }).items ?? []).map(
            (item) => item.metadata.name,
          )
        : []
    const body = collection
      ? { deleted: gone, options: { ...(request.body as Plain), apiVersion: 'meta.k8s.io/__internal' } }
      : raw.step === undefined && request.verb !== 'update'
        ? (audited ?? cleanBody(request.verb, request.body))
        : undefined
    // A write that takes the last finalizer off shows its effect, though the object is gone.
    const written =
      raw.after ??
      (request.verb === 'patch' || request.verb === 'update' ? (response.body as unknown as KubeObject) : undefined)
    const diff =
      !ok || !raw.changed || written === undefined
        ? undefined
        : isMainCreate
          ? (mergeDiff(audited, cleanObject(written)) ?? {})
          : mergeDiff(cleanObject(raw.before), cleanObject(written))
    const message = (response.body as unknown as Plain)['message'] as string | undefined
    const shownName =
      ok || request.name !== undefined
        ? raw.name
        : ((request.body as { metadata?: { name?: string; generateName?: string } } | undefined)?.metadata?.name ??
          `${(request.body as { metadata?: { generateName?: string } } | undefined)?.metadata?.generateName ?? ''}{?}`)
    const entry: Entry = {
      w: raw.w,
      ...(raw.step === undefined ? {} : { step: raw.step }),
      by: raw.by,
      verb: request.verb,
      res: request.resource.plural,
      ...(request.subresource === undefined ? {} : { sub: request.subresource }),
      ...(request.namespace === undefined ? {} : { ns: request.namespace }),
      name: show(request.verb === 'deletecollection' ? '*' : shownName) as string,
      code: response.code,
      ...(ok
        ? {}
        : {
            error: (show(message ?? '') as string).replace(
              /"([a-z0-9-]*-)[bcdfghjklmnpqrstvwxz2456789]{5}" is forbidden/,
              '"$1{?}" is forbidden',
            ),
          }),
      ...(ok && !raw.changed && request.verb !== 'deletecollection' && request.subresource !== 'eviction'
        ? { noop: true }
        : {}),
      ...(ok && raw.changed && raw.after === undefined ? { gone: true } : {}),
      ...(body === undefined ? {} : { body: show(body) }),
      ...(diff === undefined ? {} : { diff: show(diff) }),
    }
    if (!ok) {
      const key = JSON.stringify([
        entry.w,
        entry.by,
        entry.verb,
        entry.res,
        entry.sub,
        entry.name,
        entry.code,
        entry.error,
      ])
      const same = repeated.get(key)
      if (same !== undefined) {
        ;(same as { times?: string }).times = 'many'
        continue
      }
      repeated.set(key, entry)
    }
    entries.push(entry)
  }
  const events = [...eventObjects.values()].map((event): RecordedEvent => {
    const regarding = (event['involvedObject'] ?? event['regarding']) as Plain
    return {
      by: ((event['source'] as Plain | undefined)?.['component'] ??
        event['reportingComponent'] ??
        event['reportingController']) as string,
      regarding: show(`${regarding['kind'] as string}/${regarding['name'] as string}`) as string,
      type: event['type'] as string,
      reason: event['reason'] as string,
      message: show(event['message'] ?? event['note'] ?? '') as string,
      count: (event['count'] as number | undefined) ?? 1,
    }
  })
  return { entries, events, initial }
}
