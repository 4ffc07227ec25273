import { sha256 } from './sha-256.ts'
import type { ServicePort } from './service-port.ts'

const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'

/** The first 16 characters of the base32 of the SHA-256, as chain names have it (portProtoHash). */
const hashText = (text: string): string => {
  // Names, protocols and addresses are ASCII.
  const bytes = sha256(Array.from(text, (letter) => letter.charCodeAt(0)))
  let out = ''
  for (let i = 0; i < 16; i += 1) {
    const at = 5 * i
    const pair = (bytes[at >> 3]! << 8) | (bytes[(at >> 3) + 1] ?? 0)
    out += alphabet[(pair >> (11 - (at & 7))) & 31]!
  }
  return out
}

/** Names of the nat chains of a service port. */
export interface ChainNames {
  readonly cluster: string
  readonly local: string
  readonly external: string
  readonly firewall: string
}

export const chainNames = ({ name, protocol }: ServicePort): ChainNames => {
  const hash = hashText(name + protocol.toLowerCase())
  return {
    cluster: `KUBE-SVC-${hash}`,
    local: `KUBE-SVL-${hash}`,
    external: `KUBE-EXT-${hash}`,
    firewall: `KUBE-FW-${hash}`,
  }
}

export const endpointChainName = ({ name, protocol }: ServicePort, endpoint: string): string =>
  `KUBE-SEP-${hashText(name + protocol.toLowerCase() + endpoint)}`
