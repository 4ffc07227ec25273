import { fnv128a } from '../../../api/hash/fnv128a.ts'
import type { EndpointPort } from '../../../api/types/core-v1.generated.ts'

/** spew's %#v of the Go struct, as dump.ForHash prints it. */
const dump = ({ name = '', port, protocol, appProtocol }: EndpointPort): string =>
  `(v1.EndpointPort){Name:(string)${name} Port:(int32)${port} Protocol:(v1.Protocol)${protocol ?? ''} AppProtocol:(*string)${appProtocol ?? '<nil>'}}`

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

/** portsByHash, pkg/api/v1/endpoints. */
export const inHashOrder = (ports: readonly EndpointPort[]): EndpointPort[] =>
  ports.length < 2
    ? [...ports]
    : [...ports].sort((a, b) => (hashOf(a) < hashOf(b) ? -1 : hashOf(a) > hashOf(b) ? 1 : 0))
