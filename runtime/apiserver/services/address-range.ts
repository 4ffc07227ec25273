import { InvariantError } from '../../kernel/invariant-error.ts'

/** An IPv4 service range. The first address names the network; the last is not handed out. */
export interface AddressRange {
  readonly first: number
  /** Addresses in it, network and broadcast included. */
  readonly size: number
}

const toNumber = (address: string): number | undefined => {
  const found = /^(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})$/.exec(address)
  if (found === null) return undefined
  let value = 0
  for (let index = 1; index <= 4; index += 1) value = value * 256 + Number(found[index])
  return value
}

export const addressText = (value: number): string =>
  [value >>> 24, (value >>> 16) & 255, (value >>> 8) & 255, value & 255].join('.')

export const parseRange = (text: string): AddressRange => {
  const [address, bits] = text.split('/')
  const base = toNumber(address ?? '')
  const length = Number(bits)
  if (base === undefined || !Number.isInteger(length) || length < 8 || length > 30) {
    throw new InvariantError('apiserver', 'a service range must be an IPv4 network', { range: text })
  }
  const size = 1 << (32 - length)
  return { first: base - (base % size), size }
}

export const inRange = (range: AddressRange, address: string): boolean => {
  const value = toNumber(address)
  return value !== undefined && value > range.first && value < range.first + range.size - 1
}

/** Addresses below this offset are used for dynamic allocation only when the others are gone (ipallocator calculateRangeOffset). */
export const staticBand = (range: AddressRange): number => {
  const usable = range.size - 2
  return usable <= 16 ? 0 : Math.min(Math.max(16, Math.floor(usable / 16)), 256)
}
