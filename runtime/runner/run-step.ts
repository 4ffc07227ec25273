import type { Noun } from '../../dsl/plan/expression.ts'
import type { Operation, Outcome, Step } from '../../dsl/plan/operation.ts'
import { renderParts, textMatches } from '../expect/render.ts'
import { drawNumber } from './amounts.ts'
import { errorFinding, notRefusedFinding, refusedFinding } from './findings.ts'
import { credentialsOf } from './identity.ts'
import { cordonNode } from './steps/cordon-node.ts'
import { drainNode } from './steps/drain-node.ts'
import { deleteObject, labelObject, patchObject, scaleObject } from './steps/edit-objects.ts'
import { evictPod } from './steps/evict-pod.ts'
import { loadService } from './steps/load-service.ts'
import { loadWorkload, setMetric } from './steps/load-workload.ts'
import { placeManifest } from './steps/place-manifest.ts'
import type { Refusal } from './steps/refusal.ts'
import { rollout } from './steps/rollout.ts'
import { setImage } from './steps/set-image.ts'
import { createStepIo, type StepIo, type Target } from './steps/step-io.ts'
import { taintNode } from './steps/taint-node.ts'
import { targetsOf } from './steps/targets.ts'
import { writeDocuments } from './steps/write-documents.ts'
import { noteDrawn } from './run-planned.ts'
import { presentMoment } from './time-clauses.ts'
import type { ScriptContext } from './track.ts'
import type { Script } from './wait.ts'

type StepOperation = Extract<Operation, { kind: 'step' }>
type TargetStep = Exclude<
  Step,
  { verb: 'apply' | 'create' | 'replace' | 'load' | 'metric' | 'upgrade' | 'put' | 'remove' }
>

const actOn = function* (step: TargetStep, target: Target, io: StepIo): Script {
  switch (step.verb) {
    case 'patch':
      return yield* patchObject(step, target, io)
    case 'scale':
      return yield* scaleObject(step, target, io)
    case 'delete':
      return yield* deleteObject(step, target, io)
    case 'rollout':
      return yield* rollout(step, target, io)
    case 'set-image':
      return yield* setImage(step, target, io)
    case 'cordon':
    case 'uncordon':
      yield* cordonNode(target, step.verb === 'cordon', io)
      return
    case 'drain':
      return yield* drainNode(step, target, io)
    case 'evict':
      return yield* evictPod(target, io)
    case 'label':
    case 'annotate':
      return yield* labelObject(step, target, io)
    case 'taint':
      return yield* taintNode(step, target, io)
  }
}

/** `scale pool/workers to 4`: boots machines, or takes the last ones away. */
const scalePool = (noun: Noun, to: number, context: ScriptContext): void => {
  const { cluster, scenario } = context.run
  const name = noun.name === undefined ? '' : renderParts(noun.name.parts, presentMoment(context))
  if (!scenario.cluster.pools.some((pool) => pool.name === name)) return
  const numberOf = (machine: string): number => Number(machine.slice(name.length + 1))
  const own = cluster
    .machines()
    .filter((machine) => machine.startsWith(`${name}-`) && /^\d+$/.test(machine.slice(name.length + 1)))
    .sort((a, b) => numberOf(b) - numberOf(a))
  for (let count = own.length; count < to; count += 1) cluster.addNode(name)
  for (const machine of own.slice(0, Math.max(0, own.length - to))) cluster.removeNode(machine)
}

const isRefusedSo = (
  refusal: Refusal,
  outcome: Exclude<Outcome, { kind: 'succeeds' }>,
  context: ScriptContext,
): boolean => {
  if (outcome.reason !== undefined && outcome.reason !== refusal.reason) return false
  return (
    outcome.saying === undefined || textMatches(outcome.saying, refusal.reason, refusal.message, presentMoment(context))
  )
}

/** Compares what became of a step with what it says: it succeeds, `fails …`, `may-fail …`. */
const judgeOutcome = (
  operation: StepOperation,
  refusals: readonly Refusal[],
  context: ScriptContext,
  began: number,
): void => {
  const { run } = context
  const { outcome } = operation.clauses
  if (outcome.kind === 'succeeds') {
    if (refusals.length > 0 && context.drawn === true)
      noteDrawn(context, 'refused', refusals.map((one) => `${one.reason}: ${one.message}`).join('; '))
    else if (refusals.length > 0) run.report(refusedFinding(operation, refusals, run, began))
    return
  }
  const so = refusals.filter((refusal) => isRefusedSo(refusal, outcome, context))
  if (outcome.kind === 'may-fail') {
    if (so.length < refusals.length) {
      run.report(
        refusedFinding(
          operation,
          refusals.filter((refusal) => !so.includes(refusal)),
          run,
          began,
        ),
      )
    }
    return
  }
  if (so.length === 0) run.report(notRefusedFinding(operation, refusals, run, began))
}

/** One step of the script. It goes on when the last answer has come, and with `drain` when the pods are gone. */
export const runStep = function* (operation: StepOperation, context: ScriptContext): Script {
  const { run } = context
  const { step, clauses } = operation
  const began = run.cluster.kernel.now
  const io = createStepIo(context, credentialsOf(clauses.as, context))
  switch (step.verb) {
    case 'load':
      if (step.resource === 'rps') loadService(step, operation, context)
      else loadWorkload({ ...step, resource: step.resource }, operation, context)
      return
    case 'metric':
      setMetric(step, context)
      return
    case 'upgrade':
      run.unsupported(step.verb)
      return
    case 'apply':
    case 'create':
    case 'replace':
      yield* writeDocuments(step.verb, step.documents, io)
      break
    case 'put':
    case 'remove':
      placeManifest(step, operation, io)
      break
    default: {
      if (step.verb === 'scale' && step.target.resource === 'pool') {
        scalePool(step.target, drawNumber(step.to, presentMoment(context), run.cluster.kernel), context)
        return
      }
      const targets = targetsOf(step.target, 'any' in step && step.any, context)
      if (targets.length === 0) {
        if (context.drawn === true) noteDrawn(context, 'skipped', `nothing matches ${step.target.text}`)
        else run.report(errorFinding(operation, 'E202', `nothing matches ${step.target.text}`, run))
        return
      }
      for (const target of targets) yield* actOn(step, target, io)
    }
  }
  judgeOutcome(operation, io.refusals, context, began)
}
