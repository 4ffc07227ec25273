import type { Script } from '../wait.ts'
import type { Send, StepIo, Target } from './step-io.ts'

/** The request that kubectl's drain makes for a pod. */
export const eviction = (target: Target): Send => ({
  verb: 'create',
  target,
  subresource: 'eviction',
  body: {
    apiVersion: 'policy/v1',
    kind: 'Eviction',
    metadata: { name: target.name, namespace: target.namespace },
    deleteOptions: {},
  },
  action: 'evict',
})

/** One eviction; a budget may refuse it. */
export const evictPod = function* (target: Target, io: StepIo): Script {
  yield* io.send(eviction(target))
}
