import type { Node, Pod } from '../../../api/types/core-v1.generated.ts'
import type { Cluster } from '../../../runtime/cluster/cluster.ts'
import type { ContainerTruth } from '../../../runtime/record/container-truth.ts'

/**
 * What a kubelet that dies at this moment has begun and told nobody, so that the next one cannot know of it (upstream's as little as
 * ours): starts and stops of containers that were under way, and resizes whose condition is not in the API yet.
 */
export interface Loss {
  /** `namespace/pod/container`: one more run of it may follow. */
  readonly containers: ReadonlySet<string>
  /** `namespace/pod`: PodResizePending comes back from the API, though the resize was given (BackfillPodResizeConditions). */
  readonly resizes: ReadonlySet<string>
  /** The node was short of something: until its first round the next kubelet admits what this one would have rejected. */
  readonly pressed: boolean
}

export const nothingLost: Loss = { containers: new Set(), resizes: new Set(), pressed: false }

const isTerminal = (pod: Pod | undefined): boolean =>
  pod?.status?.phase === 'Succeeded' || pod?.status?.phase === 'Failed'

export const lossAt = (cluster: Cluster, node: string): Loss => {
  const { timeline } = cluster
  const pods = new Map<string, Pod>()
  for (const object of cluster.state.list('pods', undefined)) {
    const pod = object as Pod
    if (pod.spec.nodeName === node) pods.set(`${pod.metadata.namespace}/${pod.metadata.name}`, pod)
  }
  /** Those that were made, and not started yet. */
  const made = new Set<string>()
  const stopped = new Set<string>()
  const given = new Set<string>()
  for (let entry = 0; entry < timeline.length; entry += 1) {
    const kind = timeline.kind(entry)
    const subject = timeline.subject(entry)
    if (kind === 'truth' && subject.startsWith(`containers/${node}/`)) {
      const name = subject.slice(`containers/${node}/`.length)
      if ((timeline.data(entry) as ContainerTruth).state === 'Waiting') made.add(name)
      else made.delete(name)
    } else if (kind === 'hop' && timeline.action(entry) === 'runtime:stop') stopped.add(subject.slice('pods/'.length))
    else if (kind === 'hop' && timeline.action(entry) === 'runtime:start') stopped.delete(subject.slice('pods/'.length))
    else if (kind === 'emission' && timeline.action(entry) === 'ResizeStarted') given.add(subject.slice('pods/'.length))
  }
  const containers = new Set(made)
  // A pod that is being stopped for a reason that only its kubelet knows: an eviction, a preemption.
  for (const name of stopped) {
    const pod = pods.get(name)
    if (pod === undefined || pod.metadata.deletionTimestamp !== undefined || isTerminal(pod)) continue
    for (const one of [...pod.spec.containers, ...(pod.spec.initContainers ?? [])])
      containers.add(`${name}/${one.name}`)
  }
  const resizes = [...given].filter((name) =>
    pods.get(name)?.status?.conditions?.some((condition) => condition.type === 'PodResizePending'),
  )
  const conditions = (cluster.state.get('nodes', undefined, node) as Node | undefined)?.status?.conditions ?? []
  const pressed = conditions.some((one) => one.type.endsWith('Pressure') && one.status === 'True')
  return { containers, resizes: new Set(resizes), pressed }
}

const ofContainer = /^pods\/([^ ]+) \.status\.(?:containerStatuses|initContainerStatuses)\[([^\]]+)\]\.(.*)$/
const count = /^restartCount = (\d+)$/

/** The lines in which two states differ beyond what the loss accounts for: missing ones (−), and ones that came (+). */
export const beyondLoss = (expected: readonly string[], found: readonly string[], loss: Loss): readonly string[] => {
  const here = new Set(found)
  const there = new Set(expected)
  const missing = expected.filter((line) => !here.has(line))
  const came = found.filter((line) => !there.has(line))
  const restarts = new Map<string, number>()
  for (const line of missing) {
    const [, pod, name, rest = ''] = ofContainer.exec(line) ?? []
    const times = count.exec(rest)?.[1]
    if (times !== undefined) restarts.set(`${pod!}/${name!}`, Number(times))
  }
  const accounted = (line: string): boolean => {
    // Rejected or evicted a moment later: in words only.
    const subject = /^(pods\/[^ ]+) \.status\./.exec(line)?.[1]
    if (loss.pressed && subject !== undefined) {
      const evicted = `${subject} .status.reason = Evicted`
      if (here.has(evicted) && there.has(evicted)) return true
    }
    const [, pod, name, rest = ''] = ofContainer.exec(line) ?? []
    if (pod !== undefined) {
      const key = `${pod}/${name!}`
      if (!loss.containers.has(key)) return false
      if (rest.startsWith('lastState')) return true
      const times = count.exec(rest)?.[1]
      // One run more, for the one that was broken off.
      return times !== undefined && (restarts.get(key) === Number(times) || restarts.get(key) === Number(times) - 1)
    }
    const pending = /^pods\/([^ ]+) \.status\.conditions\[PodResizePending\]/.exec(line)?.[1]
    return pending !== undefined && loss.resizes.has(pending)
  }
  return [
    ...missing.filter((line) => !accounted(line)).map((line) => `- ${line}`),
    ...came.filter((line) => !accounted(line)).map((line) => `+ ${line}`),
  ]
}
