import type { KubeObject } from '../object.ts'
import type { Pod } from '../types/core-v1.generated.ts'
import { conditionOf } from './condition-of.ts'
import { printedPodStatus } from './printed-pod-status.ts'
import type { WordRule } from './word-rule.ts'

const phases = ['Pending', 'Running', 'Succeeded', 'Failed', 'Unknown'] as const
const conditions = [
  'Scheduled:PodScheduled',
  'Initialized',
  'ContainersReady',
  'DisruptionTarget',
  'PodReadyToStartContainers',
]

/** What the STATUS column prints, besides phases and `Terminating`. */
const columns = [
  'ContainerCreating',
  'PodInitializing',
  'Completed',
  'Error',
  'OOMKilled',
  'CrashLoopBackOff',
  'ErrImagePull',
  'ImagePullBackOff',
  'ErrImageNeverPull',
  'InvalidImageName',
  'CreateContainerConfigError',
  'CreateContainerError',
  'RunContainerError',
  'StartError',
  'ContainerCannotRun',
  'ContainerStatusUnknown',
  'Evicted',
  'Preempting',
  'DeadlineExceeded',
  'NodeShutdown',
  'Terminated',
  'NodeAffinity',
  'TaintToleration',
  'UnexpectedAdmissionError',
  'OutOfcpu',
  'OutOfmemory',
  'OutOfpods',
  'OutOfephemeral-storage',
]

const scheduledBecause = (object: KubeObject, reason: string): boolean => {
  const condition = conditionOf(object, 'PodScheduled')
  return condition?.status === 'False' && condition.reason === reason
}

const column = (word: string): WordRule => ({
  holds: (object) => printedPodStatus(object as Pod) === word,
  causes: 'pod',
})

const rules = new Map<string, WordRule>()
for (const phase of phases)
  rules.set(phase, { holds: (object) => (object as Pod).status.phase === phase, causes: 'pod' })
for (const entry of conditions) {
  const [word, type = word!] = entry.split(':')
  rules.set(word!, { holds: (object) => conditionOf(object, type)?.status === 'True', condition: type })
}
rules.set('Ready', {
  holds: (object) => object.metadata.deletionTimestamp === undefined && conditionOf(object, 'Ready')?.status === 'True',
  condition: 'Ready',
})
rules.set('Unschedulable', {
  holds: (object) => scheduledBecause(object, 'Unschedulable'),
  condition: 'PodScheduled',
})
rules.set('SchedulingGated', {
  holds: (object) => scheduledBecause(object, 'SchedulingGated'),
  condition: 'PodScheduled',
})
rules.set('Preempted', {
  holds: (object) => {
    const condition = conditionOf(object, 'DisruptionTarget')
    return condition?.status === 'True' && condition.reason === 'PreemptionByScheduler'
  },
  condition: 'DisruptionTarget',
})
for (const word of columns) rules.set(word, column(word))

export const podWords: ReadonlyMap<string, WordRule> = rules

const exitForm = /^(ExitCode|Signal):\d+$/
const countForm = /^\d+\/\d+$/

/** `Init:0/2`, `Init:Error`, `ExitCode:3`, `Init:Signal:9`: forms of the column with something of their own in them. */
export const podColumnForm = (word: string): WordRule | undefined => {
  const inner = word.startsWith('Init:') ? word.slice('Init:'.length) : undefined
  const known =
    inner === undefined ? exitForm.test(word) : countForm.test(inner) || exitForm.test(inner) || columns.includes(inner)
  return known ? column(word) : undefined
}
