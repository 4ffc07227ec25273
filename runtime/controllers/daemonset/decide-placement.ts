import { findUntoleratedTaint } from '../../../api/pods/toleration.ts'
import { matchesRequiredNodeAffinity } from '../../../api/selectors/node-selector.ts'
import type { DaemonSet } from '../../../api/types/apps-v1.generated.ts'
import type { Affinity, Node, NodeSelector, Pod, PodSpec, Toleration } from '../../../api/types/core-v1.generated.ts'

// pkg/controller/daemon: where a DaemonSet's pods belong (NodeShouldRunDaemonPod, util/daemonset_util.go).

const exists = (key: string, effect: string): Toleration =>
  ({ key: `node.kubernetes.io/${key}`, operator: 'Exists', effect }) as Toleration

const daemonTolerations: readonly Toleration[] = [
  exists('not-ready', 'NoExecute'),
  exists('unreachable', 'NoExecute'),
  exists('disk-pressure', 'NoSchedule'),
  exists('memory-pressure', 'NoSchedule'),
  exists('pid-pressure', 'NoSchedule'),
  exists('unschedulable', 'NoSchedule'),
]
const networkToleration = exists('network-unavailable', 'NoSchedule')

const same = (a: Toleration, b: Toleration): boolean =>
  a.key === b.key && a.effect === b.effect && a.operator === b.operator && (a.value ?? '') === (b.value ?? '')

/** AddOrUpdateDaemonPodTolerations */
export const withDaemonTolerations = (spec: PodSpec): PodSpec => {
  const tolerations = [...(spec.tolerations ?? [])]
  for (const added of spec.hostNetwork === true ? [...daemonTolerations, networkToleration] : daemonTolerations) {
    const at = tolerations.findIndex((one) => same(one, added))
    if (at < 0) tolerations.push(added)
    else tolerations[at] = added
  }
  return { ...spec, tolerations }
}

export interface Verdict {
  readonly run: boolean
  readonly keepRunning: boolean
}

const no: Verdict = { run: false, keepRunning: false }

/** NodeShouldRunDaemonPod, prepared once for a set. */
export const placementOf = (set: DaemonSet): ((node: Node) => Verdict) => {
  const { spec: template } = set.spec.template
  if (template === undefined) return () => no
  const spec = withDaemonTolerations(template)
  const pod = { apiVersion: 'v1', kind: 'Pod', metadata: {}, spec } as unknown as Pod
  return (node) => {
    const { nodeName = '' } = template
    if (nodeName !== '' && nodeName !== node.metadata.name) return no
    if (!matchesRequiredNodeAffinity(pod, node).match) return no
    const { taints } = node.spec ?? {}
    if (findUntoleratedTaint(taints, spec.tolerations, ['NoExecute', 'NoSchedule']) === undefined)
      return { run: true, keepRunning: true }
    return { run: false, keepRunning: findUntoleratedTaint(taints, spec.tolerations, ['NoExecute']) === undefined }
  }
}

/** ReplaceDaemonSetPodNodeNameNodeAffinity */
export const withNodeName = (affinity: Affinity | undefined, node: string): Affinity => {
  const required: NodeSelector = {
    nodeSelectorTerms: [{ matchFields: [{ key: 'metadata.name', operator: 'In', values: [node] }] }],
  }
  return {
    ...affinity,
    nodeAffinity: { ...affinity?.nodeAffinity, requiredDuringSchedulingIgnoredDuringExecution: required },
  }
}

/** GetTargetNodeName; undefined for a pod that names none. */
export const targetNode = (pod: Pod): string | undefined => {
  const { nodeName = '' } = pod.spec ?? {}
  if (nodeName !== '') return nodeName
  const required = pod.spec?.affinity?.nodeAffinity?.requiredDuringSchedulingIgnoredDuringExecution
  for (const term of required?.nodeSelectorTerms ?? []) {
    for (const field of term.matchFields ?? []) {
      if (field.key !== 'metadata.name' || field.operator !== 'In') continue
      return field.values?.length === 1 ? field.values[0] : undefined
    }
  }
  return undefined
}
