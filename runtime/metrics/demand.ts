import { selectorFromObject } from '../../api/selectors/label-selector-from-object.ts'
import type { KubeObject } from '../../api/object.ts'
import { milliValue } from '../../api/quantity/quantity-values.ts'
import type { Node, Pod } from '../../api/types/core-v1.generated.ts'
import type { LabelSelector } from '../../api/types/meta-v1.generated.ts'
import type { Kernel } from '../kernel/kernel.ts'
import { second, type Micros } from '../kernel/micros.ts'
import type { Timer } from '../kernel/timer.ts'
import type { Revision } from '../record/revision.ts'
import type { State } from '../record/state.ts'
import type { Timeline } from '../record/timeline.ts'
import { curveAt, integral, type Curve } from './curve.ts'

/** What bears a load: a pod, a Service, or anything with a selector over its pods. */
export interface LoadTarget {
  /** `deployments.apps` */
  readonly resource: string
  readonly namespace: string
  readonly name: string
}

/** `load deployment/web cpu 3`: a demand that the Ready pods of a workload share until it is changed. */
export interface Demand {
  load(target: LoadTarget, what: 'cpu' | 'memory', curve: Curve): void
  /** CPU time that loads have taken in a pod's first container so far: milli-CPU times microseconds, which is nanoseconds. */
  cpuTime(podUid: string): number
  /** Milli-CPU now, bytes now. */
  cpu(podUid: string, container: string): number
  memory(podUid: string, container: string): number
  /** Pods that a load of memory rests on now. */
  readonly anyMemory: boolean
}

export interface DemandOptions {
  readonly kernel: Kernel
  readonly timeline: Timeline & { subscribe(listener: (entry: number) => void): () => void }
  readonly state: State
  /** The shares of memory of these pods are others than before. */
  readonly memoryChanged: (pods: readonly Bearer[]) => void
}

/** A pod that takes part in a load. */
export interface Bearer {
  readonly uid: string
  readonly node: string
  /** Its first container: the one that is at work. */
  readonly container: string
  /** Of that container: milli-CPU, no more than the machine has. */
  readonly cap: number
}

interface Load {
  readonly target: LoadTarget
  readonly what: 'cpu' | 'memory'
  curve: Curve
  /** Of what the curve was added up so far. */
  since: Micros
  members: Map<string, Bearer>
  timer: Timer | undefined
}

const isReady = ({ metadata, status }: Pod): boolean =>
  metadata.deletionTimestamp === undefined &&
  status?.phase === 'Running' &&
  (status.conditions ?? []).some((one) => one.type === 'Ready' && one.status === 'True')

const matcherOf = (target: LoadTarget, object: KubeObject | undefined): ((pod: Pod) => boolean) => {
  if (target.resource === 'pods') return (pod) => pod.metadata.name === target.name
  const { selector } = (object as { readonly spec?: { readonly selector?: LabelSelector } } | undefined)?.spec ?? {}
  if (selector === undefined) return () => false
  // A Service and a ReplicationController have a plain map.
  const plain = selector.matchLabels === undefined && selector.matchExpressions === undefined
  const found = selectorFromObject(plain ? { matchLabels: selector as Readonly<Record<string, string>> } : selector)
  return 'error' in found ? () => false : (pod) => found.matches(pod.metadata.labels ?? {})
}

/** How often a growing load of memory is held against the limits. */
const look: Micros = second

/**
 * Shares of the demand, kept in step with what is Ready. A container takes no more CPU than its limit, or than its machine has; what
 * is asked beyond that is lost.
 */
export const createDemand = (options: DemandOptions): Demand => {
  const { kernel, timeline, state } = options
  const actor = kernel.actor('load')
  const loads = new Map<string, Load>()
  /** By pod, what loads have added up to. */
  const times = new Map<string, number>()
  let following: (() => void) | undefined

  const bearerOf = (pod: Pod): Bearer => {
    const node = pod.spec.nodeName ?? ''
    const container = pod.spec.containers[0]
    const limit = container?.resources?.limits?.['cpu']
    const machine = (state.get('nodes', undefined, node) as Node | undefined)?.status?.capacity?.['cpu']
    const cap = limit === undefined ? (machine === undefined ? Infinity : milliValue(machine)) : milliValue(limit)
    return { uid: pod.metadata.uid ?? '', node, container: container?.name ?? '', cap }
  }

  const membersOf = (load: Load): Map<string, Bearer> => {
    const { resource, namespace, name } = load.target
    const matches = matcherOf(load.target, state.get(resource, namespace, name))
    const members = new Map<string, Bearer>()
    for (const pod of state.list('pods', namespace) as readonly Pod[])
      if (isReady(pod) && matches(pod)) members.set(pod.metadata.uid ?? '', bearerOf(pod))
    return members
  }

  /** Adds up to now what every member has taken. */
  const advance = (load: Load): void => {
    const { members, since, curve } = load
    load.since = kernel.now
    if (load.what === 'memory' || since === kernel.now) return
    for (const { uid, cap } of members.values())
      times.set(uid, (times.get(uid) ?? 0) + integral(curve, { shares: members.size, cap }, since, kernel.now))
  }

  const grows = ({ curve }: Load): boolean => curve.to > curve.from && kernel.now < curve.began + curve.over

  const tell = (load: Load): void => {
    kernel.cancel(load.timer)
    load.timer = undefined
    if (load.what !== 'memory' || load.members.size === 0) return
    load.timer = kernel.at(kernel.now, actor, () => watch(load), { label: `load of ${load.target.name}` })
  }
  const watch = (load: Load): void => {
    load.timer = grows(load)
      ? kernel.at(Math.min(kernel.now + look, load.curve.began + load.curve.over), actor, () => watch(load), {
          label: `load of ${load.target.name} grows`,
        })
      : undefined
    options.memoryChanged([...load.members.values()])
  }

  /** One pod is another than before: it may have joined a load, or left it. */
  const onPod = (pod: Pod | undefined, before: Pod | undefined): void => {
    const either = pod ?? before
    if (either === undefined) return
    const uid = either.metadata.uid ?? ''
    for (const load of loads.values()) {
      if (load.target.namespace !== either.metadata.namespace) continue
      const { resource, namespace, name } = load.target
      const joins =
        pod !== undefined && isReady(pod) && matcherOf(load.target, state.get(resource, namespace, name))(pod)
      if (joins === load.members.has(uid)) continue
      advance(load)
      if (joins) load.members.set(uid, bearerOf(pod))
      else load.members.delete(uid)
      tell(load)
    }
  }

  const onEntry = (entry: number): void => {
    if (timeline.kind(entry) !== 'revision') return
    const { resource, object, before } = timeline.data(entry) as Revision
    if (resource.id === 'v1/Pod') {
      onPod(object as Pod | undefined, before as Pod | undefined)
      return
    }
    const { namespace, name } = (object ?? before)?.metadata ?? {}
    for (const load of loads.values()) {
      const group = resource.group === '' ? resource.plural : `${resource.plural}.${resource.group}`
      if (load.target.resource !== group || load.target.name !== name || load.target.namespace !== namespace) continue
      advance(load)
      load.members = membersOf(load)
      tell(load)
    }
  }

  const share = (what: 'cpu' | 'memory', uid: string, container: string): number => {
    let sum = 0
    for (const load of loads.values()) {
      const bearer = load.what === what ? load.members.get(uid) : undefined
      if (bearer?.container !== container) continue
      const amount = curveAt(load.curve, kernel.now) / load.members.size
      sum += Math.floor(what === 'cpu' ? Math.min(bearer.cap, amount) : amount)
    }
    return sum
  }

  return {
    load(target, what, curve) {
      following ??= timeline.subscribe(onEntry)
      const key = `${what} ${target.resource} ${target.namespace}/${target.name}`
      const known = loads.get(key)
      if (known === undefined) {
        const load: Load = { target, what, curve, since: kernel.now, members: new Map(), timer: undefined }
        loads.set(key, load)
        load.members = membersOf(load)
        tell(load)
        return
      }
      advance(known)
      known.curve = curve
      tell(known)
    },
    cpuTime(uid) {
      for (const load of loads.values()) if (load.members.has(uid)) advance(load)
      return times.get(uid) ?? 0
    },
    cpu: (uid, container) => share('cpu', uid, container),
    memory: (uid, container) => share('memory', uid, container),
    get anyMemory() {
      for (const load of loads.values()) if (load.what === 'memory' && load.members.size > 0) return true
      return false
    },
  }
}
