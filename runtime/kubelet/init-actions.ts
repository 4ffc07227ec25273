import { containerHash } from './container-hash.ts'
import type { ActionQuestion, PodActions } from './pod-actions.ts'
import { resizeAction } from './resize-action.ts'
import { findContainer } from './pod-snapshot.ts'
import { isSidecar, shouldBeRestarted } from './restart-policy.ts'

/**
 * pkg/kubelet/kuberuntime: computeInitContainerActions. Looks for the last init container that has begun, from the end, and says
 * what comes next; true: all have done their part and the regular containers may start.
 */
export const initActions = (question: ActionQuestion, actions: PodActions): boolean => {
  const { pod, snapshot } = question
  const inits = pod.spec.initContainers ?? []
  if (inits.length === 0) return true
  let initialized = pod.spec.containers.some((container) => {
    const state = findContainer(snapshot, container.name)?.state
    return state === 'created' || state === 'running'
  })
  let previously = initialized
  const start: number[] = []
  for (let index = inits.length - 1; index >= 0; index -= 1) {
    const container = inits[index]!
    const sidecar = isSidecar(container)
    const known = findContainer(snapshot, container.name)
    if (known === undefined) {
      if (previously && sidecar) start.push(index)
      continue
    }
    if (previously && !sidecar) continue
    if (known.state === 'created') start.push(index)
    else if (known.state === 'running') {
      if (sidecar) lookAtSidecar(index)
      else resizeAction(question, actions, known, { container, index, kind: 'init' })
    } else if (sidecar) start.push(index)
    else if (known.exitCode !== 0) {
      if (!shouldBeRestarted(container, pod, snapshot)) {
        actions.killPod = true
        actions.initToStart = []
        return false
      }
      start.push(index)
    } else if (index === inits.length - 1) initialized = true
    else start.push(index + 1)
    previously = true

    function lookAtSidecar(at: number): void {
      const id = known!.id
      const kill = (why: string, reason: 'StartupProbe' | 'LivenessProbe' | 'Unknown'): void => {
        actions.toKill.push({ id, container, message: `Init container ${container.name} ${why}`, reason })
        start.push(at)
      }
      if (container.startupProbe !== undefined) {
        const result = question.startup(id)
        if (result !== 'success') {
          if (result === 'failure') kill('failed startup probe', 'StartupProbe')
          return
        }
      }
      if (at === inits.length - 1) initialized = true
      else if (!previously) start.push(at + 1)
      if (known!.hash !== containerHash(container)) {
        kill('definition changed', 'Unknown')
        return
      }
      if (container.livenessProbe !== undefined && question.liveness(id) === 'failure') {
        kill('failed liveness probe', 'LivenessProbe')
        return
      }
      const begun = actions.initToStart.length
      resizeAction(question, actions, known!, { container, index: at, kind: 'init' })
      start.push(...actions.initToStart.splice(begun))
    }
  }
  if (!previously) start.push(0)
  actions.initToStart = start.reverse()
  return initialized
}
