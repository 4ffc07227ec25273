import type { ContainerStatus, Pod } from '../../../api/types/core-v1.generated.ts'
import { conditionOf } from '../../../api/state-words/condition-of.ts'
import { printedPodStatus } from '../../../api/state-words/printed-pod-status.ts'
import { instantText } from '../../expect/text-of.ts'
import type { WhyLine } from '../../record/finding.ts'
import type { RequestNote } from '../../record/request-note.ts'
import type { Revision } from '../../record/revision.ts'
import type { WhyWorld } from './why-world.ts'
import { lastEmission, lastEntry } from './last-entry.ts'
import { whyBehavior } from './why-behavior.ts'
import { whyNode } from './why-node.ts'

const line = (what: string, detail: string, entry?: number): WhyLine => ({ what, detail, entry, span: undefined })

/** Since when the pod prints what it prints. */
const since = (key: string, printed: string, run: WhyWorld): number | undefined => {
  const { timeline } = run.cluster
  let found: number | undefined
  for (const entry of [...timeline.about(key)].reverse()) {
    if (timeline.kind(entry) !== 'revision') continue
    const { object } = timeline.data(entry) as Revision
    if (object === undefined || printedPodStatus(object as Pod) !== printed) break
    found = entry
  }
  return found
}

const isInit = (pod: Pod, container: ContainerStatus): boolean =>
  pod.spec.initContainers?.some((spec) => spec.name === container.name && spec.restartPolicy !== 'Always') === true

const whyContainer = (pod: Pod, container: ContainerStatus, key: string, run: WhyWorld): readonly WhyLine[] => {
  const { waiting, terminated, running } = container.state ?? {}
  const { timeline } = run.cluster
  const name = pod.metadata.name
  if (waiting?.reason !== undefined && waiting.reason !== 'ContainerCreating' && waiting.reason !== 'PodInitializing') {
    const told = lastEmission(timeline, key, ['Failed', 'BackOff'])
    return [
      line(
        `container ${container.name} is waiting`,
        [waiting.reason, waiting.message].filter(Boolean).join(': '),
        told?.entry,
      ),
      ...whyEnded(container),
      ...whyBehavior(container.image, name, waiting.reason, run),
    ]
  }
  if (isInit(pod, container) && running !== undefined)
    return [line(`init container ${container.name} has not ended`, 'it still runs')]
  if (isInit(pod, container) && terminated?.exitCode === 0) return []
  if (terminated !== undefined) {
    const reason = terminated.reason ?? 'Error'
    return [
      line(`container ${container.name} has ended`, `${reason}, exit code ${terminated.exitCode}`),
      ...whyBehavior(container.image, name, reason, run),
    ]
  }
  if (running !== undefined && !container.ready) {
    const told = lastEmission(timeline, key, ['Unhealthy'])
    const detail = told === undefined ? 'its readiness probe has not succeeded' : told.emission.message
    return [
      line(`container ${container.name} runs and is not ready`, detail, told?.entry),
      ...whyBehavior(container.image, name, 'unready', run),
    ]
  }
  return []
}

const whyEnded = (container: ContainerStatus): readonly WhyLine[] => {
  const ended = container.lastState?.terminated
  if (ended === undefined) return []
  return [
    line(`its last run`, `${ended.reason ?? 'Error'}, exit code ${ended.exitCode}, ${container.restartCount} restarts`),
  ]
}

/** The write that let it go has not been answered yet: what it came from. */
const whyWritten = (key: string, name: string, run: WhyWorld): readonly WhyLine[] => {
  const { timeline } = run.cluster
  const write = lastEntry(timeline, key, (entry) => timeline.kind(entry) === 'revision')
  const cause = write === undefined ? -1 : timeline.cause(write)
  if (cause < 0) return []
  return [
    line(
      `pod/${name} is let go`,
      `by ${timeline.actor(cause)} (${timeline.action(cause)}) at ${instantText(timeline.time(cause))}`,
      cause,
    ),
  ]
}

const whyGone = (key: string, name: string, run: WhyWorld): readonly WhyLine[] => {
  const { timeline } = run.cluster
  const request = lastEntry(timeline, key, (entry) => {
    if (timeline.kind(entry) !== 'request') return false
    const note = timeline.data(entry) as RequestNote
    return (note.verb === 'delete' || note.subresource === 'eviction') && note.code < 300
  })
  if (request === undefined) return whyWritten(key, name, run)
  const note = timeline.data(request) as RequestNote
  const how = note.subresource === 'eviction' ? 'evicted' : 'deleted'
  return [line(`pod/${name} was ${how}`, `by ${note.agent} at ${instantText(timeline.time(request))}`, request)]
}

/** Why a pod is in the state it is in, down to the node, the fault or the behavior behind it. Nothing of a pod that is Ready. */
export const whyPod = (namespace: string, name: string, run: WhyWorld): readonly WhyLine[] => {
  const key = `pods/${namespace}/${name}`
  const pod = run.cluster.state.get('pods', namespace, name) as Pod | undefined
  if (pod === undefined) return whyGone(key, name, run)
  const printed = printedPodStatus(pod)
  if (printed === 'Terminating')
    return [...whyGone(key, name, run), ...(pod.spec.nodeName === undefined ? [] : whyNode(pod.spec.nodeName, run))]
  if (conditionOf(pod, 'Ready')?.status === 'True') return []
  const start = since(key, printed, run)
  const lines: WhyLine[] = [
    line(
      `pod/${name} is not Ready`,
      `${printed}${start === undefined ? '' : ` since ${instantText(run.cluster.timeline.time(start))}`}`,
      start,
    ),
  ]
  const scheduled = conditionOf(pod, 'PodScheduled')
  if (scheduled?.status === 'False') {
    const told = lastEmission(run.cluster.timeline, key, ['FailedScheduling'])
    lines.push(line(scheduled.reason ?? 'not scheduled', scheduled.message ?? '', told?.entry))
    return lines
  }
  for (const container of [...(pod.status.initContainerStatuses ?? []), ...(pod.status.containerStatuses ?? [])]) {
    lines.push(...whyContainer(pod, container, key, run))
  }
  if (lines.length === 1) {
    const told = lastEmission(run.cluster.timeline, key, [
      'FailedMount',
      'FailedCreatePodSandBox',
      'FailedScheduling',
      'Failed',
    ])
    if (told !== undefined) lines.push(line(told.emission.reason, told.emission.message, told.entry))
  }
  if (pod.spec.nodeName !== undefined) lines.push(...whyNode(pod.spec.nodeName, run))
  return lines
}
