import type { Process } from '../cluster/cluster.ts'
import type { Micros } from '../kernel/micros.ts'
import { allOf } from './all-of.ts'
import type { Fault, FaultRequest } from './fault.ts'
import { processesOf } from './processes-of.ts'

type Alive = 'alive' | 'dead'

interface Strike {
  readonly heal: () => void
  readonly struck: () => boolean
}

const strike = (process: Process, request: FaultRequest): Strike => {
  const { cluster, args = [], restart } = request
  const { kernel, timeline } = cluster
  const [where, number] = args
  const wanted = typeof number === 'number' ? number : 1
  let before = 0
  let after = 0
  let over = false
  let down = false
  let died = false
  let stop: () => void = () => undefined

  const start = (): void => {
    if (!down) return
    down = false
    if (!process.up) process.start()
  }
  const die = (write: { readonly verb: string; readonly resource: { readonly plural: string } }): Alive => {
    over = true
    stop()
    if (!process.up) return 'dead'
    const actor = kernel.actor('faults', 'script')
    const data = Object.freeze({ fault: 'crash', targets: [process.name], from: [] })
    const action = `crash ${String(where)} ${write.verb} ${write.resource.plural}`
    kernel.cause = timeline.append('fault', actor, action, `components/${process.name}`, data)
    down = true
    died = true
    process.stop('crash')
    const time: Micros | undefined = restart
    if (time !== undefined) kernel.after(time, actor, start, { label: `${process.name} starts again` })
    return 'dead'
  }
  stop = cluster.dials.interference.followWrites([process.name], {
    before(write) {
      before += 1
      return !over && where === 'before-write' && before === wanted ? die(write) : 'alive'
    },
    after(write) {
      after += 1
      if (over || where === 'before-write') return 'alive'
      if (where === 'after-write') return after === wanted ? die(write) : 'alive'
      // Which gap it is, chance says: an explored run tries them all.
      return kernel.choose('faults/between-writes', 2) === 1 ? die(write) : 'alive'
    },
  })
  return {
    heal() {
      stop()
      over = true
      start()
    },
    struck: () => died,
  }
}

/**
 * `crash controller/x after-write 2`: dies once its second write from now on is committed, and before it knows. `before-write 2`
 * dies instead of sending it; `between-writes` after a write that chance picks. Kubernetes Events do not count.
 */
export const crashAtWrite: Fault = {
  name: 'crash at write',
  waits: true,
  vain: 'it came to no such write',
  refuses: ({ args = [] }) =>
    typeof args[1] === 'number' && args[1] < 1 ? 'writes are counted from 1: `after-write 1`' : undefined,
  inject(request) {
    const strikes = processesOf(request).map((process) => strike(process, request))
    return { ...allOf(strikes.map((one) => one.heal)), struck: () => strikes.some((one) => one.struck()) }
  },
}
