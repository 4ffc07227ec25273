import type { Node, Pod } from '../../api/types/core-v1.generated.ts'
import type { ExtenderConfiguration } from './config/configuration.ts'
import type { PodInfo } from './pod-info.ts'

/**
 * Whoever plays an extender: one function a verb, by the bodies that kube-scheduler posts and reads
 * (staging/src/k8s.io/kube-scheduler/extender/v1/types.go). It answers at once and is asked in the order of the configuration.
 */
export interface ExtenderPlayer {
  /** The urlPrefix under which the configuration names it. */
  readonly urlPrefix: string
  readonly verbs: Readonly<Record<string, ((args: never) => unknown) | undefined>>
}

export interface ExtenderArgs {
  readonly Pod: Pod
  /** undefined with nodeCacheCapable. */
  readonly Nodes: { readonly items: readonly Node[] } | undefined
  /** Only with nodeCacheCapable. */
  readonly NodeNames: readonly string[] | undefined
}
export interface ExtenderFilterResult {
  readonly Nodes?: { readonly items: readonly Node[] }
  readonly NodeNames?: readonly string[]
  readonly FailedNodes?: Readonly<Record<string, string>>
  readonly FailedAndUnresolvableNodes?: Readonly<Record<string, string>>
  readonly Error?: string
}
export type HostPriorityList = readonly { readonly Host: string; readonly Score: number }[]
export interface ExtenderBindingArgs {
  readonly PodName: string
  readonly PodNamespace: string
  readonly PodUID: string
  readonly Node: string
}

export type Answer<A> = { readonly ok: true; readonly value: A } | { readonly ok: false; readonly error: string }

/** One extender of the configuration, as the scheduler asks it. */
export interface Extender {
  readonly name: string
  readonly ignorable: boolean
  readonly prioritizes: boolean
  readonly filters: boolean
  readonly binds: boolean
  interested(pod: PodInfo): boolean
  filter(pod: PodInfo, nodes: readonly Node[]): Answer<Filtered>
  /** Scores times weight, on the scale of the plugins. */
  prioritize(pod: PodInfo, nodes: readonly Node[]): ReadonlyMap<string, number>
  bind(pod: PodInfo, node: string): string | undefined
}

export interface Filtered {
  readonly nodes: readonly string[]
  readonly failed: Readonly<Record<string, string>>
  readonly unresolvable: Readonly<Record<string, string>>
}

/** MaxNodeScore / MaxExtenderPriority */
const scale = 10

/** HTTPExtender (pkg/scheduler/extender.go), with who plays it in place of the connection. */
export const createExtender = (
  configuration: ExtenderConfiguration,
  players: readonly ExtenderPlayer[],
  complain: (message: string) => void,
): Extender => {
  const url = configuration.urlPrefix.replace(/\/+$/, '')
  const player = players.find((one) => one.urlPrefix.replace(/\/+$/, '') === url)
  const managed = new Set((configuration.managedResources ?? []).map((one) => one.name))
  const { filterVerb = '', prioritizeVerb = '', bindVerb = '', nodeCacheCapable = false } = configuration

  const send = (verb: string, args: unknown): Answer<unknown> => {
    const call = player?.verbs[verb]
    if (player === undefined) {
      const host = /^[a-z]+:\/\/([^/]+)/.exec(url)?.[1] ?? url
      return { ok: false, error: `Post "${url}/${verb}": dial tcp: lookup ${host}: no such host` }
    }
    if (call === undefined) return { ok: false, error: `failed ${verb} with extender at URL ${url}/${verb}, code 404` }
    try {
      const value = call(args as never)
      if (typeof value === 'object' && value !== null) return { ok: true, value }
      complain(`extender ${url}: ${verb} answered ${JSON.stringify(value) ?? String(value)} instead of an object`)
    } catch (error) {
      complain(`extender ${url}: ${verb} threw ${error instanceof Error ? error.message : String(error)}`)
    }
    return { ok: false, error: `failed ${verb} with extender at URL ${url}/${verb}, code 500` }
  }
  const argsOf = (pod: PodInfo, nodes: readonly Node[]): ExtenderArgs => ({
    Pod: pod.pod,
    Nodes: nodeCacheCapable ? undefined : { items: nodes },
    NodeNames: nodeCacheCapable ? nodes.map((one) => one.metadata.name) : undefined,
  })

  return {
    name: configuration.urlPrefix,
    ignorable: configuration.ignorable === true,
    prioritizes: prioritizeVerb !== '',
    filters: filterVerb !== '',
    binds: bindVerb !== '',
    interested({ pod }) {
      if (managed.size === 0) return true
      return [...(pod.spec.initContainers ?? []), ...pod.spec.containers].some(({ resources }) =>
        [...Object.keys(resources?.requests ?? {}), ...Object.keys(resources?.limits ?? {})].some((name) =>
          managed.has(name),
        ),
      )
    },
    filter(pod, nodes) {
      const names = nodes.map((one) => one.metadata.name)
      if (filterVerb === '') return { ok: true, value: { nodes: names, failed: {}, unresolvable: {} } }
      const answer = send(filterVerb, argsOf(pod, nodes))
      if (!answer.ok) return answer
      const result = answer.value as ExtenderFilterResult
      if ((result.Error ?? '') !== '') return { ok: false, error: result.Error! }
      const kept = nodeCacheCapable ? result.NodeNames : result.Nodes?.items.map((one) => one.metadata.name)
      const stranger = kept?.find((name) => !names.includes(name))
      if (stranger !== undefined)
        return {
          ok: false,
          error: `extender ${JSON.stringify(configuration.urlPrefix)} claims a filtered node ${JSON.stringify(stranger)} which is not found in the input node list`,
        }
      const { FailedNodes: failed = {}, FailedAndUnresolvableNodes: unresolvable = {} } = result
      return { ok: true, value: { nodes: kept ?? [], failed, unresolvable } }
    },
    prioritize(pod, nodes) {
      const scores = new Map<string, number>()
      if (prioritizeVerb === '') return scores
      // Upstream ignores an extender that cannot say.
      const answer = send(prioritizeVerb, argsOf(pod, nodes))
      if (!answer.ok) return scores
      const list = Array.isArray(answer.value) ? (answer.value as HostPriorityList) : []
      for (const { Host, Score } of list)
        scores.set(Host, (scores.get(Host) ?? 0) + Score * (configuration.weight ?? 0) * scale)
      return scores
    },
    bind(pod, node) {
      const args: ExtenderBindingArgs = {
        PodName: pod.name,
        PodNamespace: pod.namespace,
        PodUID: pod.uid,
        Node: node,
      }
      const answer = send(bindVerb, args)
      if (!answer.ok) return answer.error
      const { Error: error = '' } = answer.value as { readonly Error?: string }
      return error === '' ? undefined : error
    },
  }
}

/**
 * extendersBinding: the first interested extender that binds is asked; what it says when it refuses.
 * Differs: who plays an extender has no client of its own, so the binding that it agrees to is written by the scheduler.
 */
export const extendersRefusal = (extenders: readonly Extender[], pod: PodInfo, node: string): string | undefined => {
  for (const extender of extenders) {
    if (!extender.binds || !extender.interested(pod)) continue
    const error = extender.bind(pod, node)
    if (error === undefined) return undefined
    if (!extender.ignorable) return error
  }
  return undefined
}
