import { describe, expect, it } from 'vitest'
import { canonicalObject, decode } from '../../../../api/decode/decode.ts'
import { applyDefaults } from '../../../../api/defaults/apply-defaults.ts'
import { deepFreeze } from '../../../../api/json/deep-freeze.ts'
import type { KubeObject } from '../../../../api/object.ts'
import type { Resource } from '../../../../api/protocol/resource.ts'
import { builtinScheme } from '../../../../api/scheme/builtin-scheme.ts'
import { invalidStatus } from '../../../../api/validation/invalid-status.ts'
import { prepareForCreate, prepareForUpdate } from '../../../../api/validation/prepare.ts'
import { validateCreate, validateUpdate } from '../../../../api/validation/validate.ts'

const resourceOf = (id: string): Resource => {
  const found = builtinScheme().byKind(id)
  if (found === undefined) throw new Error(id)
  return found
}

const made = (id: string, raw: object): KubeObject => {
  const resource = resourceOf(id)
  const decoded = decode(resource, raw)
  if (!decoded.ok) throw new Error(decoded.message)
  const meta = {
    name: 'a',
    ...(resource.namespaced ? { namespace: 'n' } : {}),
    uid: 'u',
    creationTimestamp: '2026-01-01T00:00:00Z',
    ...(decoded.object.metadata as Partial<KubeObject['metadata']>),
  }
  const object = applyDefaults(resource, deepFreeze({ ...decoded.object, metadata: meta }) as KubeObject)
  return deepFreeze(prepareForCreate(resource, deepFreeze(object), { now: '2026-01-01T00:00:00Z' }))
}

const complaints = (id: string, raw: object): readonly string[] =>
  validateCreate(resourceOf(id), made(id, raw)).map((cause) => `${cause.field}: ${cause.message}`)

const stored = (id: string, raw: object): KubeObject => {
  const object = made(id, raw)
  return deepFreeze(
    canonicalObject(resourceOf(id), { ...object, metadata: { ...object.metadata, resourceVersion: '1' } }),
  )
}

const changed = (id: string, old: KubeObject, fields: object): KubeObject => {
  const resource = resourceOf(id)
  return deepFreeze(
    prepareForUpdate(resource, deepFreeze(applyDefaults(resource, deepFreeze({ ...old, ...fields }))), old),
  )
}

const template = { metadata: { labels: { app: 'x' } }, spec: { containers: [{ name: 'c', image: 'i' }] } }
const selector = { matchLabels: { app: 'x' } }
const label =
  "a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start and end with an alphanumeric character (e.g. 'my-name',  or '123-abc', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?')"

describe('new objects', () => {
  const valid: readonly (readonly [string, object])[] = [
    ['v1/Pod', { spec: template.spec }],
    ['apps/v1/Deployment', { spec: { selector, template } }],
    ['apps/v1/ReplicaSet', { spec: { selector, template } }],
    ['apps/v1/DaemonSet', { spec: { selector, template } }],
    ['apps/v1/StatefulSet', { spec: { selector, template, serviceName: 's' } }],
    ['batch/v1/Job', { spec: { template: { spec: { ...template.spec, restartPolicy: 'Never' } } } }],
    [
      'batch/v1/CronJob',
      {
        spec: {
          schedule: '*/5 * * * *',
          jobTemplate: { spec: { template: { spec: { ...template.spec, restartPolicy: 'Never' } } } },
        },
      },
    ],
    ['v1/ConfigMap', { data: { a: 'b' } }],
    ['v1/Node', { spec: { podCIDR: '10.0.0.0/24' } }],
    ['v1/Namespace', {}],
    [
      'v1/PersistentVolumeClaim',
      { spec: { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1Gi' } } } },
    ],
    ['policy/v1/PodDisruptionBudget', { spec: { minAvailable: '50%', selector } }],
    ['rbac.authorization.k8s.io/v1/Role', { rules: [{ verbs: ['get'], apiGroups: [''], resources: ['pods'] }] }],
    ['coordination.k8s.io/v1/Lease', { spec: { leaseDurationSeconds: 40 } }],
    [
      'discovery.k8s.io/v1/EndpointSlice',
      { addressType: 'IPv4', endpoints: [{ addresses: ['10.0.0.1'] }], ports: [{ port: 80 }] },
    ],
  ]
  it.each(valid)('%s may be valid', (id, raw) => expect(complaints(id, raw)).toEqual([]))

  const invalid: readonly (readonly [string, object, readonly string[]])[] = [
    ['v1/Pod', { spec: { containers: [] } }, ['spec.containers: Required value']],
    [
      'v1/Pod',
      { spec: { containers: [{ name: 'A', image: '' }] } },
      [`spec.containers[0].name: Invalid value: "A": ${label}`, 'spec.containers[0].image: Required value'],
    ],
    [
      'v1/Pod',
      {
        spec: { containers: [{ name: 'c', image: 'i', resources: { requests: { cpu: '2' }, limits: { cpu: '1' } } }] },
      },
      ['spec.containers[0].resources.requests: Invalid value: "2": must be less than or equal to cpu limit of 1'],
    ],
    [
      'v1/Pod',
      { spec: { containers: [{ name: 'c', image: 'i', volumeMounts: [{ name: 'v', mountPath: '/x' }] }] } },
      ['spec.containers[0].volumeMounts[0].name: Not found: "v"'],
    ],
    [
      'apps/v1/Deployment',
      { spec: {} },
      [
        'spec.selector: Required value',
        'spec.template.metadata.labels: Invalid value: null: `selector` does not match template `labels`',
        'spec.template.spec.containers: Required value',
      ],
    ],
    [
      'apps/v1/Deployment',
      { spec: { selector, template, strategy: { type: 'Nope' } } },
      [
        'spec.strategy: Unsupported value: {"Type":"Nope","RollingUpdate":null}: supported values: "Recreate", "RollingUpdate"',
      ],
    ],
    [
      'apps/v1/DaemonSet',
      { spec: { selector, template, updateStrategy: { rollingUpdate: { maxSurge: 1 } } } },
      ['spec.updateStrategy.rollingUpdate.maxSurge: Invalid value: 1: may not be set when maxUnavailable is non-zero'],
    ],
    [
      'batch/v1/Job',
      { spec: { template: { spec: template.spec } } },
      ['spec.template.spec.restartPolicy: Required value: valid values: "OnFailure", "Never"'],
    ],
    ['v1/Namespace', { metadata: { name: 'a.b' } }, ['metadata.name: Invalid value: "a.b": must not contain dots']],
    ['v1/ConfigMap', { data: { '..': 'x' } }, ['data[..]: Invalid value: "..": must not be \'..\'']],
    [
      'v1/ResourceQuota',
      { spec: { hard: { pods: '1m' } } },
      ['spec.hard[pods]: Invalid value: "1m": must be an integer'],
    ],
    [
      'rbac.authorization.k8s.io/v1/ClusterRoleBinding',
      { roleRef: { kind: 'Role', name: 'r' } },
      ['roleRef.kind: Unsupported value: "Role": supported values: "ClusterRole"'],
    ],
    [
      'scheduling.k8s.io/v1/PriorityClass',
      { value: 2000000000 },
      ['value: Forbidden: maximum allowed value of a user defined priority is 1000000000'],
    ],
    [
      'batch/v1/CronJob',
      {
        spec: {
          schedule: 'x',
          jobTemplate: { spec: { template: { spec: { ...template.spec, restartPolicy: 'Never' } } } },
        },
      },
      ['spec.schedule: Invalid value: "x": expected exactly 5 fields, found 1: [x]'],
    ],
    [
      'v1/ConfigMap',
      { metadata: { finalizers: ['x'] } },
      [
        'metadata.finalizers[0]: Invalid value: "x": name is neither a standard finalizer name nor is it fully qualified',
      ],
    ],
  ]
  it.each(invalid)('%s %# is refused', (id, raw, expected) => expect(complaints(id, raw)).toEqual(expected))

  it('are judged by the common metadata rules only when the kind has none', () => {
    expect(complaints('rbac.authorization.k8s.io/v1/Role', { metadata: { name: 'a/b' } })).toEqual([
      'metadata.name: Invalid value: "a/b": may not contain \'/\'',
    ])
  })
})

describe('updates', () => {
  const refusals = (id: string, raw: object, fields: object): readonly string[] => {
    const old = stored(id, raw)
    return validateUpdate(resourceOf(id), changed(id, old, fields), old).map(
      (cause) => `${cause.field}: ${cause.message}`,
    )
  }
  it('selectors are immutable', () => {
    const told = refusals(
      'apps/v1/Deployment',
      { spec: { selector, template } },
      { spec: { selector: { matchLabels: { app: 'y' } }, template } },
    )
    expect(told).toContain('spec.selector: Invalid value: {"matchLabels":{"app":"y"}}: field is immutable')
  })
  it('an immutable ConfigMap stays', () => {
    const told = refusals('v1/ConfigMap', { immutable: true, data: { a: '1' } }, { immutable: true, data: { a: '2' } })
    expect(told).toEqual(['data: Forbidden: field is immutable when `immutable` is set'])
  })
  it('an image may change, a command may not', () => {
    const raw = { spec: { ...template.spec, serviceAccountName: 'd' } }
    const old = stored('v1/Pod', raw)
    const of = (container: object): object => ({
      spec: { ...(old as unknown as { spec: object }).spec, containers: [container] },
    })
    const [first] = (old as unknown as { spec: { containers: readonly object[] } }).spec.containers
    expect(refusals('v1/Pod', raw, of({ ...first, image: 'j' }))).toEqual([])
    expect(refusals('v1/Pod', raw, of({ ...first, command: ['x'] })).join()).toContain(
      'pod updates may not change fields other than',
    )
  })
  it('complain about metadata as often as upstream does', () => {
    const old = stored('v1/ConfigMap', {})
    const now = changed('v1/ConfigMap', old, { metadata: { ...old.metadata, labels: { 'bad key!': 'x' } } })
    expect(validateUpdate(resourceOf('v1/ConfigMap'), now, old).map((cause) => cause.field)).toEqual(
      Array(4).fill('metadata.labels'),
    )
  })
})

describe('preparation', () => {
  it('a new object has no status and generation 1', () => {
    const object = made('apps/v1/Deployment', { spec: { selector, template }, status: { replicas: 9 } })
    expect(object).toMatchObject({ metadata: { generation: 1 }, status: {} })
  })
  it('generation moves with the spec only', () => {
    const old = stored('apps/v1/ReplicaSet', { spec: { selector, template } })
    const spec = (old as unknown as { spec: object }).spec
    expect(changed('apps/v1/ReplicaSet', old, { spec: { ...spec, replicas: 2 } }).metadata.generation).toBe(2)
    expect(
      changed('apps/v1/ReplicaSet', old, { metadata: { ...old.metadata, labels: { a: 'b' } } }).metadata.generation,
    ).toBe(1)
  })
  it('a status write keeps the spec, a main write the status', () => {
    const resource = resourceOf('apps/v1/ReplicaSet')
    const old = stored('apps/v1/ReplicaSet', { spec: { selector, template } })
    const both = deepFreeze({
      ...old,
      spec: { ...(old as unknown as { spec: object }).spec, replicas: 5 },
      status: { replicas: 3 },
    })
    const status = prepareForUpdate(resource, both, old, { subresource: 'status' })
    expect(status).toMatchObject({ spec: { replicas: 1 }, status: { replicas: 3 }, metadata: { generation: 1 } })
    expect(prepareForUpdate(resource, both, old)).toMatchObject({
      spec: { replicas: 5 },
      status: { replicas: 0 },
      metadata: { generation: 2 },
    })
  })
  it('a pod starts pending with its class', () => {
    expect(made('v1/Pod', { spec: template.spec })).toMatchObject({
      status: { phase: 'Pending', qosClass: 'BestEffort' },
    })
    expect(made('v1/Pod', { spec: { ...template.spec, schedulingGates: [{ name: 'a' }] } })).toMatchObject({
      status: { conditions: [{ type: 'PodScheduled', reason: 'SchedulingGated' }] },
    })
  })
  it('a job selects its pods by its uid', () => {
    expect(made('batch/v1/Job', { spec: { template: { spec: template.spec } } })).toMatchObject({
      spec: {
        selector: { matchLabels: { 'batch.kubernetes.io/controller-uid': 'u' } },
        template: { metadata: { labels: { 'job-name': 'a', 'controller-uid': 'u' } } },
      },
    })
  })
  it('an update that changes nothing is the old object', () => {
    const old = stored('apps/v1/Deployment', { spec: { selector, template } })
    expect(prepareForUpdate(resourceOf('apps/v1/Deployment'), old, old)).toBe(old)
  })
})

describe('the answer', () => {
  const cause = { reason: 'FieldValueRequired', message: 'Required value', field: 'a' } as const
  it('tells equal complaints once', () => {
    const status = invalidStatus(resourceOf('apps/v1/Deployment'), 'd', [cause, cause])
    expect(status.message).toBe('Deployment.apps "d" is invalid: a: Required value')
    expect(status.details?.causes).toHaveLength(2)
  })
  it('lists several', () => {
    const status = invalidStatus(resourceOf('v1/Pod'), 'p', [cause, { ...cause, field: 'b' }])
    expect(status.message).toBe('Pod "p" is invalid: [a: Required value, b: Required value]')
    expect(status.code).toBe(422)
  })
})
