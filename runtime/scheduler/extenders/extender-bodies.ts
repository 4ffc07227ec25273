import type { Node, Pod } from '../../../api/types/core-v1.generated.ts'

/** What kube-scheduler posts to an extender and reads from it (staging/src/k8s.io/kube-scheduler/extender/v1/types.go). */
export interface ExtenderArgs {
  readonly Pod: Pod
  /** null with nodeCacheCapable. */
  readonly Nodes: { readonly items: readonly Node[] } | null
  /** Only with nodeCacheCapable. */
  readonly NodeNames: readonly string[] | null
}
export interface ExtenderFilterResult {
  readonly Nodes?: { readonly items?: readonly Node[] | null } | null
  readonly NodeNames?: readonly string[] | null
  readonly FailedNodes?: Readonly<Record<string, string>> | null
  readonly FailedAndUnresolvableNodes?: Readonly<Record<string, string>> | null
  readonly Error?: string | null
}

export type HostPriorityList = readonly { readonly Host?: string; readonly Score?: number }[]

export interface ExtenderPreemptionArgs {
  readonly Pod: Pod
  readonly NodeNameToVictims: Readonly<Record<string, Victims>> | null
  /** Only with nodeCacheCapable. */
  readonly NodeNameToMetaVictims: Readonly<Record<string, MetaVictims>> | null
}
export interface Victims {
  readonly Pods: readonly Pod[]
  readonly NumPDBViolations: number
}
export interface MetaVictims {
  readonly Pods?: readonly ({ readonly UID?: string } | null)[] | null
  readonly NumPDBViolations?: number
}
export interface ExtenderPreemptionResult {
  readonly NodeNameToMetaVictims?: Readonly<Record<string, MetaVictims | null>> | null
}

export interface ExtenderBindingArgs {
  readonly PodName: string
  readonly PodNamespace: string
  readonly PodUID: string
  readonly Node: string
}
export interface ExtenderBindingResult {
  readonly Error?: string | null
}
