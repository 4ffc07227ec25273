/** Addresses of one node's pods, lowest free one after the last given first, as the host-local CNI plugin hands them out. */
export interface PodIps {
  /** undefined when the range is used up. */
  allocate(): string | undefined
  release(address: string): void
  /** What the plugin says when the range is used up. */
  readonly usedUp: string
}

const toNumber = (address: string): number =>
  address.split('.').reduce((sum, part) => sum * 256 + Number.parseInt(part, 10), 0)

const toText = (value: number): string =>
  [Math.floor(value / 16777216), Math.floor(value / 65536) % 256, Math.floor(value / 256) % 256, value % 256].join('.')

/** `cidr` is the node's pod CIDR, such as `10.244.3.0/24`; its first address is the bridge's, its last the broadcast's. */
export const createPodIps = (cidr: string): PodIps => {
  const [base = '10.244.0.0', bits = '24'] = cidr.split('/')
  let size = 1
  for (let bit = Number.parseInt(bits, 10); bit < 32; bit += 1) size *= 2
  const start = toNumber(base)
  const used = new Set<number>()
  let last = 1
  const ends = `${toText(start + 1)}-${toText(start + size - 2)}`
  return {
    usedUp: `failed to allocate for range 0: no IP addresses available in range set: ${ends}`,
    allocate() {
      for (let step = 1; step < size; step += 1) {
        const offset = 2 + ((last - 1 + step - 1) % (size - 3))
        if (used.has(offset)) continue
        used.add(offset)
        last = offset
        return toText(start + offset)
      }
      return undefined
    },
    release: (address) => {
      used.delete(toNumber(address) - start)
    },
  }
}
