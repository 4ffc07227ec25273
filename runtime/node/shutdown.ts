import type { Actor } from '../kernel/actor.ts'
import type { Kernel } from '../kernel/kernel.ts'
import { createListeners } from '../kernel/listeners.ts'
import { second, type Micros } from '../kernel/micros.ts'
import type { Timer } from '../kernel/timer.ts'

/** The orderly end of a machine: whoever has asked for it is told and waited for before the power goes. */
export interface Shutdown {
  readonly underWay: boolean
  /** Wants to be waited for, so long at most. Returns how to say that it need not be any more. */
  inhibit(longest: Micros): () => void
  /** Tells that it begins (true) or that it was called off (false). Returns how to stop listening. */
  subscribe(listener: (underWay: boolean) => void): () => void
  /** `off` cuts the power when nobody is waited for any more. */
  begin(off: () => void): void
  callOff(): void
  /** The power is gone, for whatever reason. */
  over(): void
}

/** logind.conf: InhibitDelayMaxSec; a kubelet that needs more raises it. */
const inhibitDelayMax: Micros = 5 * second
/** Differs: systemd then stops its units one after the other, the kubelet among them; here all runs on for this long and then stops at once. */
const unitsStop: Micros = second

/** systemd-logind: PrepareForShutdown and its delaying inhibitor locks, which none can take once it has begun. */
export const createShutdown = (kernel: Kernel, actor: Actor): Shutdown => {
  const listeners = createListeners<[underWay: boolean]>()
  const locks = new Set<object>()
  let longest: Micros = inhibitDelayMax
  let off: (() => void) | undefined
  let limit: Timer | undefined

  const end = (): void => {
    off = undefined
    kernel.cancel(limit)
    limit = undefined
  }
  const cut = (): void => {
    const how = off
    end()
    how?.()
  }
  const cutIfFree = (): void => {
    if (locks.size > 0 || off === undefined) return
    kernel.cancel(limit)
    limit = kernel.after(unitsStop, actor, cut, { label: `${actor.name} goes off` })
  }

  return {
    get underWay() {
      return off !== undefined
    },
    inhibit(wanted) {
      if (off !== undefined) return () => undefined
      const lock = {}
      locks.add(lock)
      longest = Math.max(longest, wanted)
      return () => {
        if (locks.delete(lock)) cutIfFree()
      }
    },
    subscribe: listeners.add,
    begin(how) {
      if (off !== undefined) return
      off = how
      limit = kernel.after(
        longest,
        actor,
        () => {
          locks.clear()
          cutIfFree()
        },
        { label: `${actor.name} goes off` },
      )
      listeners.tell(true)
      cutIfFree()
    },
    callOff() {
      if (off === undefined) return
      end()
      listeners.tell(false)
    },
    over() {
      end()
      locks.clear()
    },
  }
}
