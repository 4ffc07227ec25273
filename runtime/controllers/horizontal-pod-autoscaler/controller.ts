import type { ApiRequest } from '../../../api/protocol/request.ts'
import type { HorizontalPodAutoscaler } from '../../../api/types/autoscaling-v2.generated.ts'
import { done, type Controller, type Result } from '../../reconcile/controller.ts'
import { reconcileAutoscaler, type AutoscalerMemory, type AutoscalerSettings } from './reconcile-autoscaler.ts'

/**
 * kube-controller-manager's horizontal-pod-autoscaler-controller: each autoscaler once in a sync period, whatever happens.
 * Differs: HPAScaleToZero is off, as its gate is by default.
 */
export const horizontalPodAutoscaler = (settings: AutoscalerSettings, workers = 5): Controller => ({
  name: 'horizontal-pod-autoscaler',
  writes: 'any',
  reconciles: 'autoscaling/v2/HorizontalPodAutoscaler',
  reads: ['v1/Pod'],
  workers,
  requeueTag: 'housekeeping',
  delay: () => settings.syncPeriod,
  memory: (): AutoscalerMemory => ({ histories: new Map(), selectors: new Map() }),
  *reconcile(key, io): Generator<ApiRequest, Result, unknown> {
    const hpa = io.read.get(key) as HorizontalPodAutoscaler | undefined
    if (hpa === undefined) {
      const memory = io.memory as AutoscalerMemory
      memory.histories.delete(key)
      memory.selectors.delete(key)
      return done
    }
    yield* reconcileAutoscaler(io, key, hpa, settings)
    return { requeueAfter: settings.syncPeriod }
  },
})
