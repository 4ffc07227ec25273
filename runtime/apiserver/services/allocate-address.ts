import { parseIp } from '../../../api/names/ip-address.ts'
import type { ServerContext } from '../server-context.ts'
import { addressText, inRange, staticBand } from './address-range.ts'
import type { Allocated } from './allocated.ts'

/** A free address: drawn from the upper band, then the next free one, then the lower band (ipallocator.AllocateNext). */
export const nextAddress = (context: ServerContext, allocated: Allocated): string | undefined => {
  const { range } = allocated
  const usable = range.size - 2
  const band = staticBand(range)
  const search = (from: number, count: number): string | undefined => {
    if (count <= 0) return undefined
    const start = context.kernel.choose('service/cluster-ip', count)
    for (let step = 0; step < count; step += 1) {
      const address = addressText(range.first + 1 + from + ((start + step) % count))
      if (!allocated.hasAddress(address)) return address
    }
    return undefined
  }
  return search(band, usable - band) ?? search(0, band)
}

/** Why an address that a client asks for cannot be had. */
export const addressProblem = (allocated: Allocated, address: string): string | undefined => {
  // What is no address at all is the validation's to tell.
  if (parseIp(address) === undefined) return undefined
  if (!inRange(allocated.range, address)) return 'the provided network does not match the current range'
  return allocated.hasAddress(address) ? 'provided IP is already allocated' : undefined
}
