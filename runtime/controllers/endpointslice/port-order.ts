import { createHashOrder } from '../../../api/hash/hash-order.ts'
import type { EndpointPort } from '../../../api/types/discovery-v1.generated.ts'

/** spew's %#v of the Go struct, as dump.ForHash prints it. */
const dump = ({ name, protocol, port, appProtocol }: EndpointPort): string => {
  const pointer = (type: string, value: string | number | undefined): string => `(*${type})${value ?? '<nil>'}`
  return (
    `(v1.EndpointPort){Name:${pointer('string', name)} Protocol:${pointer('v1.Protocol', protocol)} ` +
    `Port:${pointer('int32', port)} AppProtocol:${pointer('string', appProtocol)}}`
  )
}

/** k8s.io/endpointslice/util portsInOrder: NewPortMapKey leaves a slice's ports in the order of their hashes. */
export const inHashOrder: (ports: readonly EndpointPort[]) => readonly EndpointPort[] = createHashOrder(dump)
