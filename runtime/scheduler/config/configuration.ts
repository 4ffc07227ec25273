import type { SchedulerProfile } from '../profile.ts'

/** A KubeSchedulerConfiguration kubescheduler.config.k8s.io/v1, defaulted: what of it means something here. */
export interface SchedulerConfiguration {
  readonly percentageOfNodesToScore: number
  readonly podInitialBackoffSeconds: number
  readonly podMaxBackoffSeconds: number
  readonly profiles: readonly SchedulerProfile[]
  readonly extenders: readonly ExtenderConfiguration[]
}

/** One entry of `extenders`; who answers under its urlPrefix is found by that. */
export interface ExtenderConfiguration {
  readonly urlPrefix: string
  readonly filterVerb?: string
  readonly preemptVerb?: string
  readonly prioritizeVerb?: string
  readonly weight?: number
  readonly bindVerb?: string
  /** As Go writes durations; 5s unless it is said. */
  readonly httpTimeout?: string
  readonly nodeCacheCapable?: boolean
  readonly managedResources?: readonly { readonly name: string; readonly ignoredByScheduler?: boolean }[]
  readonly ignorable?: boolean
}

/** The configuration of a scheduler that was given none. */
export const defaultConfiguration: SchedulerConfiguration = Object.freeze({
  percentageOfNodesToScore: 0,
  podInitialBackoffSeconds: 1,
  podMaxBackoffSeconds: 10,
  profiles: Object.freeze([Object.freeze({ schedulerName: 'default-scheduler' })]),
  extenders: Object.freeze([]),
})
