import { describe, expect, it } from 'vitest'
import { decode } from '../../../../api/decode/decode.ts'
import { applyDefaults } from '../../../../api/defaults/apply-defaults.ts'
import { imageTag } from '../../../../api/defaults/image-tag.ts'
import { textToBase64 } from '../../../../api/defaults/text-to-base64.ts'
import { deepFreeze } from '../../../../api/json/deep-freeze.ts'
import type { KubeObject } from '../../../../api/object.ts'
import { builtinScheme } from '../../../../api/scheme/builtin-scheme.ts'
import defaultsJson from '../../../../api/schema/data/defaults.json' with { type: 'json' }

const emptyObjects = (defaultsJson as { readonly emptyObjects: Readonly<Record<string, object>> }).emptyObjects

const defaulted = (id: string, raw: unknown): KubeObject => {
  const resource = builtinScheme().byKind(id)
  if (resource === undefined) throw new Error(id)
  const decoded = decode(resource, raw)
  if (!decoded.ok) throw new Error(decoded.message)
  return applyDefaults(resource, deepFreeze(decoded.object))
}

describe('objects that have only their kind', () => {
  it.each(Object.keys(emptyObjects))('%s', (id) => {
    // TokenRequest is a subresource only; the recorded replication controller had no template.
    if (builtinScheme().byKind(id) === undefined) return
    expect(defaulted(id, {})).toMatchObject(emptyObjects[id] ?? {})
  })
})

describe('laws', () => {
  const samples: readonly (readonly [string, unknown])[] = [
    ['v1/Pod', { spec: { containers: [{ name: 'a', image: 'i', resources: { limits: { cpu: '1' } } }] } }],
    [
      'apps/v1/Deployment',
      {
        spec: {
          template: { spec: { containers: [{ name: 'a', image: 'i:1', livenessProbe: { httpGet: { port: 1 } } }] } },
        },
      },
    ],
    ['v1/Service', { spec: { type: 'LoadBalancer', ports: [{ port: 80 }] } }],
    ['batch/v1/Job', { spec: { backoffLimitPerIndex: 1, template: { metadata: { labels: { a: 'b' } } } } }],
    ['autoscaling/v2/HorizontalPodAutoscaler', { spec: { maxReplicas: 3, behavior: { scaleDown: {} } } }],
    ['apps/v1/DaemonSet', { spec: {} }],
  ]
  it.each(samples)('%s is defaulted once and for all', (id, raw) => {
    const resource = builtinScheme().byKind(id)
    const once = deepFreeze(defaulted(id, raw))
    expect(resource !== undefined && applyDefaults(resource, once)).toBe(once)
  })

  it('pods of one template share what defaulting made of its spec', () => {
    const spec = deepFreeze(
      (defaulted('v1/Pod', { spec: { containers: [{ name: 'a', image: 'i' }] } }) as unknown as { spec: object }).spec,
    )
    const [one, two] = ['x', 'y'].map(
      (name) => defaulted('v1/Pod', { metadata: { name }, spec }) as unknown as { spec: object },
    )
    expect(one?.spec).toBe(two?.spec)
  })
})

describe('conditional defaults', () => {
  it('requests follow limits', () => {
    const pod = defaulted('v1/Pod', {
      spec: {
        containers: [{ name: 'a', resources: { limits: { cpu: '1', memory: '1Gi' }, requests: { cpu: '500m' } } }],
      },
    })
    expect(pod).toMatchObject({ spec: { containers: [{ resources: { requests: { cpu: '500m', memory: '1Gi' } } }] } })
  })

  it('amounts below a thousandth are rounded up', () => {
    const pod = defaulted('v1/Pod', { spec: { containers: [{ name: 'a', resources: { requests: { cpu: '100u' } } }] } })
    expect(pod).toMatchObject({ spec: { containers: [{ resources: { requests: { cpu: '1m' } } }] } })
  })

  it('a service exposed to the outside gets its policies', () => {
    expect(defaulted('v1/Service', { spec: { type: 'NodePort', ports: [{ port: 80 }] } })).toMatchObject({
      spec: {
        externalTrafficPolicy: 'Cluster',
        internalTrafficPolicy: 'Cluster',
        ports: [{ protocol: 'TCP', targetPort: 80 }],
      },
    })
    expect(defaulted('v1/Service', { spec: { type: 'ExternalName' } })).not.toHaveProperty('spec.internalTrafficPolicy')
    expect(defaulted('v1/Service', { spec: { sessionAffinity: 'ClientIP' } })).toMatchObject({
      spec: { sessionAffinityConfig: { clientIP: { timeoutSeconds: 10800 } } },
    })
  })

  it('stringData becomes data', () => {
    const secret = defaulted('v1/Secret', { data: { a: 'YQ==' }, stringData: { b: 'ü' } })
    expect(secret).toMatchObject({ type: 'Opaque', data: { a: 'YQ==', b: 'w7w=' } })
    expect(secret).not.toHaveProperty('stringData')
  })
})

describe('image tags', () => {
  const cases: readonly (readonly [string, string])[] = [
    ['nginx', 'latest'],
    ['nginx:1.27', '1.27'],
    ['nginx:latest', 'latest'],
    ['localhost:5000/a/b', 'latest'],
    [`nginx@sha256:${'a'.repeat(64)}`, ''],
    ['NGINX', ''],
    ['', ''],
    ['a b', ''],
  ]
  it.each(cases)('%j has %j', (image, tag) => expect(imageTag(image)).toBe(tag))
})

it('base64 agrees with Buffer', () => {
  for (const text of ['', 'a', 'ab', 'abc', 'ü€𝄞'])
    expect(textToBase64(text)).toBe(Buffer.from(text).toString('base64'))
})
