import type { Block, Operation } from '../../../dsl/plan/operation.ts'
import type { ScenarioPlan } from '../../../dsl/plan/plan.ts'

const blockWithout = (block: Block, gone: ReadonlySet<Operation>): Block => ({
  operations: block.operations
    .filter((one) => !gone.has(one))
    .map((one): Operation => {
      if (!('body' in one)) return one
      const body = blockWithout(one.body, gone)
      return body.operations.every((inner, index) => inner === one.body.operations[index]) &&
        body.operations.length === one.body.operations.length
        ? one
        : { ...one, body }
    }),
})

/** The scenario without some statements, wherever they stand. */
export const without = (scenario: ScenarioPlan, gone: ReadonlySet<Operation>): ScenarioPlan => ({
  ...scenario,
  body: blockWithout(scenario.body, gone),
})
