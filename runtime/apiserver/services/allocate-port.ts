import type { ServerContext } from '../server-context.ts'
import type { Allocated } from './allocated.ts'

/** `service-node-port-range` */
export const firstPort = 30000
export const lastPort = 32767
const size = lastPort - firstPort + 1
/** portallocator calculateRangeOffset: dynamic allocation leaves the lowest ports for those who ask for one. */
const band = Math.min(Math.max(16, Math.floor(size / 32)), 128)

/** The ports of one request: what it took so far counts as taken. */
export interface PortPicker {
  /** Why a port cannot be had; undefined: it is taken now. */
  take(port: number): string | undefined
  next(): number | undefined
}

export const createPortPicker = (context: ServerContext, allocated: Allocated): PortPicker => {
  const mine = new Set<number>()
  const free = (port: number): boolean => !allocated.hasPort(port) && !mine.has(port)
  const search = (from: number, count: number): number | undefined => {
    const start = context.kernel.choose('service/node-port', count)
    for (let step = 0; step < count; step += 1) {
      const port = from + ((start + step) % count)
      if (free(port)) return port
    }
    return undefined
  }
  return {
    take(port) {
      if (port < firstPort || port > lastPort) {
        return `provided port is not in the valid range. The range of valid ports is ${firstPort}-${lastPort}`
      }
      if (!free(port)) return 'provided port is already allocated'
      mine.add(port)
      return undefined
    },
    next() {
      const port = search(firstPort + band, size - band) ?? search(firstPort, band)
      if (port !== undefined) mine.add(port)
      return port
    },
  }
}
