import type { ApiRequest } from '../../api/protocol/request.ts'
import type { Node } from '../../api/types/core-v1.generated.ts'
import type { ExtenderSpec, NodePattern } from '../../dsl/plan/cluster-spec.ts'
import { createClient, type Client } from '../client/client.ts'
import { startFiber } from '../kernel/fiber.ts'
import type { Actor } from '../kernel/actor.ts'
import type {
  ExtenderArgs,
  ExtenderBindingArgs,
  ExtenderPreemptionArgs,
  MetaVictims,
  Victims,
} from '../scheduler/extenders/extender-bodies.ts'
import type { ExtenderCall, ExtenderHost, ExtenderReply } from '../scheduler/extenders/extender-host.ts'
import { createModuleExtender, type ModuleExtender } from './module-extender.ts'
import type { World } from './world.ts'

const globOf = (glob: string): RegExp =>
  new RegExp(`^${glob.replace(/[.+?^${}()|[\]\\]/g, '\\$&').replaceAll('*', '.*')}$`)

const matcherOf = ({ field, glob }: NodePattern): ((node: Node) => boolean) => {
  const pattern = globOf(glob)
  if (field === 'all') return () => true
  if (field === 'name') return ({ metadata }) => pattern.test(metadata.name)
  return ({ metadata }) =>
    Object.entries(metadata.labels ?? {}).some(([key, value]) => pattern.test(`${key}=${value}`) || pattern.test(key))
}

const metaOf = (victims: Readonly<Record<string, Victims>>): Readonly<Record<string, MetaVictims>> =>
  Object.fromEntries(
    Object.entries(victims).map(([node, { Pods, NumPDBViolations }]) => [
      node,
      { Pods: Pods.map((one) => ({ UID: one.metadata.uid })), NumPDBViolations },
    ]),
  )

const ok = (body: unknown): ExtenderReply => ({ kind: 'response', code: 200, body })

/** What a block says of filter, prioritize and preempt. */
const judgements = (spec: ExtenderSpec): ((call: ExtenderCall) => unknown) => {
  const denials = spec.deny.map((one) => ({ ...one, matches: matcherOf(one.nodes) }))
  const scores = spec.score.map((one) => ({ ...one, matches: matcherOf(one.nodes) }))
  const spared = spec.spare.map(matcherOf)
  return ({ verb, body, nodes }) => {
    if (verb === 'filter') {
      const FailedNodes: Record<string, string> = {}
      const FailedAndUnresolvableNodes: Record<string, string> = {}
      const kept = nodes.filter((node) => {
        const denial = denials.find((one) => one.matches(node))
        if (denial === undefined) return true
        const list = denial.unresolvable ? FailedAndUnresolvableNodes : FailedNodes
        list[node.metadata.name] = denial.message
        return false
      })
      const cached = (body as ExtenderArgs).Nodes === null
      const names = kept.map((one) => one.metadata.name)
      return {
        ...(cached ? { NodeNames: names } : { Nodes: { items: kept } }),
        FailedNodes,
        FailedAndUnresolvableNodes,
      }
    }
    if (verb === 'prioritize')
      return scores.length === 0
        ? []
        : nodes.map((node) => ({
            Host: node.metadata.name,
            Score: scores.reduce((sum, one) => sum + (one.matches(node) ? one.score : 0), 0),
          }))
    const { NodeNameToVictims, NodeNameToMetaVictims } = body as ExtenderPreemptionArgs
    const given: Readonly<Record<string, MetaVictims>> = NodeNameToMetaVictims ?? metaOf(NodeNameToVictims ?? {})
    const left = Object.entries(given).filter(([name]) => {
      const node = nodes.find((one) => one.metadata.name === name)
      return node === undefined || !spared.some((matches) => matches(node))
    })
    return { NodeNameToMetaVictims: Object.fromEntries(left) }
  }
}

interface Server {
  readonly spec: ExtenderSpec
  readonly actor: Actor
  readonly client: Client
  readonly judge: (call: ExtenderCall) => unknown
  readonly module: ModuleExtender | undefined
}

const startServer = (world: World, spec: ExtenderSpec): Server => {
  const { kernel, timeline: trace } = world
  const name = `extender/${spec.name}`
  const actor = kernel.actor(name)
  const client = createClient({
    transport: world.connect(actor, [name]),
    credentials: { kind: 'certificate', commonName: name, organizations: ['system:masters'] },
    userAgent: spec.name,
    scheme: world.scheme,
  })
  const complain = (message: string): void => {
    trace.append('truth', actor, 'complain', `complaints/${name}`, Object.freeze({ message, help: [] }))
  }
  const module =
    spec.file === undefined
      ? undefined
      : createModuleExtender(name, { path: spec.file, made: world.scripts?.(spec.file, 'default') }, complain)
  return { spec, actor, client, judge: judgements(spec), module }
}

const replyOf = ({ spec, judge, module }: Server, call: ExtenderCall): ExtenderReply => {
  const failure = spec.errors.find((one) => one.verb === call.verb)
  if (failure !== undefined)
    return failure.code === 200
      ? ok({ Error: failure.message })
      : { kind: 'response', code: failure.code, body: undefined }
  const own = module?.answer(call)
  if (own !== undefined) return own
  return call.verb === 'bind' ? ok({}) : ok(judge(call))
}

/** What a dialler says where nobody listens. */
const nobodyAt = (urlPrefix: string): string => {
  const [, scheme, host = urlPrefix, port] = /^([a-z]+):\/\/([^/:]+)(?::(\d+))?/.exec(urlPrefix) ?? []
  if (scheme === undefined) return 'unsupported protocol scheme ""'
  const address = host === 'localhost' ? '127.0.0.1' : host
  return /^[0-9.]+$/.test(address)
    ? `dial tcp ${address}:${port ?? (scheme === 'https' ? '443' : '80')}: connect: connection refused`
    : `dial tcp: lookup ${host}: no such host`
}

/**
 * The `extender` blocks as servers outside the cluster; `ends` are those of the scheduler that asks them. One answers at once,
 * with the state of the cluster as the scheduler sees it, and the scheduler waits for as long as it would have taken.
 */
export const createExtenderHost = (world: World, ends: readonly string[]): ExtenderHost => {
  const { kernel, network, spec } = world
  const servers = new Map<ExtenderSpec, Server>()
  const serverAt = (urlPrefix: string): Server | undefined => {
    const found = spec.extenders?.find((one) => one.urlPrefixes.includes(urlPrefix))
    if (found === undefined) return undefined
    let server = servers.get(found)
    if (server === undefined) {
      server = startServer(world, found)
      servers.set(found, server)
    }
    return server
  }
  /** undefined: nothing comes through. */
  const way = ({ spec: own }: Server): number | undefined => {
    const far = [`extender/${own.name}`]
    return network.reachable(ends, far) ? own.latency + 2 * network.delay(ends, far) : undefined
  }

  /** A binding is the extender's own write; what refuses it is its answer. */
  function* binding({ client }: Server, body: ExtenderBindingArgs): Generator<ApiRequest, ExtenderReply, unknown> {
    const answer = yield* client.request({
      verb: 'create',
      resource: world.scheme.byKind('v1/Pod')!,
      subresource: 'binding',
      namespace: body.PodNamespace,
      name: body.PodName,
      body: {
        apiVersion: 'v1',
        kind: 'Binding',
        metadata: { name: body.PodName, namespace: body.PodNamespace, uid: body.PodUID },
        target: { kind: 'Node', name: body.Node },
      },
    })
    return ok(answer.ok ? {} : { Error: answer.message })
  }

  return {
    ask(call) {
      const server = serverAt(call.urlPrefix)
      if (server === undefined) return { reply: { kind: 'unreachable', why: nobodyAt(call.urlPrefix) }, took: 0 }
      const took = way(server)
      if (took === undefined || took >= call.timeout) return { reply: { kind: 'silent' }, took: call.timeout }
      return { reply: replyOf(server, call), took }
    },
    bind(call, answered) {
      const server = serverAt(call.urlPrefix)
      if (server === undefined) {
        answered({ kind: 'unreachable', why: nobodyAt(call.urlPrefix) })
        return
      }
      let over = false
      const reply = (one: ExtenderReply): void => {
        if (over) return
        over = true
        kernel.cancel(deadline)
        answered(one)
      }
      const scheduler = kernel.actor(ends[0] ?? 'scheduler')
      const deadline = kernel.after(call.timeout, scheduler, () => reply({ kind: 'silent' }))
      const took = way(server)
      if (took === undefined) return
      // One that is late has bound the pod nevertheless.
      kernel.after(took, server.actor, () => {
        const said = replyOf(server, call)
        const refused = said.kind !== 'response' || said.code !== 200 || refusal(said.body) !== ''
        if (refused) reply(said)
        else
          startFiber(binding(server, call.body as ExtenderBindingArgs), {
            perform: (request, resume) => server.client.send(request, resume),
            finished: reply,
          })
      })
    },
  }
}

const refusal = (body: unknown): unknown => (body as { readonly Error?: unknown } | null)?.Error ?? ''
