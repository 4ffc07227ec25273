import { crashNode } from './crash-node.ts'
import type { Fault } from './fault.ts'

/** `reboot node/x for 90s`: without power for that long. Without a length it is back in the same instant. */
export const rebootNode: Fault = { name: 'reboot node', inject: (request) => crashNode.inject(request) }
