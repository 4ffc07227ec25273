import type { PodInfo } from './pod-info.ts'

/** Pods that are to run on a node once preemption or a binding has made room (pkg/scheduler/backend/queue/nominator.go). */
export interface Nominator {
  /** In the order of their nomination. */
  on(node: string): readonly PodInfo[]
  /** `node`: undefined takes the one in the pod's status. */
  nominate(pod: PodInfo, node: string | undefined): void
  /** The pod has changed; a nomination that the API does not know yet stays. */
  update(before: PodInfo, pod: PodInfo): void
  remove(uid: string): void
  readonly any: boolean
}

/** `isAssigned` answers whether the API's pod is gone or has a node by now: such a pod is not nominated any more. */
export const createNominator = (isAssigned: (pod: PodInfo) => boolean): Nominator => {
  const byNode = new Map<string, PodInfo[]>()
  const nodeOf = new Map<string, string>()
  const none: readonly PodInfo[] = []

  const remove = (uid: string): void => {
    const node = nodeOf.get(uid)
    if (node === undefined) return
    nodeOf.delete(uid)
    const left = (byNode.get(node) ?? none).filter((one) => one.uid !== uid)
    if (left.length === 0) byNode.delete(node)
    else byNode.set(node, left)
  }
  const nominate = (pod: PodInfo, given: string | undefined): void => {
    remove(pod.uid)
    const node = given ?? pod.pod.status?.nominatedNodeName ?? ''
    if ((given === undefined && node === '') || isAssigned(pod)) return
    nodeOf.set(pod.uid, node)
    byNode.set(node, [...(byNode.get(node) ?? none), pod])
  }

  return {
    get any() {
      return byNode.size > (byNode.has('') ? 1 : 0)
    },
    on: (node) => byNode.get(node) ?? none,
    nominate,
    update(before, pod) {
      const known =
        (before.pod.status?.nominatedNodeName ?? '') === '' && (pod.pod.status?.nominatedNodeName ?? '') === ''
          ? nodeOf.get(before.uid)
          : undefined
      remove(before.uid)
      nominate(pod, known)
    },
    remove,
  }
}
