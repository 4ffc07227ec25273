import type { ContainerStatus, Pod } from '../types/core-v1.generated.ts'
import { conditionOf } from './condition-of.ts'

const exitText = (signal: number | undefined, exitCode: number): string =>
  signal !== undefined && signal !== 0 ? `Signal:${signal}` : `ExitCode:${exitCode}`

/** Status of the init phase; undefined once every init container has ended well or, as a sidecar, has started. */
const printedInit = (pod: Pod): string | undefined => {
  const specs = pod.spec.initContainers ?? []
  const statuses = pod.status.initContainerStatuses ?? []
  for (const [index, container] of statuses.entries()) {
    const { terminated, waiting } = container.state ?? {}
    if (terminated?.exitCode === 0) continue
    const sidecar = specs.some((spec) => spec.name === container.name && spec.restartPolicy === 'Always')
    if (sidecar && container.started === true) continue
    if (terminated !== undefined) {
      return `Init:${terminated.reason ? terminated.reason : exitText(terminated.signal, terminated.exitCode)}`
    }
    if (waiting?.reason && waiting.reason !== 'PodInitializing') return `Init:${waiting.reason}`
    return `Init:${index}/${specs.length}`
  }
  return undefined
}

const printedMain = (pod: Pod, before: string): string => {
  let reason = before
  let running = false
  const statuses: readonly ContainerStatus[] = pod.status.containerStatuses ?? []
  for (let index = statuses.length - 1; index >= 0; index -= 1) {
    const { terminated, waiting, running: runs } = statuses[index]!.state ?? {}
    if (waiting?.reason) reason = waiting.reason
    else if (terminated !== undefined) reason = terminated.reason || exitText(terminated.signal, terminated.exitCode)
    else if (statuses[index]!.ready && runs !== undefined) running = true
  }
  if (reason !== 'Completed' || !running) return reason
  return conditionOf(pod, 'Ready')?.status === 'True' ? 'Running' : 'NotReady'
}

/** The STATUS column of `kubectl get pods`. Mirrors printPod in pkg/printers/internalversion/printers.go (v1.36). */
export const printedPodStatus = (pod: Pod): string => {
  const status = pod.status
  let reason: string = status.reason ? status.reason : (status.phase ?? '')
  if (conditionOf(pod, 'PodScheduled')?.reason === 'SchedulingGated') reason = 'SchedulingGated'
  const init = printedInit(pod)
  if (init !== undefined) reason = init
  if (init === undefined || conditionOf(pod, 'Initialized')?.status === 'True') reason = printedMain(pod, reason)
  if (pod.metadata.deletionTimestamp === undefined) return reason
  if (status.reason === 'NodeLost') return 'Unknown'
  return status.phase === 'Succeeded' || status.phase === 'Failed' ? reason : 'Terminating'
}
