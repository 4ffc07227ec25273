import { deepFreeze } from '../../../api/json/deep-freeze.ts'
import type { JsonObject } from '../../../api/object.ts'
import type { Operation, Step } from '../../../dsl/plan/operation.ts'
import { renderTemplate } from '../../expect/render-template.ts'
import { errorFinding } from '../findings.ts'
import { presentMoment } from '../time-clauses.ts'
import { complaint } from './refusal.ts'
import type { StepIo } from './step-io.ts'
import { targetsOf } from './targets.ts'

type ManifestStep = Extract<Step, { verb: 'put' | 'remove' }>

/** `put manifest web on node/x`, `remove manifest web on node/x`: takes no time. What a kubelet leaves out is refused. */
export const placeManifest = (step: ManifestStep, operation: Operation, io: StepIo): void => {
  const { context } = io
  const { run } = context
  const missing = (what: string): void => run.report(errorFinding(operation, 'E202', what, run))
  const targets = targetsOf(step.nodes, false, context)
  if (targets.length === 0) missing(`nothing matches ${step.nodes.text}`)
  for (const { name } of targets) {
    const machine = run.cluster.machine(name)
    if (machine === undefined) {
      missing(`the cluster has no machine of ${step.nodes.text}`)
      continue
    }
    if (step.verb === 'remove') {
      if (!machine.removeManifest(step.name)) missing(`no manifest ${step.name} lies on node/${name}`)
      continue
    }
    const manifest = deepFreeze(renderTemplate(step.manifest.value, presentMoment(context))) as JsonObject
    const problem = machine.putManifest(step.name, manifest)
    if (problem !== undefined) io.refusals.push(complaint(problem, `manifest ${step.name}`, 'Invalid'))
  }
}
