import type { Json } from '../../../api/object.ts'
import type { Step } from '../../../dsl/plan/operation.ts'
import { renderTemplate } from '../../expect/render-template.ts'
import { textOf } from '../../expect/text-of.ts'
import { drawDuration, drawNumber } from '../amounts.ts'
import { presentMoment } from '../time-clauses.ts'
import type { Script } from '../wait.ts'
import type { StepIo, Target } from './step-io.ts'

type PatchStep = Extract<Step, { verb: 'patch' }>
type ScaleStep = Extract<Step, { verb: 'scale' }>
type DeleteStep = Extract<Step, { verb: 'delete' }>
type LabelStep = Extract<Step, { verb: 'label' | 'annotate' }>

/** `kubectl patch`: strategic where the type supports it, else merge. */
export const patchObject = function* (step: PatchStep, target: Target, io: StepIo): Script {
  const body = renderTemplate(step.patch.value, presentMoment(io.context))
  yield* io.send({
    verb: 'patch',
    target,
    ...(step.subresource === undefined ? {} : { subresource: step.subresource }),
    body,
    patchType: step.type ?? (target.resource.type === undefined ? 'merge' : 'strategic'),
    options: { fieldManager: 'kubectl-patch' },
    action: 'patch',
  })
}

/** `kubectl scale`: a merge patch of the scale subresource. */
export const scaleObject = function* (step: ScaleStep, target: Target, io: StepIo): Script {
  const replicas = drawNumber(step.to, presentMoment(io.context), io.context.run.cluster.kernel)
  yield* io.send({
    verb: 'patch',
    target,
    subresource: 'scale',
    body: { spec: { replicas } },
    patchType: 'merge',
    action: 'scale',
  })
}

const propagation = { orphan: 'Orphan', foreground: 'Foreground', background: 'Background' } as const

/** `kubectl delete --wait=false`. */
export const deleteObject = function* (step: DeleteStep, target: Target, io: StepIo): Script {
  const { kernel } = io.context.run.cluster
  const grace = step.grace === undefined ? undefined : drawDuration(step.grace, presentMoment(io.context), kernel)
  const seconds = grace === undefined ? (step.force ? 0 : undefined) : Math.round(grace / 1_000_000)
  yield* io.send({
    verb: 'delete',
    target,
    body: {
      propagationPolicy: propagation[step.propagation ?? 'background'],
      ...(seconds === undefined ? {} : { gracePeriodSeconds: seconds }),
    },
    action: 'delete',
  })
}

/** `kubectl label --overwrite`, `kubectl annotate --overwrite`: a key without a value is taken away. */
export const labelObject = function* (step: LabelStep, target: Target, io: StepIo): Script {
  const moment = presentMoment(io.context)
  const values: Record<string, Json> = {}
  for (const { key, value } of step.set) values[key] = value === undefined ? null : textOf(moment.evaluate(value))
  const field = step.verb === 'label' ? 'labels' : 'annotations'
  yield* io.send({
    verb: 'patch',
    target,
    body: { metadata: { [field]: values } },
    patchType: 'merge',
    options: { fieldManager: `kubectl-${step.verb}` },
    action: step.verb,
  })
}
