import type { KubeObject } from '../../../api/object.ts'
import type { ApiRequest } from '../../../api/protocol/request.ts'
import type { WatchEvent } from '../../../api/protocol/watch-event.ts'
import { builtinScheme } from '../../../api/scheme/builtin-scheme.ts'
import { createApiServer, type RunningApiServer } from '../../../runtime/apiserver/create-api-server.ts'
import { createMembers } from '../../../runtime/etcd/create-members.ts'
import type { Etcd } from '../../../runtime/etcd/etcd.ts'
import { createStartState } from '../../../runtime/etcd/start-state.ts'
import { createKernel } from '../../../runtime/kernel/kernel.ts'
import { createNetwork } from '../../../runtime/network/network.ts'
import type { Revision } from '../../../runtime/record/revision.ts'
import type { Problem } from '../fuzzer.ts'
import { brokenGuarantee, type Committed, type Heard } from './guarantees.ts'

const second = 1_000_000
const memberNames = ['etcd/0', 'etcd/1', 'etcd/2']
const serverCount = 2

interface Client {
  readonly name: string
  readonly label: string | undefined
  /** Everything that its watches have heard, one after the other. */
  readonly heard: (Heard & { readonly events: WatchEvent[] })[]
  /** Where it goes on: the last version that it knows. */
  version: number
  watch: { close(): void } | undefined
  open: boolean
  server: number
}

/** A mistake to be found: the second server does not hear of every seventh revision. */
const forgetful = (etcd: Etcd): Etcd => {
  let count = 0
  return {
    ...etcd,
    get revision() {
      return etcd.revision
    },
    get compacted() {
      return etcd.compacted
    },
    get up() {
      return etcd.up
    },
    watch: (resource, listener, lost) =>
      etcd.watch(
        resource,
        (events) => {
          count += 1
          if (count % 7 !== 0) listener(events)
        },
        lost,
      ),
  }
}

const namespace = 'default'

/** Plays the steps on three members and two API servers, heals everything, and judges what the watchers have heard. */
export const runSteps = (steps: readonly string[], planted: boolean): Problem | undefined => {
  const kernel = createKernel({ seed: steps.join('\n'), startAt: 0, epoch: Date.UTC(2026, 0, 1) * 1000 })
  const scheme = builtinScheme()
  const maps = scheme.byKind('v1/ConfigMap')!
  const history: Committed[] = []
  let entries = 0
  const trace = {
    append(kind: string, ...[, , subject, data]: readonly [unknown, string, string, unknown]): number {
      if (kind === 'revision' && (data as Revision).resource === maps) {
        const { revision, object, before } = data as Revision
        history.push({ revision, key: subject.replace(/^[^/]*\//, ''), value: object, before })
      }
      return (entries += 1)
    },
  }
  const network = createNetwork()
  const start = createStartState([
    {
      resource: scheme.byKind('v1/Namespace')!,
      object: {
        apiVersion: 'v1',
        kind: 'Namespace',
        metadata: { name: namespace, uid: 'u', creationTimestamp: '2026-01-01T00:00:00Z' },
        spec: { finalizers: ['kubernetes'] },
        status: { phase: 'Active' },
      } as unknown as KubeObject,
    },
  ])
  const members = createMembers({
    kernel,
    trace,
    names: memberNames,
    fsync: 2000,
    start,
    reaches: (from, to) => network.reachable([from], [to]),
  })
  for (const member of members.members) member.start()
  network.subscribe(() => members.changed())
  const servers: RunningApiServer[] = Array.from({ length: serverCount }, (_, index) => {
    const etcd = members.client(index, (member) => network.reachable([`apiserver/${index}`], [member]))
    return createApiServer({
      kernel,
      trace,
      etcd: planted && index === 1 ? forgetful(etcd) : etcd,
      name: `apiserver/${index}`,
      scheme,
      latency: 500,
      watchDelay: 1000 * (index + 1),
      options: { alwaysAllow: true },
    })
  })
  const up = servers.map(() => true)
  const heals: (() => void)[] = []
  const clients = new Map<string, Client>()
  const problems: Problem[] = []
  const advance = (by: number): void => {
    const to = kernel.now + by
    while (kernel.step(to));
    kernel.idleUntil(to)
  }
  const base = {
    resource: maps,
    namespace,
    credentials: { kind: 'certificate', commonName: 'fuzz', organizations: ['system:masters'] },
    userAgent: 'fuzz/1',
  } as const satisfies Partial<ApiRequest>
  const objectOf = (name: string, label: string, count: number): KubeObject =>
    ({
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: { name, namespace, labels: { l: label } },
      data: { n: String(count) },
    }) as unknown as KubeObject

  let writes = 0
  const send = (server: number, request: ApiRequest): void => {
    if (!up[server]!) return
    servers[server]!.serve(request, (response) => {
      // What was acknowledged has been committed.
      const version = Number((response.body as KubeObject | undefined)?.metadata?.resourceVersion ?? '0')
      if (
        response.code < 300 &&
        request.verb !== 'delete' &&
        version > 0 &&
        !history.some((one) => one.revision === version)
      ) {
        problems.push({
          kind: 'no-lost-writes',
          detail: `${request.verb} of ${request.name ?? ''} was acknowledged at ${version}, but never committed`,
        })
      }
    })
  }

  const openWatch = (client: Client, server: number, initial: boolean): void => {
    if (!up[server]! || client.open) return
    const events: WatchEvent[] = []
    const heard = { name: `${client.name} at apiserver/${server}`, from: client.version, label: client.label, events }
    let counted = false
    client.open = true
    client.server = server
    const selector = client.label === undefined ? {} : { labelSelector: `l=${client.label}` }
    const options = initial
      ? {
          ...selector,
          sendInitialEvents: true,
          allowWatchBookmarks: true,
          resourceVersionMatch: 'NotOlderThan' as const,
        }
      : { ...selector, resourceVersion: String(client.version) }
    let listing = initial
    client.watch = servers[server]!.watch(
      { ...base, verb: 'watch', options },
      {
        opened: (response) => {
          if (response !== undefined && response.code >= 300) client.open = false
        },
        event(event) {
          if (listing) {
            // The objects that were there are no changes: the watch is judged from its first bookmark on.
            if (event.type === 'BOOKMARK') {
              listing = false
              client.version = Number(event.resourceVersion)
              client.heard.push({ ...heard, from: client.version })
              counted = true
            }
            return
          }
          if (!counted) {
            client.heard.push(heard)
            counted = true
          }
          client.heard[client.heard.length - 1]!.events.push(event)
          if (event.type === 'ERROR') client.version = -1
          else if (event.type === 'BOOKMARK') client.version = Number(event.resourceVersion)
          else client.version = Number(event.object.metadata.resourceVersion)
        },
        closed() {
          client.open = false
          client.watch = undefined
        },
      },
    )
    if (!initial) {
      client.heard.push(heard)
      counted = true
    }
  }

  const play = (step: string): void => {
    const [verb, a = '', b = '', c = ''] = step.split(' ')
    const index = Number(a)
    switch (verb) {
      case 'put':
        writes += 1
        send(index, { ...base, verb: 'create', body: objectOf(b, c, writes) })
        send(index, { ...base, verb: 'update', name: b, body: objectOf(b, c, writes) })
        return
      case 'delete':
        send(index, { ...base, verb: 'delete', name: b })
        return
      case 'both': {
        // One transaction of two keys, as no API server makes it: its events belong together.
        writes += 1
        const value =
          (name: string) =>
          (revision: number): KubeObject => {
            const object = objectOf(name, 'a', writes)
            return { ...object, metadata: { ...object.metadata, uid: name, resourceVersion: String(revision) } }
          }
        const ops = [a, b].map(
          (name) => ({ type: 'put', resource: maps, key: `${namespace}/${name}`, value: value(name) }) as const,
        )
        members.client(0, () => true).txn({ compare: [], ops: a === b ? [ops[0]!] : ops }, () => undefined)
        return
      }
      case 'crash':
        if (a.startsWith('s')) {
          const at = Number(a.slice(1))
          servers[at]?.stop('crash')
          up[at] = false
          // A connection that was not yet answered breaks as well.
          for (const client of clients.values()) if (client.server === at) client.open = false
        } else members.members[index]?.stop('crash')
        return
      case 'start':
        if (a.startsWith('s')) {
          const at = Number(a.slice(1))
          servers[at]?.start()
          up[at] = true
        } else members.members[index]?.start()
        return
      case 'cut':
        heals.push(network.cut(a, b))
        return
      case 'lag':
        heals.push(members.members[index]!.lag(Number(b) * 1000))
        return
      case 'heal':
        heals.shift()?.()
        return
      case 'compact':
        members.compact(members.client(0, () => true).revision - index)
        return
      case 'wait':
        advance(index * 1000)
        return
      case 'watch':
      case 'resume': {
        let client = clients.get(b)
        if (client === undefined) {
          client = {
            name: b,
            label: c === '' ? undefined : c,
            heard: [],
            version: -1,
            watch: undefined,
            open: false,
            server: -1,
          }
          clients.set(b, client)
        }
        openWatch(client, index, client.version === -1)
        return
      }
      case 'close': {
        const client = clients.get(a)
        client?.watch?.close()
        if (client !== undefined) client.open = false
        return
      }
      default:
        return
    }
  }

  for (const step of steps) {
    play(step)
    advance(1000)
  }
  for (const heal of heals.splice(0)) heal()
  for (const member of members.members) member.start()
  for (const [index, server] of servers.entries()) {
    server.start()
    up[index] = true
  }
  advance(20 * second)
  for (const client of clients.values()) openWatch(client, 0, client.version === -1)
  advance(20 * second)
  if (members.leader() === undefined)
    problems.push({ kind: 'leaderless', detail: 'all members run and hear each other, but none leads' })
  for (const client of clients.values()) {
    for (const [index, heard] of client.heard.entries()) {
      const complete = index === client.heard.length - 1 && client.open
      const problem = brokenGuarantee(heard, history, complete)
      if (problem !== undefined) problems.push(problem)
    }
  }
  return problems[0]
}
