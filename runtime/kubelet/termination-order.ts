import type { Pod } from '../../api/types/core-v1.generated.ts'
import { second, type Micros } from '../kernel/micros.ts'
import type { Context } from './context.ts'
import { suspend, type Task } from './life.ts'
import { isSidecar } from './restart-policy.ts'

/** kuberuntime_termination_order.go: sidecars stop after all regular containers, in reverse order. */
export interface TerminationOrder {
  /** Waits for its turn, at most so many seconds; how long it waited. */
  wait(name: string, grace: number): Task<Micros>
  ended(name: string): void
}

export const createTerminationOrder = (context: Context, pod: Pod, running: ReadonlySet<string>): TerminationOrder => {
  const { kernel, life } = context
  const left = new Set<string>()
  const before = new Map<string, readonly string[]>()
  const regular = pod.spec.containers.map((container) => container.name)
  for (const name of regular) if (running.has(name)) left.add(name)
  let previous: string | undefined
  for (const container of [...(pod.spec.initContainers ?? [])].reverse()) {
    if (running.has(container.name)) left.add(container.name)
    if (!isSidecar(container)) continue
    before.set(container.name, previous === undefined ? regular : [...regular, previous])
    previous = container.name
  }
  let waiters: (() => void)[] = []
  const ready = (name: string): boolean => !(before.get(name) ?? []).some((other) => left.has(other))

  return {
    *wait(name, grace) {
      if (grace <= 0 || ready(name)) return 0
      const began = kernel.now
      yield* suspend<void>((resume) => {
        let done = false
        const limit = life.after(grace * second, () => {
          if (!done) {
            done = true
            resume()
          }
        })
        waiters.push(() => {
          if (done || !ready(name)) return
          done = true
          life.cancel(limit)
          life.after(0, () => resume())
        })
      })
      return kernel.now - began
    },
    ended(name) {
      if (!left.delete(name)) return
      const told = waiters
      waiters = told
      for (const waiter of told) waiter()
    },
  }
}
