import type { Component, StopMode } from '../kernel/component.ts'
import type { Actor } from '../kernel/actor.ts'
import type { Kernel } from '../kernel/kernel.ts'
import type { Trace } from '../kernel/trace.ts'
import type { Process } from './cluster.ts'

export interface ProcessOptions {
  readonly kernel: Kernel
  readonly trace: Trace
  /** As scenarios name it: `kubelet/workers-0`. */
  readonly name: string
  readonly component: Component
  readonly actor: Actor
  readonly changed?: (up: boolean) => void
  /** The process that it is a part of. */
  readonly within?: string
}

/** Data of a `truth` entry about a process. Subject `components/<name>`. */
export interface ProcessTruth {
  readonly up: boolean
}

const running: ProcessTruth = Object.freeze({ up: true })
const stopped: ProcessTruth = Object.freeze({ up: false })

/** A component as faults address it: every start and stop is a ground truth. It is started at once. */
export const createProcess = (options: ProcessOptions): Process => {
  const { kernel, trace, name, component, actor } = options
  const change = (to: boolean, action: string, how: () => void): void => {
    if (process.up === to) return
    process.up = to
    kernel.cause = trace.append('truth', actor, action, `components/${name}`, to ? running : stopped)
    how()
    options.changed?.(to)
  }
  const process: { -readonly [K in keyof Process]: Process[K] } = {
    name,
    ...(options.within === undefined ? {} : { within: options.within }),
    up: false,
    start: () => change(true, 'start', () => component.start()),
    stop: (mode: StopMode) => change(false, mode === 'crash' ? 'crash' : 'stop', () => component.stop(mode)),
  }
  process.start()
  return process
}
