import type { Labels } from '../../api/selectors/label-requirement.ts'

/** A pod as policies see it. Pods of the host's network are none: they are their node. */
export interface PolicyPod {
  readonly namespace: string
  readonly labels: Labels
  readonly ports: readonly { readonly name: string; readonly port: number; readonly protocol: string }[]
}

/** One end of a connection: its address, and the pod that bears it. */
export interface PolicyEnd {
  readonly address: string
  readonly pod: PolicyPod | undefined
  /** The node that the pod is on, or that the end is itself; undefined: outside the cluster. */
  readonly node: string | undefined
}

/** A connection between two addresses, behind the translation of Services. */
export interface PolicyConnection {
  readonly from: PolicyEnd
  /** What the far end takes for its client, where that is not `from`: its address was changed on the way. */
  readonly seen?: PolicyEnd
  readonly to: PolicyEnd
  readonly protocol: string
  /** Of the pod, not of a Service. */
  readonly port: number
}
