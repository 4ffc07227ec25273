import type { KubeObject } from '../../../api/object.ts'
import type { Script } from '../wait.ts'
import type { StepIo, Target } from './step-io.ts'

/** `kubectl cordon`, `kubectl uncordon`: a node that is so already is left alone. True if the node was reached. */
export const cordonNode = function* (target: Target, to: boolean, io: StepIo): Script<boolean> {
  const node = (yield* io.send({ verb: 'get', target })) as
    (KubeObject & { readonly spec?: { readonly unschedulable?: boolean } }) | undefined
  if (node === undefined) return false
  if ((node.spec?.unschedulable === true) === to) return true
  const patched = yield* io.send({
    verb: 'patch',
    target,
    body: { spec: { unschedulable: to ? true : null } },
    patchType: 'strategic',
    action: to ? 'cordon' : 'uncordon',
  })
  return patched !== undefined
}
