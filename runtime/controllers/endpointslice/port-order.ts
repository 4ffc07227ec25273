import { fnv128a } from '../../../api/hash/fnv128a.ts'
import type { EndpointPort } from '../../../api/types/discovery-v1.generated.ts'

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
