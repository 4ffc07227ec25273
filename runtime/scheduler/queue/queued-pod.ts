import type { KubeObject } from '../../../api/object.ts'
import type { ClusterEvent } from '../cluster-event.ts'
import type { PodInfo } from '../pod-info.ts'

/** What made a waiting pod worth another attempt. */
export interface Waking {
  readonly event: ClusterEvent
  readonly object: KubeObject | undefined
  /** Whose hint said so; '' where nobody was asked. */
  readonly plugin: string
}

/** A pod in the scheduling queue (framework.QueuedPodInfo). */
export interface QueuedPod {
  pod: PodInfo
  /** When it was put into the queue last, in microseconds. */
  timestamp: number
  /** Order of arrival: decides where priority and time do not. Upstream leaves it open. */
  readonly sequence: number
  attempts: number
  unschedulableCount: number
  consecutiveErrors: number
  /** End of its back-off; undefined: not worked out since the last attempt. */
  backoffUntil: number | undefined
  unschedulablePlugins: Set<string>
  pendingPlugins: Set<string>
  /** The PreEnqueue plugin that holds it back, and what that plugin waits for. */
  gatingPlugin: string
  gatingEvents: readonly ClusterEvent[]
  /** undefined: it came in, or its back-off after an error has ended. */
  wokenBy: Waking | undefined
  where: 'active' | 'backoff' | 'error-backoff' | 'unschedulable' | 'in-flight' | 'nowhere'
  /** Position in the heap that holds it. */
  index: number
}

export const newQueuedPod = (pod: PodInfo, timestamp: number, sequence: number): QueuedPod => ({
  pod,
  timestamp,
  sequence,
  attempts: 0,
  unschedulableCount: 0,
  consecutiveErrors: 0,
  backoffUntil: undefined,
  unschedulablePlugins: new Set(),
  pendingPlugins: new Set(),
  gatingPlugin: '',
  gatingEvents: [],
  wokenBy: undefined,
  where: 'nowhere',
  index: -1,
})

export const isGated = (queued: QueuedPod): boolean => queued.gatingPlugin !== ''
