import { allContainersCouldRestart, containerShouldRestart } from '../pods/container-restart.ts'
import type { Container, PodSpec } from '../types/core-v1.generated.ts'
import { forbidden, type Cause } from './cause.ts'
import { child, list, number, struct, text, type View } from './view.ts'

const terminated = (status: View): View | undefined => child(child(status, 'state'), 'terminated')

/** ValidateContainerStateTransition and its siblings: what has ended does not run again unless it may restart. */
export const stateTransitionCauses = (pod: View, old: View): Cause[] => {
  const spec = struct(old, 'spec')
  const causes: Cause[] = []
  const typed = spec as unknown as PodSpec
  const free = allContainersCouldRestart(typed)
  for (const [key, containers] of [
    ['containerStatuses', 'containers'],
    ['initContainerStatuses', 'initContainers'],
    ['ephemeralContainerStatuses', undefined],
  ] as const) {
    if (free && containers !== undefined) continue
    const now = list(struct(pod, 'status'), key)
    list(struct(old, 'status'), key).forEach((before, i) => {
      const end = terminated(before)
      if (end === undefined) return
      const name = text(before, 'name')
      const next = now.find((one) => text(one, 'name') === name)
      if (next === undefined || terminated(next) !== undefined) return
      const container =
        containers === undefined ? undefined : list(spec, containers).find((one) => text(one, 'name') === name)
      if (
        container !== undefined &&
        containerShouldRestart(container as unknown as Container, typed, number(end, 'exitCode'))
      )
        return
      causes.push(forbidden(`status.${key}[${i}].state`, 'may not be transitioned to non-terminated state'))
    })
  }
  return causes
}
