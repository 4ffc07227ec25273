import { schedulerNameOf } from './framework.ts'
import type { PodInfo } from './pod-info.ts'

const noteLengthLimit = 1024

/** What an event can hold of a message: bytes, not characters (truncateMessage, pkg/scheduler/schedule_one.go). */
export const eventNote = (message: string): string => {
  const suffix = ' ...'
  if (message.length <= noteLengthLimit && /^[\x20-\x7e]*$/.test(message)) return message
  const bytes = new TextEncoder().encode(message)
  if (bytes.length <= noteLengthLimit) return message
  return new TextDecoder().decode(bytes.slice(0, noteLengthLimit - suffix.length)) + suffix
}

/** Message of a victim's DisruptionTarget condition. */
export const preemptionCondition = (preemptor: PodInfo): string =>
  `${schedulerNameOf(preemptor.pod)}: preempting to accommodate a higher priority pod`

export const preemptedNote = (preemptor: PodInfo, node: string): string =>
  `Preempted by pod ${preemptor.uid} on node ${node}`
