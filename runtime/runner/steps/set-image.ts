import { resourceName } from '../../../api/object-key.ts'
import type { Step } from '../../../dsl/plan/operation.ts'
import { textOf } from '../../expect/text-of.ts'
import { presentMoment } from '../time-clauses.ts'
import type { Script } from '../wait.ts'
import { nested, podSpecAt, podSpecPath } from './pod-template.ts'
import { complaint } from './refusal.ts'
import { targetSubject, type StepIo, type Target } from './step-io.ts'
import { quotedName } from './targets.ts'

type SetImageStep = Extract<Step, { verb: 'set-image' }>

/**
 * `kubectl set image`: reads the object and sends a strategic merge patch of the containers whose image changes; of init
 * containers too, if the name is theirs. Mirrors staging/src/k8s.io/kubectl/pkg/cmd/set/set_image.go (v1.36).
 */
export const setImage = function* (step: SetImageStep, target: Target, io: StepIo): Script {
  const subject = targetSubject(target)
  const path = podSpecPath(resourceName(target.resource))
  if (path === undefined) {
    io.refusals.push(complaint(`${quotedName(target)} has no pod template to set an image in`, subject))
    return
  }
  const before = io.refusals.length
  const object = yield* io.send({ verb: 'get', target })
  if (object === undefined || io.refusals.length > before) return
  const spec = podSpecAt(object, path)
  const moment = presentMoment(io.context)
  const changed: Record<'containers' | 'initContainers', Map<string, string>> = {
    containers: new Map(),
    initContainers: new Map(),
  }
  for (const { container, image } of step.images) {
    const text = textOf(moment.evaluate(image))
    let found = false
    for (const field of ['initContainers', 'containers'] as const) {
      for (const one of spec[field] ?? []) {
        if (one.name !== container && container !== '*') continue
        found = true
        if (one.image !== text) changed[field].set(one.name, text)
      }
    }
    if (!found) {
      io.refusals.push(complaint(`error: unable to find container named "${container}"`, subject))
      return
    }
  }
  const patch: Record<string, unknown> = {}
  for (const field of ['containers', 'initContainers'] as const) {
    if (changed[field].size === 0) continue
    patch[`$setElementOrder/${field}`] = (spec[field] ?? []).map(({ name }) => ({ name }))
    patch[field] = [...changed[field]].map(([name, image]) => ({ image, name }))
  }
  // kubectl says nothing and sends nothing when no image changes.
  if (Object.keys(patch).length === 0) return
  yield* io.send({
    verb: 'patch',
    target,
    body: nested(path, patch),
    patchType: 'strategic',
    options: { fieldManager: 'kubectl-set' },
    action: 'set-image',
  })
}
