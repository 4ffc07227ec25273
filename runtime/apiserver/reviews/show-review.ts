import type { KubeObject } from '../../../api/object.ts'
import { managerOf, type Call } from '../verbs/call.ts'

/** An answer that is not stored, with the managers that its request would have made. */
export const showReview = (call: Call, answer: KubeObject, written: KubeObject): KubeObject =>
  call.context.ledger.show(answer, {
    before: undefined,
    written,
    manager: managerOf(call),
    operation: 'Update',
    apiVersion: written.apiVersion,
    subresource: call.subresource,
    time: call.context.clock.timestamp(),
  })
