import type { ApiRequest } from '../../../api/protocol/request.ts'
import { done, type Controller, type Result } from '../../reconcile/controller.ts'

// pkg/controller/ttl/ttl_controller.go

const annotation = 'node.alpha.kubernetes.io/ttl'

/** ttlBoundaries: sizes of the cluster at which the kubelets' caches live longer, with room between up and down. */
const boundaries = [
  { min: 0, max: 100, seconds: 0 },
  { min: 90, max: 500, seconds: 15 },
  { min: 450, max: 1000, seconds: 30 },
  { min: 900, max: 2000, seconds: 60 },
  { min: 1800, max: 2147483647, seconds: 300 },
] as const

interface Memory {
  step: number
}

/** The step after the number of nodes has changed. */
export const nextStep = (step: number, nodes: number): number => {
  if (nodes > boundaries[step]!.max) return nextStep(step + 1, nodes)
  return nodes < boundaries[step]!.min ? nextStep(step - 1, nodes) : step
}

/** kube-controller-manager's ttl-controller: how long each node may keep Secrets and ConfigMaps without looking again. */
export const ttlController = (): Controller => ({
  name: 'ttl-controller',
  reconciles: 'v1/Node',
  memory: (): Memory => ({ step: 0 }),
  *reconcile(key, io): Generator<ApiRequest, Result, unknown> {
    const node = io.read.get(key)
    if (node === undefined) return done
    const memory = io.memory as Memory
    memory.step = nextStep(memory.step, io.read.list('v1/Node').length)
    const seconds = String(boundaries[memory.step]!.seconds)
    if (node.metadata.annotations?.[annotation] === seconds) return done
    const answer = yield* io.write.patch(node, { metadata: { annotations: { [annotation]: seconds } } })
    return answer.ok ? done : { retry: answer.message }
  },
})
