import type { BehaviorSpec, ProbeScript, RunEnd } from '../../dsl/plan/behavior-spec.ts'
import type { Duration, NodeSpec } from '../../dsl/plan/cluster-spec.ts'
import type { Kernel } from '../kernel/kernel.ts'
import { second, type Micros } from '../kernel/micros.ts'
import { imageReference } from '../../api/images/image-reference.ts'
import type { LogPlan } from './container-logs.ts'
import { chooseBehavior } from './choose-behavior.ts'
import { engineOf } from './engines/engine-of.ts'
import type { ContainerConfig, PodIdentity } from './cri.ts'
import { probeAnswer } from './probe-answer.ts'
import type { ExecPlan, ExitPlan, PullOutcome, RunPlan, RuntimeBehavior } from './runtime-behavior.ts'
import { transferTime } from './transfer-time.ts'
import { capped, firstAbove, spellsAbove, usageAt, usageUpTo } from './usage-curve.ts'

/** How the containers and images of one cluster behave (language reference 3.10). Runs and pulls are counted across its nodes. */
export interface Behaviors {
  /** A `behavior` statement in the script's body: holds for every run and pull that begins afterwards. */
  add(spec: BehaviorSpec): void
  on(node: NodeSpec, latencies?: Partial<RuntimeLatencies>): RuntimeBehavior
}

/** How long the runtime itself takes. */
export interface RuntimeLatencies {
  readonly sandbox: Micros
  readonly create: Micros
  readonly start: Micros
}

/** A pull of an absent image of which no behaviour says anything. */
export const defaultPull: Micros = second
/** An image of which nothing says how big it is. */
export const defaultSize: number = 10 * 1024 * 1024
/** Exit code of a process that obeys SIGTERM's default handler, and after a SIGKILL of the out-of-memory killer. */
const sigterm = 143
const oomKilled = 137

const noScript: BehaviorSpec = {
  target: { kind: 'image', glob: '*' },
  span: { file: '', start: 0, end: 0 },
  pull: undefined,
  start: undefined,
  ready: undefined,
  live: undefined,
  started: undefined,
  runs: [],
  memory: [],
  cpu: [],
  writes: undefined,
  stop: undefined,
  ignoresSigterm: false,
}

export const createBehaviors = (kernel: Kernel, specs: readonly BehaviorSpec[]): Behaviors => {
  const declared = [...specs]
  const runs = new Map<string, number>()
  const failures = new Map<string, number>()

  const draw = (duration: Duration | undefined, label: string): Micros => {
    if (duration === undefined) return 0
    if (duration.spread <= 0) return Math.max(0, duration.base)
    // A choice has fewer than 2^32 alternatives: wide spreads are drawn in milliseconds.
    const unit = duration.spread > 1_000_000_000 ? 1000 : 1
    const steps = Math.floor(duration.spread / unit)
    return Math.max(0, duration.base + (kernel.choose(`behavior/${label}`, 2 * steps + 1) - steps) * unit)
  }

  const pull = (image: string, pod: PodIdentity, node: NodeSpec): PullOutcome => {
    const said = chooseBehavior(declared, { image, pod, container: undefined }, (spec) => spec.pull !== undefined)?.pull
    if (said === undefined) return { takes: defaultPull, size: defaultSize }
    switch (said.kind) {
      case 'takes':
        return { takes: draw(said.time, 'pull'), size: defaultSize, said: 'time' }
      case 'size':
        return { takes: transferTime(said.bytes, node.bandwidth), size: said.bytes, said: 'size' }
      case 'fails': {
        const key = `${node.name}/${image}`
        const count = failures.get(key) ?? 0
        if (said.times !== undefined && count >= said.times) {
          return said.then === undefined
            ? { takes: defaultPull, size: defaultSize }
            : { takes: draw(said.then, 'pull'), size: defaultSize, said: 'time' }
        }
        failures.set(key, count + 1)
        const refusal = { reference: imageReference(image), why: 'not found', loggedIn: false } as const
        return { size: 0, ...engineOf(node.runtime).refusal(refusal) }
      }
    }
  }

  const run = (config: ContainerConfig, latencies: RuntimeLatencies): RunPlan => {
    const spec =
      chooseBehavior(declared, { image: config.image, pod: config.pod, container: config.name }, all) ?? noScript
    const key = runKey(config)
    const count = runs.get(key) ?? 0
    runs.set(key, count + 1)
    const end = endOf(spec.runs, count)
    const own = end === undefined ? undefined : exitPlan(end, draw)
    const oomAt = end?.atMemory
    const exitUnder = (limit: number, loaded: number): ExitPlan | undefined =>
      earlier(own, oomOf(spec, limit, { oomAt, loaded }))
    const stop = spec.ignoresSigterm
      ? ({ ignored: true } as const)
      : ({ ignored: false, after: draw(spec.stop, 'stop'), exitCode: spec.stop === undefined ? sigterm : 0 } as const)
    const fixed = (script: ProbeScript | undefined): ProbeAt => {
      if (script === undefined) return undefined
      return {
        after: script.after === undefined ? undefined : draw(script.after, 'probe'),
        outages: script.outages.map((outage) => ({
          after: draw(outage.after, 'probe'),
          lasts: outage.lasts === undefined ? undefined : draw(outage.lasts, 'probe'),
        })),
      }
    }
    const scripts = { readiness: fixed(spec.ready), liveness: fixed(spec.live), startup: fixed(spec.started) }
    return {
      create: { takes: latencies.create },
      start: { takes: latencies.start + draw(spec.start, 'start') },
      exit: exitUnder(config.linux.memoryLimitInBytes, 0),
      ...(spec.memory.length === 0 && oomAt === undefined ? undefined : { exitUnder }),
      ...(oomAt === undefined ? undefined : { oomAt }),
      term: stop,
      exec(request, uptime): ExecPlan {
        if (request.purpose === 'hook') return succeeds
        const script = scripts[request.purpose]
        if (script === undefined) return succeeds
        const { holds, until } = probeAnswer(script, uptime)
        return { takes: 0, exitCode: holds ? 0 : 1, output: '', until }
      },
      ...writing(spec, draw),
      ...(spec.logs === undefined ? undefined : { logs: logPlans(spec.logs, draw) }),
      usesMemory: spec.memory.length > 0,
      memory: (uptime) => usageAt(spec.memory, uptime),
      cpu: (uptime) => usageAt(spec.cpu, uptime),
      cpuTime: (uptime, cap) => usageUpTo(capped(spec.cpu, cap), uptime),
      ...(spec.cpu.length === 0 ? undefined : { cpuAbove: (cap: number) => spellsAbove(spec.cpu, cap) }),
    }
  }

  return {
    add: (spec) => {
      declared.push(spec)
    },
    on(node, given = {}) {
      const latencies: RuntimeLatencies = { sandbox: 0, create: 0, start: 0, ...given }
      return {
        sandbox: () => ({ takes: latencies.sandbox }),
        pull: (image, pod) => pull(image, pod, node),
        run: (config) => run(config, latencies),
      }
    },
  }
}

type ProbeAt =
  | {
      readonly after: Micros | undefined
      readonly outages: readonly { readonly after: Micros; readonly lasts: Micros | undefined }[]
    }
  | undefined

const all = (): boolean => true
const succeeds: ExecPlan = Object.freeze({ takes: 0, exitCode: 0, output: '', until: Number.POSITIVE_INFINITY })

/** A pod of a Job goes on where the last one of its completion index ended; any other container counts for itself. */
const runKey = (config: ContainerConfig): string => {
  const { pod, name } = config
  const job = pod.labels['batch.kubernetes.io/controller-uid'] ?? pod.labels['controller-uid']
  if (job === undefined) return `${pod.uid}/${name}`
  return `job/${job}/${pod.annotations['batch.kubernetes.io/job-completion-index'] ?? ''}/${name}`
}

const writing = (
  { writes }: BehaviorSpec,
  draw: (duration: Duration, label: string) => Micros,
): { readonly written?: (uptime: Micros) => number } => {
  if (writes === undefined) return {}
  const over = draw(writes.over, 'writes')
  const { bytes } = writes
  return { written: (uptime) => (uptime >= over ? bytes : Math.floor((bytes * Math.max(0, uptime)) / over)) }
}

const logPlans = (
  logs: NonNullable<BehaviorSpec['logs']>,
  draw: (duration: Duration, label: string) => Micros,
): readonly LogPlan[] =>
  logs.map((one) =>
    one.kind === 'exit'
      ? { text: one.text, atExit: true }
      : {
          text: one.text,
          after: draw(one.after, 'log'),
          every: one.every === undefined ? undefined : draw(one.every, 'log'),
        },
  )

/** The last line repeats. */
const endOf = (ends: readonly RunEnd[], run: number): RunEnd | undefined => {
  let left = run
  for (const end of ends) {
    if (left < end.times) return end
    left -= end.times
  }
  return ends.at(-1)
}

/** undefined: it is not the clock that ends the run. */
const exitPlan = (
  { after, atMemory, reason, exitCode }: RunEnd,
  draw: (duration: Duration, label: string) => Micros,
): ExitPlan | undefined => {
  if (atMemory !== undefined) return undefined
  const time = draw(after, 'exit')
  return reason === 'oom' ? { after: time, exitCode: oomKilled, reason: 'OOMKilled' } : { after: time, exitCode }
}

/** A limit is exceeded; what a behaviour dies at is reached. */
const oomOf = (
  { memory }: BehaviorSpec,
  limit: number,
  { oomAt, loaded }: { readonly oomAt: number | undefined; readonly loaded: number },
): ExitPlan | undefined => {
  if (memory.length === 0) return undefined
  const most = Math.min(limit > 0 ? limit : Number.POSITIVE_INFINITY, (oomAt ?? Number.POSITIVE_INFINITY) - 1)
  if (most === Number.POSITIVE_INFINITY) return undefined
  const after = firstAbove(memory, most - loaded)
  return after === undefined ? undefined : { after, exitCode: oomKilled, reason: 'OOMKilled' }
}

const earlier = (a: ExitPlan | undefined, b: ExitPlan | undefined): ExitPlan | undefined => {
  if (a === undefined || b === undefined) return a ?? b
  return b.after < a.after ? b : a
}
