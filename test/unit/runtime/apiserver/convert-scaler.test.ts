import { describe, expect, it } from 'vitest'
import { scalerToV1, scalerToV2 } from '../../../../runtime/apiserver/convert-scaler.ts'

const metadata = { name: 'h', annotations: { mine: 'x' } }
const spec = {
  scaleTargetRef: { kind: 'Deployment', name: 'web' },
  maxReplicas: 5,
  metrics: [
    {
      type: 'Object',
      object: {
        describedObject: { kind: 'Ingress', name: 'i' },
        target: { type: 'Value', value: '2k' },
        metric: { name: 'rps' },
      },
    },
    { type: 'Pods', pods: { metric: { name: 'qps' }, target: { type: 'AverageValue', averageValue: '1k' } } },
    {
      type: 'External',
      external: { metric: { name: 'q', selector: { matchLabels: { a: 'b' } } }, target: { type: 'Value', value: '7' } },
    },
    {
      type: 'ContainerResource',
      containerResource: { name: 'cpu', container: 'c', target: { type: 'Utilization', averageUtilization: 5 } },
    },
    { type: 'Resource', resource: { name: 'cpu', target: { type: 'Utilization', averageUtilization: 60 } } },
  ],
  behavior: { scaleDown: { selectPolicy: 'Max', policies: [{ type: 'Pods', value: 4, periodSeconds: 60 }] } },
}

describe('autoscaling/v1 and v2', () => {
  it('lose nothing on the way there and back', () => {
    const v1 = scalerToV1({ metadata, spec }) as { metadata: { annotations: Record<string, string> }; spec: object }
    expect(v1.spec).toEqual({ scaleTargetRef: spec.scaleTargetRef, maxReplicas: 5, targetCPUUtilizationPercentage: 60 })
    expect(Object.keys(v1.metadata.annotations)).toEqual([
      'autoscaling.alpha.kubernetes.io/behavior',
      'autoscaling.alpha.kubernetes.io/metrics',
      'mine',
    ])
    expect(scalerToV2(v1)).toEqual({ metadata, spec })
  })

  it('tell the status: the utilization in its field, all else in annotations', () => {
    const current = {
      type: 'Resource',
      resource: { name: 'cpu', current: { averageUtilization: 40, averageValue: '10m' } },
    }
    const condition = { type: 'AbleToScale', status: 'True', lastTransitionTime: 't', message: 'a < b' }
    const status = { desiredReplicas: 2, currentReplicas: 1, currentMetrics: [current], conditions: [condition] }
    const v1 = scalerToV1({ metadata: { name: 'h' }, spec, status }) as {
      metadata: { annotations: Record<string, string> }
      status: object
    }
    expect(v1.status).toEqual({ currentReplicas: 1, desiredReplicas: 2, currentCPUUtilizationPercentage: 40 })
    expect(v1.metadata.annotations['autoscaling.alpha.kubernetes.io/conditions']).toContain('a \\u003c b')
    expect(scalerToV2(v1)).toEqual({ metadata: { name: 'h' }, spec, status })
  })

  it('mean 80 % of the cpu where v1 says nothing, and take no broken annotation', () => {
    const annotations = { 'autoscaling.alpha.kubernetes.io/metrics': '{' }
    const { metadata: after, spec: made } = scalerToV2({
      metadata: { name: 'h', annotations },
      spec: { maxReplicas: 1 },
    })
    expect(after).toEqual({ name: 'h' })
    expect(made).toEqual({
      maxReplicas: 1,
      metrics: [
        { type: 'Resource', resource: { name: 'cpu', target: { type: 'Utilization', averageUtilization: 80 } } },
      ],
    })
  })
})
