import type { Actor } from '../kernel/actor.ts'
import type { Kernel } from '../kernel/kernel.ts'
import type { Micros } from '../kernel/micros.ts'
import type { Timer } from '../kernel/timer.ts'
import type { Trace } from '../kernel/trace.ts'
import type { LogTruth } from '../record/log-truth.ts'
import type { LiveContainer } from './live-container.ts'

/** A line that a run prints: so long after its start, and again and again; or at its end. */
export type LogPlan = RunningLine | { readonly text: string; readonly atExit: true }

interface RunningLine {
  readonly text: string
  readonly after: Micros
  readonly every: Micros | undefined
}

/** When a container printed what. */
export interface PrintedLine {
  readonly at: Micros
  readonly text: string
}

export interface ContainerLogs {
  /** The container runs. */
  begin(container: LiveContainer): void
  /** It has ended; what is killed prints nothing any more. */
  end(container: LiveContainer): void
  of(id: string): readonly PrintedLine[]
  forget(id: string): void
}

const none: readonly PrintedLine[] = []
/** 128 + SIGKILL, and what a machine without power leaves behind. */
const silent: ReadonlySet<number> = new Set([137, 255])

/** What containers print, kept as long as the container itself. Without lines in its behaviour a container costs nothing here. */
export const createContainerLogs = (kernel: Kernel, trace: Trace, actor: Actor, node: string): ContainerLogs => {
  const printed = new Map<string, PrintedLine[]>()
  const timers = new Map<string, Set<Timer>>()

  const print = ({ id, config }: LiveContainer, text: string): void => {
    const lines = printed.get(id)
    if (lines === undefined) printed.set(id, [{ at: kernel.now, text }])
    else lines.push({ at: kernel.now, text })
    const data: LogTruth = Object.freeze({ podUid: config.pod.uid, attempt: config.attempt, line: text })
    trace.append('truth', actor, 'log', `logs/${node}/${config.pod.namespace}/${config.pod.name}/${config.name}`, data)
  }

  /** Nobody waits for a line: a cluster is settled whatever its containers print. */
  const printAt = (container: LiveContainer, at: Micros, plan: RunningLine): void => {
    if (at <= kernel.now && plan.every === undefined) {
      print(container, plan.text)
      return
    }
    const own = timers.get(container.id) ?? new Set()
    timers.set(container.id, own)
    const timer = kernel.at(
      at,
      actor,
      () => {
        own.delete(timer)
        print(container, plan.text)
        if (plan.every !== undefined && plan.every > 0) printAt(container, at + plan.every, plan)
      },
      { tag: 'housekeeping', label: `pod/${container.config.pod.name}: ${container.config.name} prints a line` },
    )
    own.add(timer)
  }

  return {
    begin(container) {
      for (const plan of container.run.logs ?? [])
        if ('after' in plan) printAt(container, container.startedAt! + plan.after, plan)
    },
    end(container) {
      for (const timer of timers.get(container.id) ?? []) kernel.cancel(timer)
      timers.delete(container.id)
      if (container.startedAt === undefined || silent.has(container.exitCode)) return
      for (const plan of container.run.logs ?? []) if ('atExit' in plan) print(container, plan.text)
    },
    of: (id) => printed.get(id) ?? none,
    forget: (id) => void printed.delete(id),
  }
}
