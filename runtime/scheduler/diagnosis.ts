import { createNodeStatuses, type NodeStatuses } from './node-statuses.ts'
import type { Status } from './status.ts'

/** Why a pod does not fit: who refused on which node (framework.Diagnosis). Nodes that were not looked at share one verdict. */
export interface Diagnosis {
  readonly nodeStatus: NodeStatuses
  absent: Status
  readonly unschedulablePlugins: Set<string>
  readonly pendingPlugins: Set<string>
  preFilterMessage: string
  postFilterMessage: string
}

/** NewDefaultNodeToStatus: a node without a verdict cannot be helped by preemption. */
const unresolvable: Status = Object.freeze({ code: 'UnschedulableAndUnresolvable', reasons: [], plugin: '' })

export const newDiagnosis = (): Diagnosis => ({
  nodeStatus: createNodeStatuses(),
  absent: unresolvable,
  unschedulablePlugins: new Set(),
  pendingPlugins: new Set(),
  preFilterMessage: '',
  postFilterMessage: '',
})

/** Diagnosis.AddPluginStatus. */
export const blame = (diagnosis: Diagnosis, status: Status): void => {
  if (status.plugin === '') return
  if (status.code === 'Pending') diagnosis.pendingPlugins.add(status.plugin)
  if (status.code !== 'Error') diagnosis.unschedulablePlugins.add(status.plugin)
}

/** FitError.Error: the text of the FailedScheduling event and of the PodScheduled condition. */
export const fitError = (diagnosis: Diagnosis, nodeCount: number): string => {
  let text = `0/${nodeCount} nodes are available:`
  if (diagnosis.preFilterMessage !== '') text += ` ${diagnosis.preFilterMessage}.`
  else {
    const reasons = new Map<string, number>()
    for (const [status, nodes] of diagnosis.nodeStatus.counts()) {
      for (const reason of status.reasons) reasons.set(reason, (reasons.get(reason) ?? 0) + nodes)
    }
    const absent = nodeCount - diagnosis.nodeStatus.size
    if (absent > 0)
      for (const reason of diagnosis.absent.reasons) reasons.set(reason, (reasons.get(reason) ?? 0) + absent)
    const lines = [...reasons].map(([reason, times]) => `${times} ${reason}`).sort()
    if (lines.length > 0) text += ` ${lines.join(', ')}.`
  }
  return diagnosis.postFilterMessage === '' ? text : `${text} ${diagnosis.postFilterMessage}`
}
