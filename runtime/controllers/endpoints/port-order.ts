import { createHashOrder } from '../../../api/hash/hash-order.ts'
import type { EndpointPort } from '../../../api/types/core-v1.generated.ts'

/** spew's %#v of the Go struct, as dump.ForHash prints it. */
const dump = ({ name = '', port, protocol, appProtocol }: EndpointPort): string =>
  `(v1.EndpointPort){Name:(string)${name} Port:(int32)${port} Protocol:(v1.Protocol)${protocol ?? ''} AppProtocol:(*string)${appProtocol ?? '<nil>'}}`

/** portsByHash, pkg/api/v1/endpoints. */
export const inHashOrder: (ports: readonly EndpointPort[]) => readonly EndpointPort[] = createHashOrder(dump)
