import { canonicalQuantity } from '../../api/quantity/canonical-quantity.ts'
import { newQuantity } from '../../api/quantity/quantity.ts'
import type { Kernel } from '../kernel/kernel.ts'
import { second, type Micros } from '../kernel/micros.ts'
import type { Timer } from '../kernel/timer.ts'

/** What a kubelet's /metrics/resource tells of one container. */
export interface ContainerSample {
  readonly name: string
  readonly startedAt: Micros
  /** Nanoseconds since the start. */
  readonly cpuTime: number
  /** Bytes. */
  readonly memory: number
}

export interface PodSample {
  readonly namespace: string
  readonly name: string
  readonly containers: readonly ContainerSample[]
}

/** A kubelet that can be asked; undefined: no answer comes. */
export interface Kubelet {
  readonly node: string
  readonly scrape: () => readonly PodSample[] | undefined
}

export interface Usage {
  /** Instant of the sample, and over how long the CPU was measured. */
  readonly at: Micros
  readonly window: Micros
  /** Quantities by resource. */
  readonly containers: readonly { readonly name: string; readonly usage: Readonly<Record<string, string>> }[]
}

export interface MetricsServer {
  pod(namespace: string, name: string): Usage | undefined
  node(name: string): Usage | undefined
  start(): void
  stop(): void
}

/** metrics-server's --metric-resolution as its manifest sets it, and freshContainerMinMetricsResolution. */
export const resolution: Micros = 15 * second
const fresh: Micros = 10 * second

interface Point {
  readonly at: Micros
  readonly startedAt: Micros
  readonly cpuTime: number
  readonly memory: number
}

interface Series {
  readonly last: Point
  readonly before: Point | undefined
}
type Pods = ReadonlyMap<string, ReadonlyMap<string, Series>>

const cpuText = (nanocores: number): string => canonicalQuantity(newQuantity(nanocores, 'DecimalSI', -9))
const memoryText = (bytes: number): string => canonicalQuantity(newQuantity(bytes, 'BinarySI', 0))

/** The point that a rate is measured from: of the same run of the container, or its start if it is young. */
const pointBefore = (last: Point, known: Series | undefined): Point | undefined => {
  if (known !== undefined && known.last.startedAt === last.startedAt) return known.last
  const age = last.at - last.startedAt
  return age >= fresh && age < resolution ? { ...last, at: last.startedAt, cpuTime: 0 } : undefined
}

const rateOf = ({ last, before }: Series): { readonly cpu: number; readonly window: Micros } | undefined => {
  if (before === undefined || last.at <= before.at) return undefined
  const window = last.at - before.at
  return { window, cpu: Math.trunc((last.cpuTime - before.cpuTime) / (window / second)) }
}

/**
 * metrics-server v0.8: asks every kubelet once in 15 s, and answers from the last two samples of each container (pkg/storage).
 * Differs: a kubelet's samples are of the very moment it is asked; cAdvisor's are up to 15 s old. Nodes use what their pods use.
 */
export const createMetricsServer = (kernel: Kernel, kubelets: () => readonly Kubelet[]): MetricsServer => {
  const actor = kernel.actor('metrics-server')
  let pods: Pods = new Map()
  let nodes: ReadonlyMap<string, readonly string[]> = new Map()
  let timer: Timer | undefined

  const scrape = (): void => {
    const next = new Map<string, Map<string, Series>>()
    const nextNodes = new Map<string, readonly string[]>()
    for (const { node, scrape: ask } of kubelets()) {
      const samples = ask()
      if (samples === undefined) continue
      const keys: string[] = []
      for (const { namespace, name, containers } of samples) {
        if (containers.length === 0) continue
        const key = `${namespace}/${name}`
        const known = pods.get(key)
        const series = new Map<string, Series>()
        for (const one of containers) {
          const last: Point = { at: kernel.now, startedAt: one.startedAt, cpuTime: one.cpuTime, memory: one.memory }
          series.set(one.name, { last, before: pointBefore(last, known?.get(one.name)) })
        }
        next.set(key, series)
        keys.push(key)
      }
      nextNodes.set(node, keys)
    }
    pods = next
    nodes = nextNodes
    timer = kernel.after(resolution, actor, scrape, { tag: 'housekeeping', label: 'metrics-server asks the kubelets' })
  }

  const pod = (namespace: string, name: string): Usage | undefined => {
    const series = pods.get(`${namespace}/${name}`)
    if (series === undefined) return undefined
    const containers: Usage['containers'][number][] = []
    let window: Micros = 0
    let at: Micros = 0
    for (const [container, one] of series) {
      const rate = rateOf(one)
      // A pod of which one container is not known well enough is not told of.
      if (rate === undefined) return undefined
      window = window === 0 ? rate.window : Math.min(window, rate.window)
      at = one.last.at
      containers.push({ name: container, usage: { cpu: cpuText(rate.cpu), memory: memoryText(one.last.memory) } })
    }
    return { at, window, containers }
  }

  return {
    pod,
    node(name) {
      const keys = nodes.get(name)
      if (keys === undefined) return undefined
      let cpu = 0
      let memory = 0
      let at: Micros = kernel.now
      for (const key of keys) {
        for (const one of pods.get(key)?.values() ?? []) {
          cpu += rateOf(one)?.cpu ?? 0
          memory += one.last.memory
          at = one.last.at
        }
      }
      const usage = { cpu: cpuText(cpu), memory: memoryText(memory) }
      return { at, window: resolution, containers: [{ name, usage }] }
    },
    start() {
      if (timer !== undefined) return
      timer = kernel.at(kernel.now, actor, scrape, { tag: 'housekeeping', label: 'metrics-server asks the kubelets' })
    },
    stop() {
      kernel.cancel(timer)
      timer = undefined
      pods = new Map()
      nodes = new Map()
    },
  }
}
