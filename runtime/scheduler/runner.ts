import type { KubeObject } from '../../api/object.ts'
import type { NodeTable } from './cache/node-table.ts'
import type { ClusterEvent } from './cluster-event.ts'
import { action, anyEvent } from './cluster-event.ts'
import type { Diagnosis } from './diagnosis.ts'
import {
  precedes,
  type Cycle,
  type EventRegistration,
  type Handle,
  type Listers,
  type Plugin,
  type PluginFactory,
  type PostFilterAnswer,
  type Queued,
} from './framework.ts'
import type { Nominator } from './nominator.ts'
import type { PodInfo } from './pod-info.ts'
import type { Extender } from './extenders/extender.ts'
import { profileError } from './config/profile-error.ts'
import { registry } from './plugins/registry.ts'
import { argsOf, pluginsOf, profilePlugins, type SchedulerProfile } from './profile.ts'
import { createWaitingPods, type WaitingPods } from './waiting-pods.ts'
import { isRejected, status, statusMessage, type Status } from './status.ts'

/** The world around a scheduler's decisions. */
export interface Surroundings {
  readonly nodes: NodeTable
  readonly listers: Listers
  readonly nominator: Nominator
  now(): number
  choose(label: string, n: number): number
  /** Whether victims of this pod are still to be deleted. */
  preempting(uid: string): boolean
  readonly extenders?: readonly Extender[]
  readonly waiting?: WaitingPods
  /** Plugins beside the built-in ones, by name. */
  readonly plugins?: Readonly<Record<string, PluginFactory | undefined>>
}

export interface PreFilterResult {
  readonly status: Status | undefined
  /** undefined: all nodes. */
  readonly nodes: ReadonlySet<string> | undefined
  readonly plugins: ReadonlySet<string>
}

export interface PluginScores {
  readonly plugin: Plugin
  readonly weight: number
  readonly raw: Float64Array
  readonly normalized: Float64Array
  /** All of them are 0. */
  readonly zero: boolean
}

/** Stands for all extenders where a plugin is named: they say no, and any event may change that. */
export const extenderName = 'Extender'

/** Runs the plugins of one profile (frameworkImpl, pkg/scheduler/framework/runtime/framework.go). */
export interface Framework {
  /** The name of its profile. */
  readonly schedulerName: string
  readonly extenders: readonly Extender[]
  /** Why the profile cannot be run, in upstream's words. */
  readonly error: string | undefined
  readonly plugins: readonly Plugin[]
  readonly handle: Handle
  readonly percentageOfNodesToScore: number
  readonly hints: readonly { readonly plugin: string; readonly registration: EventRegistration }[]
  readonly eventsOf: ReadonlyMap<string, readonly ClusterEvent[]>
  readonly hasPostFilter: boolean
  readonly runsPreemption: boolean
  readonly preBindPlugins: readonly Plugin[]
  readonly bindPlugins: readonly Plugin[]
  readonly postBindPlugins: readonly Plugin[]
  /** The order of the active queue. */
  precedes(a: Queued, b: Queued): boolean
  preEnqueue(pod: PodInfo, first?: string): Status | undefined
  preFilter(cycle: Cycle): PreFilterResult
  filter(cycle: Cycle, slot: number): Status | undefined
  filterWithNominated(cycle: Cycle, slot: number): Status | undefined
  postFilter(cycle: Cycle, diagnosis: Diagnosis): PostFilterAnswer
  preScore(cycle: Cycle, slots: Int32Array): Status | undefined
  /** Scores of every plugin that was not skipped; or the first error. Unless raw scores are kept too, they last until the next call. */
  score(cycle: Cycle, slots: Int32Array, keepRaw: boolean): readonly PluginScores[] | Status
  skippedScores(cycle: Cycle): readonly string[]
  /** Whether anybody tells nodes apart that could take a pod. */
  readonly hasScoring: boolean
  reserve(cycle: Cycle, node: string): Status | undefined
  unreserve(cycle: Cycle, node: string): void
  /** Whom the pod has to wait for, and how many seconds at most; a refusal; or nobody. */
  permit(cycle: Cycle, node: string): ReadonlyMap<string, number> | Status | undefined
}

/** maxTimeout, pkg/scheduler/framework/runtime/framework.go. */
const longestPermit = 900

/** Every plugin that waits for new nodes also hears of taint changes (buildQueueingHintMap, pkg/scheduler/scheduler.go). */
const withTaints = (registrations: readonly EventRegistration[]): readonly EventRegistration[] => {
  const result: EventRegistration[] = []
  for (const one of registrations) {
    result.push(one)
    const { resource, actions } = one.event
    if (resource === 'Node' && (actions & action.add) !== 0 && (actions & action.updateNodeTaint) === 0) {
      result.push({ event: { resource: 'Node', actions: action.updateNodeTaint } })
    }
  }
  return result
}

export const createFramework = (profile: SchedulerProfile, around: Surroundings): Framework => {
  const byName = new Map<string, Plugin>()
  const plugins: Plugin[] = []
  let classes: { readonly list: readonly unknown[]; readonly byResource: Map<string, string> } | undefined

  const deviceClassOf = (resource: string): string | undefined => {
    const list = around.listers.list('resource.k8s.io/v1/DeviceClass')
    if (list.length === 0) return undefined
    if (classes?.list !== list) {
      const byResource = new Map<string, string>()
      for (const one of list) {
        byResource.set(`deviceclass.resource.kubernetes.io/${one.metadata.name}`, one.metadata.name)
        const named = (one as { readonly spec?: { readonly extendedResourceName?: string } }).spec?.extendedResourceName
        if (named !== undefined) byResource.set(named, one.metadata.name)
      }
      classes = { list, byResource }
    }
    return classes.byResource.get(resource)
  }

  const extenders = around.extenders ?? []
  const handle: Handle = {
    extenders,
    waiting: around.waiting ?? createWaitingPods(),
    nodes: around.nodes,
    listers: around.listers,
    nominator: around.nominator,
    now: () => around.now(),
    choose: (label, n) => around.choose(label, n),
    preempting: (uid) => around.preempting(uid),
    deviceClassOf,
    filterNode: (cycle, slot) => filterWithNominated(cycle, slot),
    addPod(cycle, pod, slot) {
      around.nodes.addPodAt(slot, pod)
      for (const [index, plugin] of preFilterPlugins) {
        if (plugin.addPod !== undefined && cycle.skipFilter[index] !== true) plugin.addPod(cycle, pod, slot)
      }
    },
    removePod(cycle, pod, slot) {
      around.nodes.removePodAt(slot, pod)
      for (const [index, plugin] of preFilterPlugins) {
        if (plugin.removePod !== undefined && cycle.skipFilter[index] !== true) plugin.removePod(cycle, pod, slot)
      }
    },
  }

  for (const name of profilePlugins(profile)) {
    const factory = around.plugins?.[name] ?? registry[name]
    if (factory === undefined) continue
    const plugin = factory(handle, argsOf(profile, name), plugins.length)
    byName.set(name, plugin)
    plugins.push(plugin)
  }
  const indexed = (list: readonly { readonly plugin: Plugin }[]): readonly (readonly [number, Plugin])[] =>
    list.map(({ plugin }) => [plugins.indexOf(plugin), plugin] as const)
  const preEnqueuePlugins = pluginsOf(profile, 'preEnqueue', byName).map((one) => one.plugin)
  const preFilterPlugins = indexed(pluginsOf(profile, 'preFilter', byName))
  const filterPlugins = indexed(pluginsOf(profile, 'filter', byName))
  const postFilterPlugins = pluginsOf(profile, 'postFilter', byName).map((one) => one.plugin)
  const preScorePlugins = indexed(pluginsOf(profile, 'preScore', byName))
  const scorePlugins = pluginsOf(profile, 'score', byName).map((one) => ({
    ...one,
    index: plugins.indexOf(one.plugin),
  }))
  const reservePlugins = pluginsOf(profile, 'reserve', byName).map((one) => one.plugin)
  const permitPlugins = pluginsOf(profile, 'permit', byName).map((one) => one.plugin)
  const sorting = pluginsOf(profile, 'queueSort', byName)[0]?.plugin
  const preBindPlugins = pluginsOf(profile, 'preBind', byName).map((one) => one.plugin)

  const filter = (cycle: Cycle, slot: number): Status | undefined => {
    const active = (cycle.filters ??= filterPlugins
      .filter(([index]) => cycle.skipFilter[index] !== true)
      .map(([, plugin]) => plugin))
    for (let at = 0; at < active.length; at += 1) {
      const plugin = active[at]!
      const verdict = plugin.filter!(cycle, slot)
      if (verdict !== undefined) {
        if (isRejected(verdict)) return verdict
        return status(plugin.name, 'Error', `running "${plugin.name}" filter plugin: ${statusMessage(verdict)}`)
      }
    }
    return undefined
  }

  // Scores of one attempt are forgotten with the next: their room is used again.
  const rooms: Float64Array[] = []
  const room = (index: number, size: number): Float64Array => {
    let own = rooms[index]
    if (own === undefined || own.length < size) {
      own = new Float64Array(Math.max(size, 64))
      rooms[index] = own
    }
    return own.subarray(0, size).fill(0)
  }

  const filterWithNominated = (cycle: Cycle, slot: number): Status | undefined => {
    if (!around.nominator.any) return filter(cycle, slot)
    const { pod } = cycle
    const nominated = around.nominator.on(around.nodes.slots[slot]!.name)
    const added = nominated.filter((one) => one.priority >= pod.priority && one.uid !== pod.uid)
    if (added.length === 0) return filter(cycle, slot)
    for (const one of added) handle.addPod(cycle, one, slot)
    const crowded = filter(cycle, slot)
    for (const one of [...added].reverse()) handle.removePod(cycle, one, slot)
    return crowded ?? filter(cycle, slot)
  }

  const own = (name: string): boolean => around.plugins?.[name] !== undefined
  const hints = plugins.flatMap((plugin) =>
    // A user's plugin that does not say what it waits for is tried again on every event (defaultEnqueueExtension).
    withTaints(plugin.events ?? (own(plugin.name) ? [{ event: anyEvent }] : [])).map((registration) => ({
      plugin: plugin.name,
      registration,
    })),
  )
  if (extenders.length > 0) hints.push({ plugin: extenderName, registration: { event: anyEvent } })

  const eventsOf = new Map<string, ClusterEvent[]>()
  for (const { plugin, registration } of hints) {
    const known = eventsOf.get(plugin)
    if (known === undefined) eventsOf.set(plugin, [registration.event])
    else known.push(registration.event)
  }

  return {
    schedulerName: profile.schedulerName ?? 'default-scheduler',
    extenders,
    error: profileError(profile, byName),
    plugins,
    handle,
    percentageOfNodesToScore: profile.percentageOfNodesToScore ?? 0,
    hints,
    eventsOf,
    hasPostFilter: postFilterPlugins.length > 0,
    runsPreemption: postFilterPlugins.some((one) => one.name === 'DefaultPreemption'),
    preBindPlugins,
    bindPlugins: pluginsOf(profile, 'bind', byName).map((one) => one.plugin),
    postBindPlugins: pluginsOf(profile, 'postBind', byName).map((one) => one.plugin),
    precedes: sorting?.queueSort === undefined ? precedes : (a, b) => sorting.queueSort!(a, b),
    preEnqueue(pod, first) {
      const gating = first === undefined ? undefined : byName.get(first)
      const refused = gating?.preEnqueue?.(pod)
      if (refused !== undefined) return refused
      for (const plugin of preEnqueuePlugins) {
        const verdict = plugin === gating ? undefined : plugin.preEnqueue!(pod)
        if (verdict !== undefined) return verdict
      }
      return undefined
    },
    preFilter(cycle) {
      let nodes: ReadonlySet<string> | undefined
      let rejected: Status | undefined
      const limiting = new Set<string>()
      for (const [index, plugin] of preFilterPlugins) {
        const answer = plugin.preFilter!(cycle)
        if (answer === undefined) continue
        if (answer === 'skip') {
          cycle.skipFilter[index] = true
        } else if ('code' in answer) {
          if (answer.code === 'UnschedulableAndUnresolvable')
            return { status: answer, nodes: undefined, plugins: new Set() }
          if (answer.code !== 'Unschedulable') {
            const text = `running PreFilter plugin "${plugin.name}": ${statusMessage(answer)}`
            return { status: status(plugin.name, 'Error', text), nodes: undefined, plugins: new Set() }
          }
          rejected = answer
        } else {
          limiting.add(plugin.name)
          const before = nodes
          nodes = before === undefined ? answer : new Set([...answer].filter((name) => before.has(name)))
          if (nodes.size === 0) {
            const names = [...limiting].sort()
            const text =
              names.length === 1
                ? `node(s) didn't satisfy plugin ${names[0]}`
                : `node(s) didn't satisfy plugin(s) [${names.join(' ')}] simultaneously`
            return { status: status('', 'UnschedulableAndUnresolvable', text), nodes, plugins: limiting }
          }
        }
      }
      return { status: rejected, nodes, plugins: limiting }
    },
    filter,
    filterWithNominated,
    postFilter(cycle, diagnosis) {
      let nominate: string | undefined
      let said: string | undefined
      let write: KubeObject | undefined
      const reasons: string[] = []
      for (const plugin of postFilterPlugins) {
        const answer = plugin.postFilter!(cycle, diagnosis)
        const verdict = answer.status
        if (verdict === undefined || verdict.code === 'UnschedulableAndUnresolvable') {
          return write === undefined ? answer : { ...answer, write }
        }
        if (!isRejected(verdict)) return { status: verdict, nominate: undefined }
        write ??= answer.write
        if (answer.nominate !== undefined) nominate = answer.nominate
        reasons.push(...verdict.reasons)
        said ??= plugin.name
      }
      return {
        status: status(said ?? '', 'Unschedulable', ...reasons),
        nominate,
        ...(write === undefined ? {} : { write }),
      }
    },
    preScore(cycle, slots) {
      for (const [index, plugin] of preScorePlugins) {
        const answer = plugin.preScore!(cycle, slots)
        if (answer === 'skip') cycle.skipScore[index] = true
        else if (answer !== undefined) {
          return status('', 'Error', `running PreScore plugin "${plugin.name}": ${statusMessage(answer)}`)
        }
      }
      return undefined
    },
    score(cycle, slots, keepRaw) {
      const result: PluginScores[] = []
      for (const { plugin, weight, index } of scorePlugins) {
        if (cycle.skipScore[index] === true) continue
        const scores = keepRaw ? new Float64Array(slots.length) : room(index, slots.length)
        const failed = plugin.score!(cycle, slots, scores)
        if (failed === 'zero') {
          result.push({ plugin, weight, raw: scores, normalized: scores, zero: true })
          continue
        }
        if (failed !== undefined) {
          return status(
            '',
            'Error',
            `running Score plugins: plugin "${plugin.name}" failed with: ${statusMessage(failed)}`,
          )
        }
        const raw = keepRaw ? scores.slice() : scores
        plugin.normalize?.(cycle, slots, scores)
        for (let at = 0; at < scores.length; at += 1) {
          const score = scores[at]!
          if (score > 100 || score < 0) {
            const text = `plugin "${plugin.name}" returns an invalid score ${score}, it should in the range of [0, 100] after normalizing`
            return status('', 'Error', `applying score defaultWeights on Score plugins: ${text}`)
          }
        }
        result.push({ plugin, weight, raw, normalized: scores, zero: false })
      }
      return result
    },
    hasScoring: scorePlugins.length > 0 || extenders.some((one) => one.prioritizes),
    skippedScores: (cycle) =>
      scorePlugins.filter(({ index }) => cycle.skipScore[index] === true).map(({ plugin }) => plugin.name),
    reserve(cycle, node) {
      for (const plugin of reservePlugins) {
        const verdict = plugin.reserve!(cycle, node)
        if (verdict === undefined) continue
        if (isRejected(verdict)) return verdict
        return status(plugin.name, 'Error', `running Reserve plugin "${plugin.name}": ${statusMessage(verdict)}`)
      }
      return undefined
    },
    permit(cycle, node) {
      let waits: Map<string, number> | undefined
      for (const plugin of permitPlugins) {
        const answer = plugin.permit!(cycle, node)
        if (answer === undefined) continue
        if (!('code' in answer)) (waits ??= new Map()).set(plugin.name, Math.min(answer.wait, longestPermit))
        else if (isRejected(answer)) return answer
        else return status(plugin.name, 'Error', `running Permit plugin "${plugin.name}": ${statusMessage(answer)}`)
      }
      return waits
    },
    unreserve(cycle, node) {
      for (const plugin of [...reservePlugins].reverse()) plugin.unreserve?.(cycle, node)
    },
  }
}
