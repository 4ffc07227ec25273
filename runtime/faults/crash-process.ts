import type { Fault } from './fault.ts'
import { processesOf } from './processes-of.ts'

/** `crash kubelet/x`, `crash controller/x`, `crash scheduler`, `crash apiserver/0`: the process dies with all it knew. */
export const crashProcess: Fault = {
  name: 'crash',
  inject(request) {
    const struck = processesOf(request).filter((process) => process.up)
    for (const process of struck) process.stop('crash')
    return {
      heal() {
        for (const process of struck) if (!process.up) process.start()
      },
      struck: () => struck.length > 0,
    }
  },
}
