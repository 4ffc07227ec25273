import type { BindStep, PluginFactory, StepAnswer } from '../framework.ts'
import { status, type Status } from '../status.ts'

const name = 'DefaultBinder'

/** pkg/scheduler/framework/plugins/defaultbinder: the Binding, written by the scheduler. */
export const defaultBinder: PluginFactory = () => ({
  name,
  *bind(_cycle, node): Generator<BindStep, Status | undefined, unknown> {
    const answer = (yield { kind: 'bind', node }) as StepAnswer
    return answer.ok ? undefined : status(name, 'Error', answer.message)
  },
})
