/** The package's door `kscn/scheduler`: scheduler plugins and extenders of one's own, in TypeScript. */
export { action, anyEvent } from '../runtime/scheduler/cluster-event.ts'
export { status } from '../runtime/scheduler/status.ts'
export type { ClusterEvent, EventResource } from '../runtime/scheduler/cluster-event.ts'
export type {
  Bind,
  BindStep,
  Cycle,
  EventRegistration,
  Handle,
  Hint,
  Listers,
  PermitWait,
  Plugin,
  PluginArgs,
  PluginFactory,
  PostFilterAnswer,
  PreBind,
  PreBindStep,
  Preemption,
  Queued,
  StepAnswer,
} from '../runtime/scheduler/framework.ts'
export type { Diagnosis } from '../runtime/scheduler/diagnosis.ts'
export type { NodeTable } from '../runtime/scheduler/cache/node-table.ts'
export type { PodInfo } from '../runtime/scheduler/pod-info.ts'
export type { Code, Status } from '../runtime/scheduler/status.ts'
export type { WaitingPod, WaitingPods } from '../runtime/scheduler/waiting-pods.ts'
export type {
  ExtenderArgs,
  ExtenderBindingArgs,
  ExtenderBindingResult,
  ExtenderFilterResult,
  ExtenderPreemptionArgs,
  ExtenderPreemptionResult,
  HostPriorityList,
  MetaVictims,
  Victims,
} from '../runtime/scheduler/extenders/extender-bodies.ts'
