import type { Kernel } from '../kernel/kernel.ts'
import type { Micros } from '../kernel/micros.ts'

/** The kernel as a machine sees it whose clock goes wrong: only the wall clock differs, for durations are measured monotonically. */
export const skewedKernel = (kernel: Kernel, skew: { readonly by: Micros }): Kernel => ({
  get now() {
    return kernel.now
  },
  get cause() {
    return kernel.cause
  },
  set cause(entry) {
    kernel.cause = entry
  },
  actor: (name, lane) => kernel.actor(name, lane),
  at: (time, actor, run, timing) => kernel.at(time, actor, run, timing),
  after: (delay, actor, run, timing) => kernel.after(delay, actor, run, timing),
  cancel: (timer) => kernel.cancel(timer),
  choose: (label, n) => kernel.choose(label, n),
  step: (until) => kernel.step(until),
  idleUntil: (time) => kernel.idleUntil(time),
  nextAt: () => kernel.nextAt(),
  isHeldUp: (actor) => kernel.isHeldUp(actor),
  get settled() {
    return kernel.settled
  },
  pending: () => kernel.pending(),
  get eventCount() {
    return kernel.eventCount
  },
  get epoch() {
    return kernel.epoch + skew.by
  },
  choices: kernel.choices,
})
