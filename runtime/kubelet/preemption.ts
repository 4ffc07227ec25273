import { isCriticalPod } from '../../api/pods/critical-pod.ts'
import { podRequestUnits } from '../../api/pods/pod-resources.ts'
import { podQos } from '../../api/pods/qos.ts'
import type { Pod } from '../../api/types/core-v1.generated.ts'
import type { ResourceShortage } from './admission.ts'
import { isStaticPod } from './static-pod.ts'

type Needs = ReadonlyMap<string, number>

const requestOf = (pod: Pod, resource: string): number =>
  resource === 'pods' ? 1 : (podRequestUnits(pod).get(resource) ?? 0)

const without = (needs: Needs, pods: readonly Pod[]): Needs => {
  const left = new Map<string, number>()
  for (const [resource, amount] of needs) {
    const rest = amount - pods.reduce((sum, pod) => sum + requestOf(pod, resource), 0)
    if (rest > 0) left.set(resource, rest)
  }
  return left
}

/** How much of the needs a pod would leave open: the sum of the squares of the shares. */
const distance = (needs: Needs, pod: Pod): number => {
  let sum = 0
  for (const [resource, amount] of needs) {
    const left = amount - requestOf(pod, resource)
    if (left > 0) sum += (left / amount) * (left / amount)
  }
  return sum
}

const isSmaller = (a: Pod, b: Pod): boolean => {
  for (const resource of ['memory', 'cpu']) {
    const left = requestOf(a, resource)
    const right = requestOf(b, resource)
    if (left !== right) return left < right
  }
  return true
}

const nearest = (candidates: readonly Pod[], given: Needs): readonly Pod[] | undefined => {
  const pods = [...candidates]
  const chosen: Pod[] = []
  let needs = given
  while (needs.size > 0) {
    if (pods.length === 0) return undefined
    let best = 0
    let bestDistance = needs.size + 1
    for (const [index, pod] of pods.entries()) {
      const its = distance(needs, pod)
      if (its < bestDistance || (its === bestDistance && isSmaller(pod, pods[best]!))) {
        bestDistance = its
        best = index
      }
    }
    const pod = pods[best]!
    needs = without(needs, [pod])
    chosen.push(pod)
    pods[best] = pods.at(-1)!
    pods.pop()
  }
  return chosen
}

/** pkg/kubelet/preemption: getPodsToPreempt. undefined: no set of pods would make enough room. */
export const podsToPreempt = (
  pods: readonly Pod[],
  shortages: readonly ResourceShortage[],
): readonly Pod[] | undefined => {
  const needs = new Map(shortages.map((one) => [one.resource, one.insufficient]))
  const free = pods.filter((pod) => !isCriticalPod(pod) && !isStaticPod(pod))
  const of = (qos: string): readonly Pod[] => free.filter((pod) => podQos(pod) === qos)
  const bestEffort = of('BestEffort')
  const burstable = of('Burstable')
  const guaranteed = of('Guaranteed')
  if (without(needs, free).size > 0) return undefined
  const first = nearest(guaranteed, without(needs, [...bestEffort, ...burstable]))
  if (first === undefined) return undefined
  const second = nearest(burstable, without(needs, [...bestEffort, ...first]))
  if (second === undefined) return undefined
  const third = nearest(bestEffort, without(needs, [...second, ...first]))
  return third === undefined ? undefined : [...third, ...second, ...first]
}
