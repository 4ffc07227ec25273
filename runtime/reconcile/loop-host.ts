import type { Credentials } from '../../api/protocol/request.ts'
import type { Scheme } from '../../api/scheme/scheme.ts'
import type { Heartbeats } from '../client/heartbeats.ts'
import type { Informers } from '../client/informers.ts'
import type { Transport } from '../client/transport.ts'
import type { Kernel } from '../kernel/kernel.ts'
import type { Trace } from '../kernel/trace.ts'

/** What a controller's loop gets from its process. */
export interface LoopHost {
  readonly kernel: Kernel
  readonly trace: Trace
  readonly transport: Transport
  readonly informers: Informers
  readonly heartbeats: Heartbeats
  readonly scheme: () => Scheme
  readonly userAgent: string
  readonly credentials: Credentials
}
