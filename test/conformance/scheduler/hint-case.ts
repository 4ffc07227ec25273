import type { KubeObject } from '../../../api/object.ts'
import type { Node, Pod } from '../../../api/types/core-v1.generated.ts'
import {
  action,
  eventLabel,
  matchesEvent,
  type ClusterEvent,
  type EventResource,
} from '../../../runtime/scheduler/cluster-event.ts'
import { nodeEvents, podEvents } from '../../../runtime/scheduler/object-events.ts'
import { podInfo } from '../../../runtime/scheduler/pod-info.ts'
import { watchedKinds } from '../../../runtime/scheduler/watched-kinds.ts'
import { worldOf } from './decision-case.ts'
import { storedObject, storedPod } from './stored-objects.ts'

export interface HintCase {
  readonly id: string
  readonly nodes?: readonly never[]
  readonly pods?: readonly never[]
  readonly objects?: readonly never[]
  readonly pod: never
  readonly event: { readonly old?: never; readonly new?: never }
  readonly expect: unknown
}

const placed = (pod: Pod): boolean => (pod.spec.nodeName ?? '') !== ''

/** What a change counts as, as the event handlers classify it. */
const eventsOf = (before: KubeObject | undefined, after: KubeObject | undefined): readonly ClusterEvent[] => {
  const object = (after ?? before)!
  const actions = before === undefined ? action.add : after === undefined ? action.delete : action.update
  if (object.kind === 'Pod') {
    const pod = object as Pod
    if (before !== undefined && after !== undefined) return podEvents(before as Pod, after as Pod)
    if (actions === action.add) return placed(pod) ? [{ resource: 'AssignedPod', actions }] : []
    return placed(pod) || (pod.status?.nominatedNodeName ?? '') !== '' ? [{ resource: 'AssignedPod', actions }] : []
  }
  if (object.kind === 'Node') {
    return actions === action.update ? nodeEvents(before as Node, after as Node) : [{ resource: 'Node', actions }]
  }
  const kind = watchedKinds.find((one) => one.kind === `${object.apiVersion}/${object.kind}`)
  return kind?.resource === undefined ? [] : [{ resource: kind.resource satisfies EventResource, actions }]
}

export const answerHint = (recorded: HintCase): unknown => {
  const before = recorded.event.old === undefined ? undefined : storedObject(recorded.event.old)
  const after = recorded.event.new === undefined ? undefined : storedObject(recorded.event.new)
  let pod = storedPod(recorded.pod)
  if (after?.kind === 'Pod' && after.metadata.uid === pod.metadata.uid) pod = after as Pod
  const info = podInfo(pod)
  const { framework, objects, nodes } = worldOf(recorded, [info])
  objects.set(pod)
  if (after !== undefined) {
    objects.set(after)
    if (after.kind === 'Node') nodes.setNode(after as Node)
  }
  const events = eventsOf(before, after)
  const hints: Record<string, string> = {}
  for (const event of events) {
    for (const { plugin, registration } of framework.hints) {
      if (!matchesEvent(registration.event, event)) continue
      const hint = registration.hint === undefined ? 'Queue' : registration.hint(info, before, after)
      if (hint === 'Queue' || hints[plugin] === undefined) hints[plugin] = hint
    }
  }
  return { events: events.map(eventLabel), hints }
}
