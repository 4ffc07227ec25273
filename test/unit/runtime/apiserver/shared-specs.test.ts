import { describe, expect, it } from 'vitest'
import { deepFreeze } from '../../../../api/json/deep-freeze.ts'
import type { KubeObject } from '../../../../api/object.ts'
import type { Pod } from '../../../../api/types/core-v1.generated.ts'
import { createWorld, type World } from './harness.ts'

const template = (more: object = {}): object =>
  deepFreeze({
    initContainers: [{ name: 'init', image: 'init:1' }],
    containers: [
      { name: 'app', image: 'web:v1', resources: { limits: { memory: '64Mi' } }, env: [{ name: 'A', value: 'b' }] },
    ],
    ...more,
  })

const setUp = (account: object = {}, options: Parameters<typeof createWorld>[0] = {}): World => {
  const world = createWorld(options)
  world.request('create', 'v1/Namespace', { body: { metadata: { name: 'default' } } })
  const body = { metadata: { name: 'default', namespace: 'default' }, ...account }
  expect(world.request('create', 'v1/ServiceAccount', { namespace: 'default', body }).code).toBe(201)
  return world
}

const create = (world: World, name: string, spec: object): Pod => {
  const answer = world.request('create', 'v1/Pod', { namespace: 'default', body: { metadata: { name }, spec } })
  expect(answer.code, JSON.stringify(answer.body)).toBe(201)
  return answer.body as KubeObject as Pod
}

/** The spec with every generated volume name replaced. */
const unnamed = (pod: Pod): unknown =>
  JSON.parse(JSON.stringify(pod.spec).replaceAll(/kube-api-access-[a-z0-9]{5}/g, 'kube-api-access-X')) as unknown

describe('pods of one template', () => {
  it('differ in nothing but their token volume, and share all the rest', () => {
    const world = setUp()
    const spec = template()
    const pods = ['a', 'b', 'c'].map((name) => create(world, name, spec))
    const volumes = pods.map((pod) => pod.spec.volumes![0]!.name)
    expect(new Set(volumes).size).toBe(3)
    for (const [index, pod] of pods.entries()) {
      expect(volumes[index]).toMatch(/^kube-api-access-[a-z0-9]{5}$/)
      for (const container of [...pod.spec.containers, ...pod.spec.initContainers!])
        expect(container.volumeMounts).toEqual([
          { name: volumes[index], readOnly: true, mountPath: '/var/run/secrets/kubernetes.io/serviceaccount' },
        ])
      expect(unnamed(pod)).toEqual(unnamed(pods[0]!))
      expect(Object.isFrozen(pod.spec)).toBe(true)
    }
    expect(pods[2]!.spec.containers[0]!.env).toBe(pods[1]!.spec.containers[0]!.env)
    expect(pods[2]!.spec.tolerations).toBe(pods[1]!.spec.tolerations)
  })

  it('come out as they would one by one', () => {
    const shared = setUp()
    const spec = template()
    create(shared, 'first', spec)
    const second = create(shared, 'second', spec)
    const alone = setUp()
    create(alone, 'first', template())
    const other = create(alone, 'second', structuredClone(spec))
    expect(second.spec).toEqual(other.spec)
    expect(Object.keys(second.spec)).toEqual(Object.keys(other.spec))
  })

  it('do not share across service accounts that differ', () => {
    const world = setUp()
    const spec = template()
    const before = create(world, 'a', spec)
    world.request('patch', 'v1/ServiceAccount', {
      namespace: 'default',
      name: 'default',
      patchType: 'merge',
      body: { imagePullSecrets: [{ name: 'pull' }] },
    })
    const after = create(world, 'b', spec)
    expect(before.spec.imagePullSecrets).toBeUndefined()
    expect(after.spec.imagePullSecrets).toEqual([{ name: 'pull' }])
  })

  it('keep a volume of their own that looks like a generated one, and what mounts it', () => {
    const world = setUp()
    const spec = template({ volumes: [{ name: 'kube-api-access-mine1', emptyDir: {} }] })
    for (const name of ['a', 'b']) {
      const pod = create(world, name, spec)
      expect(pod.spec.volumes).toHaveLength(1)
      expect(pod.spec.containers[0]!.volumeMounts![0]!.name).toBe('kube-api-access-mine1')
    }
  })

  it('are refused with their own volume in the message, each time', () => {
    const world = setUp()
    const spec = template({
      containers: [{ name: 'app', image: 'web:v1', volumeMounts: [{ name: 'x', mountPath: '/x' }] }],
    })
    for (const name of ['a', 'b']) {
      const answer = world.request('create', 'v1/Pod', { namespace: 'default', body: { metadata: { name }, spec } })
      expect(answer.code).toBe(422)
      expect((answer.body as { message: string }).message).toContain(
        'spec.containers[0].volumeMounts[0].name: Not found: "x"',
      )
    }
  })

  it('show mutating policies all that is theirs', () => {
    const world = setUp()
    const spec = template()
    const first = create(world, 'a', spec)
    const policy = {
      metadata: { name: 'copy' },
      spec: {
        matchConstraints: {
          resourceRules: [{ apiGroups: [''], apiVersions: ['v1'], operations: ['CREATE'], resources: ['pods'] }],
        },
        reinvocationPolicy: 'Never',
        mutations: [
          {
            patchType: 'ApplyConfiguration',
            applyConfiguration: {
              expression: 'Object{metadata: Object.metadata{labels: {"volume": object.spec.volumes[0].name}}}',
            },
          },
        ],
      },
    }
    const id = 'admissionregistration.k8s.io/v1/MutatingAdmissionPolicy'
    expect(world.request('create', id, { body: policy }).code).toBe(201)
    const binding = { metadata: { name: 'copy' }, spec: { policyName: 'copy' } }
    expect(world.request('create', `${id}Binding`, { body: binding }).code).toBe(201)
    const second = create(world, 'b', spec)
    expect(second.metadata.labels).toEqual({ volume: second.spec.volumes![0]!.name })
    expect(second.spec.volumes![0]!.name).not.toBe(first.spec.volumes![0]!.name)
  })

  it('keep wire order when they are bound, and after', () => {
    const world = setUp()
    const pod = create(world, 'a', template())
    const node = { metadata: { name: 'n1' }, status: {} }
    world.request('create', 'v1/Node', { body: node })
    world.request('create', 'v1/Pod', {
      namespace: 'default',
      name: 'a',
      subresource: 'binding',
      body: { metadata: { name: 'a' }, target: { kind: 'Node', name: 'n1' } },
    })
    const bound = world.request('get', 'v1/Pod', { namespace: 'default', name: 'a' }).body as KubeObject as Pod
    expect(bound.spec).toEqual({ ...pod.spec, nodeName: 'n1' })
    const patched = world.request('patch', 'v1/Pod', {
      namespace: 'default',
      name: 'a',
      subresource: 'status',
      patchType: 'strategic',
      body: { status: { phase: 'Running' } },
    }).body as KubeObject as Pod
    expect(patched.spec).toBe(bound.spec)
    expect(Object.keys(patched.spec)).toEqual(Object.keys(structuredClone(bound.spec)))
    expect(Object.keys(bound.spec).indexOf('nodeName')).toBeLessThan(Object.keys(bound.spec).indexOf('securityContext'))
  })
})
