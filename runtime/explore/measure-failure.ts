import type { Block, Operation } from '../../dsl/plan/operation.ts'
import type { ScenarioPlan } from '../../dsl/plan/plan.ts'
import type { FailureSize } from '../record/exploration.ts'
import type { Candidate } from './shrink/attempt.ts'

const all = (block: Block): readonly Operation[] =>
  block.operations.flatMap((one) => ('body' in one ? [one, ...all(one.body)] : [one]))

/** Nodes, and the documents that the script writes. */
const objectsOf = (scenario: ScenarioPlan, planned: readonly Operation[]): number =>
  [...all(scenario.body), ...planned].reduce(
    (sum, one) => sum + (one.kind === 'step' && 'documents' in one.step ? one.step.documents.length : 0),
    scenario.cluster.nodes.length,
  )

/** The measure by which one failure is simpler than another. */
export const measureFailure = ({ inputs, schedule, scenario }: Candidate): FailureSize => {
  const planned = Object.values(inputs).flatMap((input) => (input.kind === 'plan' ? input.steps : []))
  const operations = planned.map((step) => step.operation)
  const injected = operations.filter((one) => one.kind === 'inject').length
  const faults = schedule.disturbances.filter((one) => one.kind !== 'hold' && one.kind !== 'slow').length
  return {
    faults: injected + faults,
    holds: schedule.disturbances.length - faults + (schedule.drawn ? 1 : 0) + (schedule.jitter ? 1 : 0),
    steps: planned.length - injected,
    objects: objectsOf(scenario, operations),
    statements: scenario.body.operations.length,
  }
}
