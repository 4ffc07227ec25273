import { parseGoDuration } from '../../../api/durations/go-duration.ts'
import type { Node } from '../../../api/types/core-v1.generated.ts'
import type { ExtenderConfiguration } from '../config/configuration.ts'
import type { PodInfo } from '../pod-info.ts'
import { decodeReply } from './decode-reply.ts'
import type { Extender, Timed } from './extender.ts'
import type {
  ExtenderArgs,
  ExtenderBindingArgs,
  ExtenderBindingResult,
  ExtenderFilterResult,
  ExtenderPreemptionArgs,
  ExtenderPreemptionResult,
  HostPriorityList,
  MetaVictims,
  Victims,
} from './extender-bodies.ts'
import type { ExtenderCall, ExtenderHost, ExtenderVerb } from './extender-host.ts'

/** MaxNodeScore / MaxExtenderPriority */
const scale = 10
/** DefaultExtenderTimeout */
const defaultTimeout = 5_000_000

const namesOf = (nodes: readonly Node[]): readonly string[] => nodes.map((one) => one.metadata.name)

const metaVictims = ({ Pods, NumPDBViolations }: Victims): MetaVictims => ({
  Pods: Pods.map((one) => ({ UID: one.metadata.uid })),
  NumPDBViolations,
})

/** HTTPExtender (pkg/scheduler/extender.go), with a host in place of the connection. */
export const createExtender = (configuration: ExtenderConfiguration, host: ExtenderHost): Extender => {
  const { urlPrefix, nodeCacheCapable = false } = configuration
  const given = parseGoDuration(configuration.httpTimeout ?? '')
  const timeout = 'error' in given || given.nanos === 0n ? defaultTimeout : Number(given.nanos / 1000n)
  const managed = new Set((configuration.managedResources ?? []).map((one) => one.name))
  const paths: Readonly<Record<ExtenderVerb, string>> = {
    filter: configuration.filterVerb ?? '',
    prioritize: configuration.prioritizeVerb ?? '',
    preempt: configuration.preemptVerb ?? '',
    bind: configuration.bindVerb ?? '',
  }

  const callOf = (verb: ExtenderVerb, body: unknown, nodes: readonly Node[]): ExtenderCall => ({
    urlPrefix,
    url: `${urlPrefix.replace(/\/+$/, '')}/${paths[verb]}`,
    verb,
    timeout,
    body,
    nodes,
  })
  const ask = (verb: ExtenderVerb, body: unknown, nodes: readonly Node[]): Timed<unknown> => {
    const call = callOf(verb, body, nodes)
    const { reply, took } = host.ask(call)
    return { ...decodeReply(call, paths[verb], reply), took }
  }
  const argsOf = ({ pod }: PodInfo, nodes: readonly Node[]): ExtenderArgs => ({
    Pod: pod,
    Nodes: nodeCacheCapable ? null : { items: nodes },
    NodeNames: nodeCacheCapable ? namesOf(nodes) : null,
  })

  return {
    name: urlPrefix,
    ignorable: configuration.ignorable === true,
    prioritizes: paths.prioritize !== '',
    filters: paths.filter !== '',
    binds: paths.bind !== '',
    preempts: paths.preempt !== '',
    interested({ pod }) {
      if (managed.size === 0) return true
      return [...(pod.spec.initContainers ?? []), ...pod.spec.containers].some(({ resources }) =>
        [...Object.keys(resources?.requests ?? {}), ...Object.keys(resources?.limits ?? {})].some((name) =>
          managed.has(name),
        ),
      )
    },
    filter(pod, nodes) {
      if (paths.filter === '')
        return { ok: true, took: 0, value: { nodes: namesOf(nodes), failed: {}, unresolvable: {} } }
      const answer = ask('filter', argsOf(pod, nodes), nodes)
      if (!answer.ok) return answer
      const { took } = answer
      const result = answer.value as ExtenderFilterResult
      const error = result.Error ?? ''
      if (error !== '') return { ok: false, error, took }
      const names = nodeCacheCapable ? result.NodeNames : undefined
      const input = new Set(namesOf(nodes))
      // Of a list of nodes each is believed; only names are looked up.
      const kept = names ?? namesOf(result.Nodes?.items ?? [])
      const stranger = names?.find((one) => !input.has(one))
      if (stranger !== undefined) {
        const claim = `extender ${JSON.stringify(urlPrefix)} claims a filtered node ${JSON.stringify(stranger)}`
        return { ok: false, took, error: `${claim} which is not found in the input node list` }
      }
      const failed = result.FailedNodes ?? {}
      const unresolvable = result.FailedAndUnresolvableNodes ?? {}
      return { ok: true, took, value: { nodes: kept, failed, unresolvable } }
    },
    prioritize(pod, nodes) {
      const scores = new Map<string, number>()
      if (paths.prioritize === '') {
        for (const name of namesOf(nodes)) scores.set(name, 0)
        return { ok: true, took: 0, value: scores }
      }
      const answer = ask('prioritize', argsOf(pod, nodes), nodes)
      if (!answer.ok) return answer
      for (const { Host = '', Score = 0 } of (answer.value ?? []) as HostPriorityList)
        scores.set(Host, (scores.get(Host) ?? 0) + Score * (configuration.weight ?? 0) * scale)
      return { ok: true, took: answer.took, value: scores }
    },
    preempt({ pod }, nodes, victims) {
      const entries = [...victims]
      const body: ExtenderPreemptionArgs = {
        Pod: pod,
        NodeNameToVictims: nodeCacheCapable ? null : Object.fromEntries(entries),
        NodeNameToMetaVictims: nodeCacheCapable
          ? Object.fromEntries(entries.map(([node, one]) => [node, metaVictims(one)]))
          : null,
      }
      const answer = ask('preempt', body, nodes)
      if (!answer.ok) return answer
      const { NodeNameToMetaVictims: chosen } = answer.value as ExtenderPreemptionResult
      return { ok: true, took: answer.took, value: chosen ?? {} }
    },
    bind(pod, node, answered) {
      const body: ExtenderBindingArgs = {
        PodName: pod.name,
        PodNamespace: pod.namespace,
        PodUID: pod.uid,
        Node: node,
      }
      const call = callOf('bind', body, [])
      host.bind(call, (reply) => {
        const answer = decodeReply(call, paths.bind, reply)
        if (!answer.ok) answered(answer.error)
        else {
          const error = (answer.value as ExtenderBindingResult | null)?.Error ?? ''
          answered(error === '' ? undefined : error)
        }
      })
    },
  }
}
