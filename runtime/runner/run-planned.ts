import type { Block } from '../../dsl/plan/operation.ts'
import type { ScriptContext } from './track.ts'
import type { Script } from './wait.ts'

/** Says in the timeline that a drawn statement did nothing, and why: in a plan that is no error. */
export const noteDrawn = ({ run, track }: ScriptContext, what: 'skipped' | 'refused', why: string): void => {
  run.cluster.timeline.append('step', track.actor, what, track.actor.name, why)
}

/**
 * `do x` of a `forall x in plan …`: the steps that were drawn for this run, one after the other, each not before its instant.
 * A run without inputs (somebody runs the body of a property alone) has drawn none.
 */
export const runPlanned = function* (
  name: string,
  context: ScriptContext,
  runBlock: (block: Block, context: ScriptContext) => Script,
): Script {
  const input = context.run.inputs[name]
  if (input?.kind !== 'plan') return
  const { kernel } = context.run.cluster
  const began = kernel.now
  const drawn = { ...context, drawn: true }
  for (const { at, operation } of input.steps) {
    if (at !== undefined && began + at > kernel.now) yield { kind: 'time', at: began + at }
    yield* runBlock({ operations: [operation] }, drawn)
  }
}
