import { precedes, type PluginFactory } from '../framework.ts'

/** pkg/scheduler/framework/plugins/queuesort. */
export const prioritySort: PluginFactory = () => ({ name: 'PrioritySort', queueSort: precedes })
