import type { Kernel } from '../kernel/kernel.ts'
import type { Micros } from '../kernel/micros.ts'

/** A class for its accessors: those of a literal would make each machine's kernel a hash table. */
class SkewedKernel implements Kernel {
  readonly actor: Kernel['actor'] = (name, lane) => this.#kernel.actor(name, lane)
  readonly at: Kernel['at'] = (time, actor, run, timing) => this.#kernel.at(time, actor, run, timing)
  readonly after: Kernel['after'] = (delay, actor, run, timing) => this.#kernel.after(delay, actor, run, timing)
  readonly cancel: Kernel['cancel'] = (timer) => this.#kernel.cancel(timer)
  readonly choose: Kernel['choose'] = (label, n) => this.#kernel.choose(label, n)
  readonly step: Kernel['step'] = (until) => this.#kernel.step(until)
  readonly idleUntil: Kernel['idleUntil'] = (time) => this.#kernel.idleUntil(time)
  readonly nextAt: Kernel['nextAt'] = () => this.#kernel.nextAt()
  readonly isHeldUp: Kernel['isHeldUp'] = (actor) => this.#kernel.isHeldUp(actor)
  readonly pending: Kernel['pending'] = () => this.#kernel.pending()
  readonly choices: Kernel['choices']
  readonly #kernel: Kernel
  readonly #skew: { readonly by: Micros }

  constructor(kernel: Kernel, skew: { readonly by: Micros }) {
    this.#kernel = kernel
    this.#skew = skew
    this.choices = kernel.choices
  }

  get now(): Micros {
    return this.#kernel.now
  }

  get cause(): number {
    return this.#kernel.cause
  }

  set cause(entry: number) {
    this.#kernel.cause = entry
  }

  get settled(): boolean {
    return this.#kernel.settled
  }

  get eventCount(): number {
    return this.#kernel.eventCount
  }

  get epoch(): Micros {
    return this.#kernel.epoch + this.#skew.by
  }
}

/** The kernel as a machine sees it whose clock goes wrong: only the wall clock differs, for durations are measured monotonically. */
export const skewedKernel = (kernel: Kernel, skew: { readonly by: Micros }): Kernel => new SkewedKernel(kernel, skew)
