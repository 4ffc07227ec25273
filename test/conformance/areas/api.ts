import { join } from 'node:path'
import type { Credentials } from '../../../api/protocol/request.ts'
import { builtinScheme } from '../../../api/scheme/builtin-scheme.ts'
import { createApiServer } from '../../../runtime/apiserver/create-api-server.ts'
import { createHttpDoor, type HttpDoor } from '../../../runtime/apiserver/http-door.ts'
import type { HttpRequest, HttpResponse } from '../../../runtime/apiserver/http-message.ts'
import type { AdmissionResponse, WebhookHost } from '../../../runtime/apiserver/admission/webhook-host.ts'
import type { UserInfo } from '../../../runtime/apiserver/user-info.ts'
import { parseYaml } from '../../../integrations/http/parse-yaml.ts'
import { createEtcd } from '../../../runtime/etcd/create-etcd.ts'
import { createKernel, type Kernel } from '../../../runtime/kernel/kernel.ts'
import type { Area, ConformanceCase } from '../area.ts'
import { bootstrapState } from '../bootstrap-state.ts'
import { caseFiles, readLines } from '../read-cases.ts'
import { createSymbols, type Symbols } from '../symbols.ts'

interface Step {
  readonly as?: string
  readonly method?: string
  readonly path?: string
  readonly query?: Record<string, string | string[]>
  readonly headers?: Record<string, string>
  readonly userAgent?: string
  readonly contentType?: string
  readonly accept?: string
  readonly body?: unknown
  readonly bodyText?: string
  readonly wait?: number
  readonly stream?: string
  readonly close?: string
  readonly expect: {
    readonly code?: number
    readonly body?: unknown
    readonly text?: string
    readonly warnings?: readonly string[]
    readonly retryAfter?: number | string
    readonly contentType?: string
    readonly webhookCalls?: unknown
    readonly anyOrder?: boolean
    readonly events?: readonly unknown[]
    readonly ended?: boolean
  }
}

interface Session {
  readonly id: string
  readonly flags?: readonly string[]
  readonly webhooks?: Readonly<Record<string, WebhookBehaviour | readonly WebhookBehaviour[]>>
  readonly setup?: {
    readonly namespaces?: readonly (
      string | { readonly name: string; readonly labels?: object; readonly annotations?: object }
    )[]
    readonly noServiceAccount?: boolean
  }
  readonly steps: readonly Step[]
}

const epoch = Date.UTC(2026, 0, 1) * 1000
const second = 1_000_000

const people: Readonly<Record<string, readonly [name: string, group: string | undefined]>> = {
  admin: ['admin', 'system:masters'],
  alice: ['alice', 'developers'],
  bob: ['bob', undefined],
  node: ['system:node:node-1', 'system:nodes'],
  kcm: ['system:kube-controller-manager', undefined],
  sched: ['system:kube-scheduler', undefined],
}

const tokens = new Map<string, UserInfo>(
  Object.entries(people).map(([as, [name, group]]) => [
    `${as}token`,
    {
      name,
      uid: `${as}-uid`,
      // The recorded token file leaves the group of some empty.
      groups: [group ?? '', 'system:authenticated'],
      extra: {},
    },
  ]),
)

const credentialsOf = (as: string, symbols: Symbols): Credentials => {
  if (as.startsWith('$token:')) return { kind: 'token', token: String(symbols.fill(as)) }
  if (as === 'anonymous') return { kind: 'anonymous' }
  if (as === 'invalid') return { kind: 'token', token: 'nobody' }
  return { kind: 'token', token: `${as}token` }
}

/** `$ca` and `$webhook/<path>` stand for values of the recording that any others may take the place of. */
const placed = (text: string): string =>
  text
    .replaceAll('$ca"', `${caBundle}"`)
    .replaceAll('$webhook/', 'https://webhooks.example:9443/')
    .replaceAll('$webhookhost', 'webhooks.example:9443')

const caBundle = Buffer.from('-----BEGIN CERTIFICATE-----\nkscn\n-----END CERTIFICATE-----\n').toString('base64')

const repeated = (text: string): string =>
  text.replace(/\$repeat:(.)\*(\d+)/g, (_, letter: string, count: string) => letter.repeat(Number(count)))

/** `mode(of call 1, of call 2, …)`: the last repeats. */
interface WebhookBehaviour {
  readonly response?: AdmissionResponse
  readonly delayMs?: number
  readonly httpStatus?: number
  readonly text?: string
}

interface WebhookCalled {
  readonly webhook: string
  readonly request: unknown
}

/** The recorded webhook server: answers as its behaviours say, and keeps what it was asked. */
const webhookHost = (
  kernel: Kernel,
  behaviours: NonNullable<Session['webhooks']>,
  calls: WebhookCalled[],
): WebhookHost => {
  const counts = new Map<string, number>()
  const actor = kernel.actor('webhooks')
  return {
    call({ url }, { uid: _, ...request }, reply) {
      const path = /^https:\/\/webhooks\.example:9443\/(.*)$/.exec(url)?.[1]
      if (path === undefined) {
        reply({ kind: 'unreachable', why: `dial tcp ${url.split('/')[2]!}: connect: connection refused` })
        return
      }
      const known = behaviours[path]
      if (known === undefined) {
        reply({ kind: 'http', status: 404, text: '' })
        return
      }
      const count = counts.get(path) ?? 0
      counts.set(path, count + 1)
      const list: readonly WebhookBehaviour[] = Array.isArray(known) ? known : [known as WebhookBehaviour]
      const one = list[Math.min(count, list.length - 1)]!
      calls.push({ webhook: path, request: JSON.parse(JSON.stringify(request)) as unknown })
      const answer = (): void => {
        if (one.response !== undefined) reply({ kind: 'response', response: one.response })
        else reply({ kind: 'http', status: one.httpStatus ?? 200, text: one.text ?? '' })
      }
      if (one.delayMs === undefined) answer()
      else kernel.after(one.delayMs * 1000, actor, answer)
    },
  }
}

/** Mutating calls in their order, then validating ones by path: those are made in parallel. */
const inCallOrder = (calls: readonly WebhookCalled[]): readonly WebhookCalled[] => [
  ...calls.filter(({ webhook }) => webhook.startsWith('m')),
  ...calls
    .filter(({ webhook }) => !webhook.startsWith('m'))
    .sort((a, b) => (a.webhook < b.webhook ? -1 : a.webhook > b.webhook ? 1 : 0)),
]

interface World {
  readonly kernel: Kernel
  readonly door: HttpDoor
  /** Of the step that runs. */
  readonly calls: WebhookCalled[]
}

const createWorld = (session: Session): World => {
  const kernel = createKernel({ seed: session.id, epoch, startAt: -10 * second })
  let entries = 0
  const trace = { append: () => (entries += 1) }
  const etcd = createEtcd({ kernel, trace, name: 'etcd/0', fsync: 0, start: bootstrapState() })
  const calls: WebhookCalled[] = []
  const enabled = (session.flags ?? []).flatMap((flag) => {
    const found = /^--enable-admission-plugins=(.*)$/.exec(flag)
    return found === null ? [] : found[1]!.split(',')
  })
  const server = createApiServer({
    kernel,
    trace,
    etcd,
    name: 'apiserver/0',
    scheme: builtinScheme(),
    latency: 0,
    watchDelay: 0,
    options: { tokens, enableAdmission: enabled, webhooks: webhookHost(kernel, session.webhooks ?? {}, calls) },
  })
  return { kernel, door: createHttpDoor(server, parseYaml), calls }
}

const advance = (kernel: Kernel, to: number): void => {
  while (kernel.step(to));
  kernel.idleUntil(to)
}

const send = (world: World, http: HttpRequest): HttpResponse => {
  let answer: HttpResponse | undefined
  world.door.serve(http, (response) => (answer = response))
  // A request that waits (a retry, a timeout) is given its time.
  while (answer === undefined && world.kernel.step(world.kernel.now + 60 * second));
  if (answer === undefined) throw new Error('no answer')
  return answer
}

/** Some paths are recorded with their parameters. */
const [pathOf, parametersOf] = [
  (path: string): string => path.split('?')[0]!,
  (path: string): Record<string, string> => Object.fromEntries(new URLSearchParams(path.split('?')[1] ?? '')),
]

const httpOf = (step: Step, symbols: Symbols): HttpRequest => ({
  method: step.method!,
  path: pathOf(String(symbols.fill(step.path))),
  query: { ...parametersOf(String(step.path)), ...(symbols.fill(step.query ?? {}) as Record<string, string>) },
  headers: {
    ...Object.fromEntries(
      Object.entries(symbols.fill(step.headers ?? {}) as Record<string, string>).map(([name, value]) => [
        name.toLowerCase(),
        value,
      ]),
    ),
    'content-type': step.contentType ?? 'application/json',
    accept: step.accept ?? 'application/json',
    'user-agent': `${step.userAgent ?? 'kscn'}/1`,
  },
  body:
    step.bodyText !== undefined
      ? repeated(String(symbols.fill(step.bodyText)))
      : step.body === undefined
        ? ''
        : repeated(JSON.stringify(symbols.fill(step.body))),
  credentials: credentialsOf(step.as ?? 'admin', symbols),
})

const setUp = (world: World, session: Session): void => {
  const post = (path: string, body: unknown): void => {
    const response = send(world, {
      method: 'POST',
      path,
      query: {},
      headers: { 'user-agent': 'kscn/1' },
      body: JSON.stringify(body),
      credentials: { kind: 'token', token: 'admintoken' },
    })
    if (response.code !== 201) throw new Error(`set-up of ${path}: ${response.code} ${JSON.stringify(response.body)}`)
  }
  for (const one of session.setup?.namespaces ?? []) {
    const metadata = typeof one === 'string' ? { name: one } : one
    post('/api/v1/namespaces', { apiVersion: 'v1', kind: 'Namespace', metadata })
    if (session.setup?.noServiceAccount === true) continue
    post(`/api/v1/namespaces/${metadata.name}/serviceaccounts`, {
      apiVersion: 'v1',
      kind: 'ServiceAccount',
      metadata: { name: 'default' },
    })
  }
}

interface Stream {
  readonly events: unknown[]
  readonly close: () => void
  ended: boolean
}

/** Differences that the README allows to be judged apart are compared all the same, unless KSCN_CONFORMANCE_MANAGED=no. */
const withManaged = process.env['KSCN_CONFORMANCE_MANAGED'] !== 'no'

const withoutManaged = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map(withoutManaged)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(
    Object.entries(value)
      .filter(([key]) => key !== 'managedFields')
      .map(([key, item]) => [key, withoutManaged(item)]),
  )
}

/** A Status whose causes came out of a Go map: causes, and the lists in its message, in any order. */
const inAnyOrder = (body: unknown): unknown => {
  if (typeof body !== 'object' || body === null || !('message' in body)) {
    const rules = (body as { readonly status?: { readonly resourceRules?: unknown[] } } | undefined)?.status
      ?.resourceRules
    if (rules === undefined) return body
    return {
      ...(body as object),
      status: {
        ...(body as { status: object }).status,
        resourceRules: [...rules].map((one) => JSON.stringify(one)).sort(),
      },
    }
  }
  const status = body as { readonly message?: string; readonly details?: { readonly causes?: unknown[] } }
  const message = (status.message ?? '')
    .split(/[[\],{}]|\s+/)
    .sort()
    .join(' ')
  const causes = status.details?.causes
  if (causes === undefined) return { ...status, message }
  return { ...status, message, details: { ...status.details, causes: causes.map((one) => JSON.stringify(one)).sort() } }
}

/** The recorded server had other clients: whatever a session does, revisions come in between. */
const neighbour = (world: World): void => {
  const code = send(world, {
    method: 'PATCH',
    path: '/apis/coordination.k8s.io/v1/namespaces/kube-system/leases/neighbour',
    query: { fieldManager: 'neighbour', force: 'true' },
    headers: { 'content-type': 'application/apply-patch+yaml', 'user-agent': 'neighbour/1' },
    body: JSON.stringify({
      apiVersion: 'coordination.k8s.io/v1',
      kind: 'Lease',
      metadata: { name: 'neighbour', annotations: { at: String(world.kernel.now) } },
    }),
    credentials: { kind: 'token', token: 'admintoken' },
  }).code
  if (code !== 200 && code !== 201) throw new Error(`the neighbour's write: ${code}`)
}

const play = (session: Session): string | undefined => {
  const world = createWorld(session)
  const symbols = createSymbols(epoch)
  setUp(world, session)
  const streams = new Map<string, Stream>()
  let at = 0
  for (const [index, step] of session.steps.entries()) {
    at += second + (step.wait ?? 0) * second
    advance(world.kernel, Math.max(at + 200_000, world.kernel.now))
    neighbour(world)
    symbols.step(index, Math.floor(world.kernel.now / second))
    const { expect } = step
    world.calls.length = 0
    const differences: string[] = []
    const compare = (recorded: unknown, real: unknown, what: string): void => {
      const shaped = (value: unknown): unknown => {
        const plain = withManaged ? value : withoutManaged(value)
        return expect.anyOrder === true ? inAnyOrder(plain) : plain
      }
      const difference = symbols.compare(shaped(recorded), shaped(real), what)
      if (difference !== undefined) differences.push(difference)
    }
    if (step.close !== undefined) {
      const stream = streams.get(step.close)!
      stream.close()
      compare(expect.events ?? [], stream.events, 'events')
      if (expect.ended === true && !stream.ended) differences.push('the watch has not ended')
    } else {
      const http = httpOf(step, symbols)
      let response: HttpResponse
      if (step.stream !== undefined) {
        let opened: HttpResponse | undefined
        const events: unknown[] = []
        const stream: Stream = { events, ended: false, close: () => handle.close() }
        const handle = world.door.watch(http, {
          opened: (one) => (opened = one),
          event: (event) => events.push(structuredClone(event)),
          closed: () => (stream.ended = true),
        })
        streams.set(step.stream, stream)
        while (opened === undefined && world.kernel.step(world.kernel.now + 60 * second));
        response = opened ?? { code: 0, warnings: [] }
      } else response = send(world, http)
      if (response.code !== expect.code) {
        differences.push(
          `code: recorded ${expect.code}, here ${response.code}: ${JSON.stringify(response.body)?.slice(0, 600)}\n  recorded: ${JSON.stringify(expect.body)?.slice(0, 600)}`,
        )
      } else {
        if (expect.body !== undefined) compare(expect.body, response.body, 'body')
        if (expect.text !== undefined) compare(expect.text, response.text, 'text')
        compare(expect.warnings ?? [], response.warnings, 'warnings')
        if (expect.webhookCalls !== undefined) compare(expect.webhookCalls, inCallOrder(world.calls), 'webhookCalls')
        if (expect.retryAfter !== undefined)
          compare(String(expect.retryAfter), String(response.retryAfter), 'retryAfter')
      }
    }
    if (differences.length > 0)
      return `step ${index} ${step.method ?? 'close'} ${step.path ?? step.close}\n  ${differences.join('\n  ')}`
  }
  return undefined
}

export const area: Area = {
  name: 'api',
  *cases(folder): Generator<ConformanceCase> {
    for (const path of caseFiles(folder)) {
      for (const line of readLines(path)) {
        const session = line as Session
        yield {
          id: session.id,
          file: path.slice(join(folder, '/').length),
          recorded: session,
          run: () => play(JSON.parse(placed(JSON.stringify(session))) as Session),
        }
      }
    }
  },
}
