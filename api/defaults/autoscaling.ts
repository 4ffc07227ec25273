import type { Defaulters } from './defaulter.ts'
import { change, fillNil, type Fields } from './fill.ts'

/** autoscaling.DefaultCPUUtilization */
const defaultCpuUtilization = 80

const cpuMetric: Fields = {
  type: 'Resource',
  resource: { name: 'cpu', target: { type: 'Utilization', averageUtilization: defaultCpuUtilization } },
}

const scaleUp: Fields = {
  stabilizationWindowSeconds: 0,
  selectPolicy: 'Max',
  policies: [
    { type: 'Pods', value: 4, periodSeconds: 15 },
    { type: 'Percent', value: 100, periodSeconds: 15 },
  ],
}

const scaleDown: Fields = { selectPolicy: 'Max', policies: [{ type: 'Percent', value: 100, periodSeconds: 15 }] }

const spec = (value: Fields): Fields => {
  const out = fillNil(value, { minReplicas: 1, metrics: [cpuMetric] })
  if (out['behavior'] === undefined) return out
  return change(out, 'behavior', (behavior) =>
    change(
      change(behavior ?? {}, 'scaleUp', (rules) => fillNil(rules ?? {}, scaleUp)),
      'scaleDown',
      (rules) => fillNil(rules ?? {}, scaleDown),
    ),
  )
}

/** pkg/apis/autoscaling/v1 and v2 defaults.go */
export const autoscalingDefaulters: Defaulters = {
  'io.k8s.api.autoscaling.v2.HorizontalPodAutoscaler': (value) => change(value, 'spec', (one) => spec(one ?? {})),
  'io.k8s.api.autoscaling.v1.HorizontalPodAutoscaler': (value) =>
    change(value, 'spec', (one) => fillNil(one ?? {}, { minReplicas: 1 })),
}
