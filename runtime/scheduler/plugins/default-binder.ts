import type { BindStep, PluginFactory } from '../framework.ts'
import { status, type Status } from '../status.ts'

const name = 'DefaultBinder'

/** pkg/scheduler/framework/plugins/defaultbinder: the Binding, written by the scheduler. */
export const defaultBinder: PluginFactory = () => ({
  name,
  *bind(_cycle, node): Generator<BindStep, Status | undefined, unknown> {
    const refused = (yield { kind: 'bind', node }) as string | undefined
    return refused === undefined ? undefined : status(name, 'Error', refused)
  },
})
