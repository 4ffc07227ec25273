import { performance } from 'node:perf_hooks'
import type { Kernel } from '../../runtime/kernel/kernel.ts'
import type { Micros } from '../../runtime/kernel/micros.ts'

/**
 * `real`: virtual time goes as the wall clock does. `fast`: a hundred times as fast while the cluster has something to do, as
 * the wall clock once it has settled. `manual`: it stands still until somebody advances it.
 */
export type ClockMode = 'real' | 'manual' | 'fast'

export interface ClockDriver {
  readonly mode: ClockMode
  /** Runs what is due. Called after everything that comes from outside. */
  pump(): void
  /** Moves a manual clock. */
  advance(by: Micros): void
  /** Moves a manual clock until the cluster has settled, at most so far. Whether it has. */
  settle(atMost: Micros): boolean
  stop(): void
}

const fastFactor = 100
/** Events between two looks at what else the process has to do. */
const sliceEvents = 500
const sliceMillis = 10
const longestSleep = 60_000

/** Drives a kernel by the wall clock. An error in the simulation goes to `failed`, and nothing runs any more. */
export const driveClock = (kernel: Kernel, mode: ClockMode, failed: (error: unknown) => void): ClockDriver => {
  let stopped = false
  let timer: NodeJS.Timeout | undefined
  let immediate: NodeJS.Immediate | undefined
  let pumping = false
  /** Where virtual time ought to be, as of the wall instant `seen`. */
  let target: Micros = kernel.now
  let seen = performance.now()

  const lookAtClock = (): void => {
    const now = performance.now()
    const factor = mode === 'manual' ? 0 : mode === 'fast' && !kernel.settled ? fastFactor : 1
    target = Math.max(kernel.now, target + Math.floor((now - seen) * 1000 * factor))
    seen = now
  }

  const sleep = (): void => {
    clearTimeout(timer)
    timer = undefined
    const next = kernel.nextAt()
    if (stopped || mode === 'manual' || next === undefined) return
    const factor = mode === 'fast' && !kernel.settled ? fastFactor : 1
    const millis = Math.min(longestSleep, Math.max(0, (next - target) / 1000 / factor))
    timer = setTimeout(pump, Math.ceil(millis))
  }

  /** Runs events up to the target. False: there are more, but others must have their turn. */
  const runSlice = (): boolean => {
    const started = performance.now()
    for (let count = 1; kernel.step(target); count += 1) {
      if (count % sliceEvents === 0 && performance.now() - started > sliceMillis) return false
    }
    if (target > kernel.now) kernel.idleUntil(target)
    return true
  }

  function pump(): void {
    if (stopped || pumping) return
    pumping = true
    try {
      lookAtClock()
      if (runSlice()) sleep()
      else {
        clearTimeout(timer)
        immediate ??= setImmediate(() => {
          immediate = undefined
          pump()
        })
      }
    } catch (error) {
      stopped = true
      failed(error)
    } finally {
      pumping = false
    }
  }

  const runUntil = (time: Micros, done: () => boolean): void => {
    try {
      while (!done() && kernel.step(time)) continue
      if (!done()) kernel.idleUntil(time)
      target = kernel.now
    } catch (error) {
      stopped = true
      failed(error)
    }
  }

  sleep()
  return {
    mode,
    pump,
    advance: (by) => runUntil(kernel.now + by, () => false),
    settle(atMost) {
      runUntil(kernel.now + atMost, () => kernel.settled)
      return kernel.settled
    },
    stop() {
      stopped = true
      clearTimeout(timer)
      clearImmediate(immediate)
    },
  }
}
