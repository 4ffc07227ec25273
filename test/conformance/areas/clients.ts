import { basename, join } from 'node:path'
import { builtinScheme } from '../../../api/scheme/builtin-scheme.ts'
import { parseYaml } from '../../../integrations/http/parse-yaml.ts'
import { createApiServer } from '../../../runtime/apiserver/create-api-server.ts'
import { createHttpDoor, type HttpDoor } from '../../../runtime/apiserver/http-door.ts'
import type { HttpRequest, HttpResponse } from '../../../runtime/apiserver/http-message.ts'
import { createEtcd } from '../../../runtime/etcd/create-etcd.ts'
import { createKernel, type Kernel } from '../../../runtime/kernel/kernel.ts'
import type { Area, ConformanceCase } from '../area.ts'
import { bootstrapState } from '../bootstrap-state.ts'
import { caseFiles, readLines } from '../read-cases.ts'

interface Recorded {
  readonly method: string
  readonly path: string
  readonly query?: string
  readonly accept?: string
  readonly contentType?: string
  readonly body?: unknown
  /** `injected`: the recorder answered in the server's place. */
  readonly status: number | 'injected'
  readonly stream?: readonly string[]
}

interface Session {
  readonly id: string
  readonly requests: readonly Recorded[]
}

const epoch = Date.UTC(2026, 0, 1) * 1000
const second = 1_000_000
const streamEnd = 'BOOKMARK initial-events-end'

interface Shown {
  readonly kind?: string
  readonly metadata?: {
    readonly name?: string
    readonly uid?: string
    readonly resourceVersion?: string
    readonly continue?: string
    readonly annotations?: Readonly<Record<string, string>>
  }
  readonly items?: readonly Shown[]
}

interface Stream {
  readonly of: Recorded
  readonly events: { readonly type: string; readonly object: Shown }[]
}

/** A server alone, as the recorded one was, and what a client remembers of its answers. */
interface World {
  readonly kernel: Kernel
  readonly door: HttpDoor
  readonly streams: Stream[]
  readonly known: Map<string, Shown>
  last: Shown
  /** Of the last answer that told one. */
  version: string
}

const createWorld = (): World => {
  const kernel = createKernel({ seed: 'clients', epoch, startAt: -second })
  const trace = { append: () => 0 }
  const etcd = createEtcd({ kernel, trace, name: 'etcd/0', fsync: 0, start: bootstrapState() })
  const server = createApiServer({
    kernel,
    trace,
    etcd,
    name: 'apiserver/0',
    scheme: builtinScheme(),
    latency: 0,
    watchDelay: 0,
    options: {
      tokens: new Map([
        ['admin', { name: 'admin', uid: '', groups: ['system:masters', 'system:authenticated'], extra: {} }],
      ]),
    },
  })
  return { kernel, door: createHttpDoor(server, parseYaml), streams: [], known: new Map(), last: {}, version: '1' }
}

const settle = ({ kernel }: World): void => {
  const to = kernel.now + 200_000
  while (kernel.step(to));
  kernel.idleUntil(to)
}

const keyOf = (path: string): string => path.replace(/\/(?:status|scale)$/, '')

/** Placeholders of the recording with what a client would know by now. */
const fill = (world: World, text: string, one: Recorded): string => {
  const given = (one.body ?? {}) as Shown
  const own = world.known.get(keyOf(one.path))
  const version = own?.metadata?.resourceVersion
  const name = given.metadata?.name
  return text
    .replaceAll('timeout=<random>', 'timeout=300s')
    .replaceAll('<random>', '300')
    .replaceAll('<continue>', world.last.metadata?.continue ?? '')
    .replaceAll('<rv>', one.status === 409 ? '1' : (version ?? world.version))
    .replaceAll('<time>', '2026-01-01T00:00:00.000000Z')
    .replace(/<uid:\d+>/g, own?.metadata?.uid ?? '00000000-0000-4000-8000-000000000000')
    .replaceAll('<name>', name === undefined || name === '<name>' ? 'some-name' : name)
}

const httpOf = (world: World, one: Recorded): HttpRequest => ({
  method: one.method,
  path: fill(world, one.path, one),
  query: Object.fromEntries(new URLSearchParams(fill(world, one.query ?? '', one))),
  headers: {
    accept: one.accept ?? 'application/json',
    // Bodies that went as protobuf are recorded decoded.
    'content-type': (one.contentType ?? 'application/json').replace(
      /^application\/vnd\.kubernetes\.protobuf.*/,
      'application/json',
    ),
    'user-agent': 'clients/1',
  },
  body: one.body === undefined ? '' : fill(world, JSON.stringify(one.body), one),
  credentials: { kind: 'token', token: 'admin' },
})

const remember = (world: World, one: Recorded, body: unknown): void => {
  const shown = body as Shown | undefined
  if (shown?.metadata === undefined) return
  world.last = shown
  world.version = shown.metadata.resourceVersion ?? world.version
  const name = shown.metadata.name
  if (name === undefined || /Status|Scale|Table/.test(shown.kind ?? '')) return
  world.known.set(one.method === 'POST' ? `${one.path}/${name}` : keyOf(one.path), shown)
}

const send = (world: World, one: Recorded): number => {
  const http = httpOf(world, one)
  let answer: HttpResponse | undefined
  if (/(?:^|&)watch=true/.test(one.query ?? '')) {
    const stream: Stream = { of: one, events: [] }
    world.streams.push(stream)
    world.door.watch(http, {
      opened: (response) => (answer = response),
      event: (event) => stream.events.push(event as Stream['events'][number]),
      closed: () => undefined,
    })
  } else world.door.serve(http, (response) => (answer = response))
  while (answer === undefined && world.kernel.step(world.kernel.now + 60 * second));
  if (answer === undefined) throw new Error('no answer')
  remember(world, one, answer.body)
  settle(world)
  return answer.code
}

const eventText = ({ type, object }: Stream['events'][number]): string =>
  object.metadata?.annotations?.['k8s.io/initial-events-end'] === 'true'
    ? streamEnd
    : `${type} ${object.metadata?.name ?? ''}`

/** The recorded program's own writes, which are not recorded, as its stream tells them: of an object that nobody else touches. */
const act = (world: World, path: string, event: string): void => {
  const [type, name] = event.split(' ')
  const body = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name }, data: { at: String(world.kernel.now) } }
  if (type === 'ADDED') send(world, { method: 'POST', path, body, status: 201 })
  if (type === 'MODIFIED') send(world, { method: 'PUT', path: `${path}/${name}`, body, status: 200 })
  if (type === 'DELETED') send(world, { method: 'DELETE', path: `${path}/${name}`, status: 200 })
}

/** The service account of a controller was there before the first request that names it is recorded. */
const ensureAccount = (world: World, one: Recorded): void => {
  const found = /^(.*\/serviceaccounts)\/<name>/.exec(one.path)
  if (found === null || one.status === 404) return
  const body = { apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name: 'some-name' } }
  send(world, { method: 'POST', path: found[1]!, body, status: 201 })
}

const play = (world: World, { requests }: Session): string | undefined => {
  world.streams.length = 0
  for (const [index, one] of requests.entries()) {
    if (one.status === 'injected') continue
    ensureAccount(world, one)
    const code = send(world, one)
    if (code !== one.status)
      return `request ${index} ${one.method} ${one.path}: recorded ${one.status}, here ${code} ${JSON.stringify(world.last).slice(0, 400)}`
    const initial = one.stream?.indexOf(streamEnd) ?? -1
    for (const event of one.stream?.slice(initial + 1) ?? []) if (event.endsWith(' live')) act(world, one.path, event)
  }
  for (const { of, events } of world.streams) {
    if (of.stream === undefined) continue
    const here = events.map(eventText).filter((one) => !/^BOOKMARK (?!initial)/.test(one))
    if (here.join() !== of.stream.join())
      return `stream of ${of.path}: recorded ${of.stream.join(', ')}; here ${here.join(', ')}`
    if ((of.accept ?? '').includes('as=PartialObjectMetadata')) {
      const other = events.find(({ object }) => object.kind !== 'PartialObjectMetadata')
      if (other !== undefined) return `stream of ${of.path}: a ${other.object.kind} in place of its metadata`
    }
  }
  return undefined
}

const namespace = 'client-tour'

/** What the recorded program had prepared. */
const prepare = (world: World): void => {
  const post = (path: string, body: object): void => {
    if (send(world, { method: 'POST', path, body, status: 201 }) !== 201) throw new Error(`set-up of ${path}`)
  }
  post('/api/v1/namespaces', { apiVersion: 'v1', kind: 'Namespace', metadata: { name: namespace } })
  const inside = `/api/v1/namespaces/${namespace}`
  post(`${inside}/serviceaccounts`, { apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name: 'default' } })
  for (const name of ['a', 'b', 'kube-root-ca.crt'])
    post(`${inside}/configmaps`, { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name }, data: { k: 'v' } })
}

/** Sessions of a program: each on a server of its own. */
const sessionsOf = function* (file: string): Iterable<ConformanceCase> {
  for (const recorded of readLines(file) as Session[]) {
    yield {
      id: `${basename(file, '.jsonl')}/${recorded.id}`,
      file: basename(file),
      recorded,
      run() {
        const world = createWorld()
        prepare(world)
        return play(world, recorded)
      },
    }
  }
}

/** A component's first requests: one server for all, each asked in its turn. */
const startupOf = function* (file: string): Iterable<ConformanceCase> {
  const lines = readLines(file) as Recorded[]
  let verdicts: readonly (string | undefined)[] | undefined
  const judge = (): readonly (string | undefined)[] => {
    const world = createWorld()
    return lines.map((one) => play(world, { id: '', requests: [one] }))
  }
  for (const [index, recorded] of lines.entries()) {
    yield {
      id: `${basename(file, '.jsonl')}/${String(index + 1).padStart(2, '0')}`,
      file: basename(file),
      recorded,
      run: () => (verdicts ??= judge())[index],
    }
  }
}

/**
 * What client-go and the real components ask of the server. Compared: the status of every answer and the events of every
 * stream. Differs: the server answers in JSON where a client would rather have protobuf, which clients accept.
 */
export const area: Area = {
  name: 'clients',
  *cases(folder) {
    for (const file of caseFiles(folder)) {
      // The list of runs holds no request.
      if (basename(file) === 'startup.jsonl') continue
      yield* basename(file).startsWith('startup-') ? startupOf(join(folder, basename(file))) : sessionsOf(file)
    }
  },
}
