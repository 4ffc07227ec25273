import type { EndpointPort } from '../../../api/types/discovery-v1.generated.ts'

const offset = 0x6c62272e07bb014262b821756295c58dn
const prime = 0x0000000001000000000000000000013bn
const mask = (1n << 128n) - 1n

/** FNV-128a of ASCII text. */
const fnv128a = (text: string): bigint => {
  let hash = offset
  for (let at = 0; at < text.length; at += 1) hash = ((hash ^ BigInt(text.charCodeAt(at) & 255)) * prime) & mask
  return hash
}

/** spew's %#v of the Go struct, as dump.ForHash prints it. */
const dump = ({ name, protocol, port, appProtocol }: EndpointPort): string => {
  const pointer = (type: string, value: string | number | undefined): string => `(*${type})${value ?? '<nil>'}`
  return (
    `(v1.EndpointPort){Name:${pointer('string', name)} Protocol:${pointer('v1.Protocol', protocol)} ` +
    `Port:${pointer('int32', port)} AppProtocol:${pointer('string', appProtocol)}}`
  )
}

const hashes = new Map<string, bigint>()

const hashOf = (port: EndpointPort): bigint => {
  const text = dump(port)
  let hash = hashes.get(text)
  if (hash === undefined) {
    hash = fnv128a(text)
    hashes.set(text, hash)
  }
  return hash
}

/** k8s.io/endpointslice/util portsInOrder: NewPortMapKey leaves a slice's ports in the order of their hashes. */
export const inHashOrder = (ports: readonly EndpointPort[]): readonly EndpointPort[] =>
  ports.length < 2 ? ports : [...ports].sort((a, b) => (hashOf(a) < hashOf(b) ? -1 : hashOf(a) > hashOf(b) ? 1 : 0))
