import type { KubeObject } from '../../api/object.ts'
import type { Cloud } from '../cloud/cloud.ts'
import type { Micros } from '../kernel/micros.ts'
import type { Io } from '../reconcile/controller.ts'
import type { AutoscalerSettings } from './settings.ts'

/** A resize that the cloud has taken and that is not through (clusterstate.ScaleUpRequest). */
export interface ScaleUpRequest {
  readonly at: Micros
  readonly increase: number
}

export interface Backoff {
  readonly until: Micros
  readonly duration: Micros
  readonly since: Micros
}

/** What an autoscaler knows beside the API: gone with its process. */
export interface Memory {
  /** It has looked at the cluster before. */
  begun: boolean
  /** The ConfigMap that events about the cluster are filed under. */
  status: KubeObject | undefined
  readonly requests: Map<string, ScaleUpRequest>
  readonly backoffs: Map<string, Backoff>
  /** Instances without a node: since when. */
  readonly unregistered: Map<string, Micros>
  /** Nodes that nobody needs: since when. */
  unneeded: Map<string, Micros>
  /** Nodes that could not go: when they are looked at again. */
  readonly unremovable: Map<string, Micros>
  /** Nodes that are being deleted, and whether they are drained. */
  readonly deletions: Map<string, { readonly group: string; readonly drain: boolean }>
  lastScaleUp: Micros
  lastScaleDownDelete: Micros
  lastScaleDownFail: Micros
  /** When what was told last was told. */
  readonly told: Map<string, Micros>
  /** When time alone brings something about. */
  nextScan: Micros | undefined
  recheck: Micros | undefined
}

/** One look at the cluster. */
export interface Scan {
  readonly io: Io
  readonly cloud: Cloud
  readonly settings: AutoscalerSettings
  readonly memory: Memory
  readonly now: Micros
}

/** The cluster has been looked at as often as it took, long before. */
const longAgo: Micros = -3_600_000_000

export const newMemory = (): Memory => ({
  begun: false,
  status: undefined,
  requests: new Map(),
  backoffs: new Map(),
  unregistered: new Map(),
  unneeded: new Map(),
  unremovable: new Map(),
  deletions: new Map(),
  lastScaleUp: longAgo,
  lastScaleDownDelete: longAgo,
  lastScaleDownFail: longAgo,
  told: new Map(),
  nextScan: undefined,
  recheck: undefined,
})

const earlier = (a: Micros | undefined, b: Micros): Micros => (a === undefined ? b : Math.min(a, b))

/** The cluster is to be looked at again then, even if nothing happens: work is under way. */
export const lookAgain = ({ memory, now }: Pick<Scan, 'memory' | 'now'>, at: Micros): void => {
  if (at > now) memory.nextScan = earlier(memory.nextScan, at)
}

/** The same, where nothing may come of it. */
export const recheck = ({ memory, now }: Pick<Scan, 'memory' | 'now'>, at: Micros): void => {
  if (at > now) memory.recheck = earlier(memory.recheck, at)
}
