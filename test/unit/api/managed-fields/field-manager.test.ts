import { describe, expect, it } from 'vitest'
import { deepFreeze } from '../../../../api/json/deep-freeze.ts'
import {
  applyPatch,
  settleTimes,
  updateManagers,
  type FieldWrite,
} from '../../../../api/managed-fields/field-manager.ts'
import { resetFields, resetNothing, customResetFields } from '../../../../api/managed-fields/reset-fields.ts'
import { parentEntries, scaleEntries } from '../../../../api/managed-fields/scale-fields.ts'
import type { KubeObject } from '../../../../api/object.ts'
import type { ManagedFieldsEntry } from '../../../../api/types/meta-v1.generated.ts'

const at = (second: number): string => `2026-01-01T00:00:${String(second).padStart(2, '0')}Z`

const configMap = (data: Record<string, string>, labels?: Record<string, string>): KubeObject =>
  deepFreeze({
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { name: 'a', ...(labels === undefined ? {} : { labels }) },
    data,
  }) as unknown as KubeObject

const write = (over: Partial<FieldWrite> = {}): FieldWrite => ({
  types: { type: 'io.k8s.api.core.v1.ConfigMap' },
  live: undefined,
  entries: undefined,
  manager: 'one',
  subresource: '',
  time: at(0),
  reset: resetNothing,
  ...over,
})

/** Manager, operation and data keys of each entry. */
const owners = (entries: readonly ManagedFieldsEntry[] | undefined): unknown[] =>
  (entries ?? []).map((entry) => [
    entry.manager,
    entry.operation,
    Object.keys((entry.fieldsV1 as { 'f:data'?: object })['f:data'] ?? {}),
  ])

const applied = (
  result: ReturnType<typeof applyPatch>,
): { object: KubeObject; entries: readonly ManagedFieldsEntry[] } => {
  if (!('object' in result)) throw new Error(JSON.stringify(result))
  return { object: result.object, entries: result.entries ?? [] }
}

describe('plain writes', () => {
  it('own what they create, change and take over; what is removed is lost by all', () => {
    const first = configMap({ x: '1', y: '2' })
    const created = updateManagers(write(), first)
    expect(owners(created)).toEqual([['one', 'Update', ['.', 'f:x', 'f:y']]])
    const second = configMap({ x: '2', z: '3' })
    const next = updateManagers(write({ live: first, entries: created, manager: 'two', time: at(1) }), second)
    expect(owners(next)).toEqual([
      ['one', 'Update', []],
      ['two', 'Update', ['f:x', 'f:z']],
    ])
  })

  it('change nothing where nothing changes', () => {
    const object = configMap({ x: '1' })
    const entries = updateManagers(write(), object)
    const again = updateManagers(write({ live: object, entries, manager: 'two', time: at(5) }), configMap({ x: '1' }))
    expect(again).toEqual(entries)
  })

  it('leave an untracked object untracked, and forget on request', () => {
    const object = configMap({ x: '1' })
    expect(updateManagers(write({ live: object }), configMap({ x: '2' }))).toBeUndefined()
    const entries = updateManagers(write(), object)
    expect(updateManagers(write({ live: object, entries }), configMap({ x: '2' }), [])).toBeUndefined()
    expect(updateManagers(write({ live: object, entries }), configMap({ x: '2' }), null)).toHaveLength(1)
  })

  it('cannot own what the endpoint resets', () => {
    const pod = (phase: string): KubeObject =>
      ({
        apiVersion: 'v1',
        kind: 'Pod',
        metadata: { name: 'p' },
        spec: { nodeName: phase },
        status: { phase },
      }) as never
    const types = { type: 'io.k8s.api.core.v1.Pod' }
    const main = updateManagers(write({ types, reset: resetFields('pods', '') }), pod('Pending'))
    expect(Object.keys(main?.[0]?.fieldsV1 as object)).toEqual(['f:spec'])
    const status = updateManagers(
      write({
        types,
        live: pod('Pending'),
        entries: main,
        subresource: 'status',
        reset: resetFields('pods', 'status'),
      }),
      pod('Running'),
    )
    expect(status?.map((entry) => [entry.subresource, Object.keys(entry.fieldsV1 as object)])).toEqual([
      [undefined, ['f:spec']],
      ['status', ['f:status']],
    ])
  })

  it('keep ten writers; older ones become ancient-changes', () => {
    let live = configMap({})
    let entries: readonly ManagedFieldsEntry[] | undefined = updateManagers(write({ manager: 'm0' }), live)
    const data: Record<string, string> = {}
    for (let i = 1; i <= 14; i += 1) {
      data[`k${i}`] = 'v'
      const next = configMap({ ...data })
      entries = updateManagers(write({ live, entries, manager: `m${i}`, time: at(i) }), next)
      live = next
    }
    expect(entries).toHaveLength(10)
    expect(entries?.[0]?.manager).toBe('ancient-changes')
  })

  it('know keys that every object inherits', () => {
    const before = configMap({})
    const entries = updateManagers(write(), before)
    const after = updateManagers(write({ live: before, entries }), configMap({ constructor: 'x' }))
    expect(owners(after)).toEqual([['one', 'Update', ['.', 'f:constructor']]])
  })
})

describe('server-side apply', () => {
  it('creates, owns together, conflicts, takes over by force and prunes', () => {
    const one = applied(applyPatch(write(), configMap({ x: '1', y: '1' }), false))
    const shared = applied(
      applyPatch(
        write({ live: one.object, entries: one.entries, manager: 'two', time: at(1) }),
        configMap({ x: '1' }),
        false,
      ),
    )
    expect(shared.object).toBe(one.object)
    expect(owners(shared.entries).map((entry) => (entry as unknown[])[2])).toEqual([['f:x'], ['f:x', 'f:y']])
    const request = write({ live: shared.object, entries: shared.entries, manager: 'two', time: at(2) })
    expect(applyPatch(request, configMap({ x: '2' }), false)).toEqual({
      conflicts: {
        message: 'Apply failed with 1 conflict: conflict with "one": .data.x',
        causes: [{ reason: 'FieldManagerConflict', message: 'conflict with "one"', field: '.data.x' }],
      },
    })
    const forced = applied(applyPatch(request, configMap({ x: '2' }), true))
    expect(forced.object).toMatchObject({ data: { x: '2', y: '1' } })
    const pruned = applied(
      applyPatch(write({ live: forced.object, entries: forced.entries, time: at(3) }), configMap({}), false),
    )
    expect((pruned.object as unknown as { data: object }).data).toEqual({ x: '2' })
    expect(owners(pruned.entries)).toEqual([
      ['two', 'Apply', ['f:x']],
      ['one', 'Apply', []],
    ])
  })

  it('says what was there before the first apply', () => {
    const result = applied(applyPatch(write({ live: configMap({ x: '1' }) }), configMap({ y: '1' }), false))
    expect(owners(result.entries)).toEqual([
      ['one', 'Apply', ['f:y']],
      ['before-first-apply', 'Update', ['.', 'f:x']],
    ])
  })

  it.each([
    [
      { data2: {} },
      500,
      'failed to create typed patch object (/a; /v1, Kind=ConfigMap): .data2: field not declared in schema',
    ],
    [{ metadata: { name: 'a', managedFields: [] } }, 400, 'metadata.managedFields must be nil'],
  ])('refuses %j', (over, code, error) => {
    const config = { ...configMap({}), ...over } as unknown as KubeObject
    expect(applyPatch(write(), config, false)).toEqual({ code, error })
  })

  it('merges keyed lists by their keys and defaults', () => {
    const service = (ports: object[]): KubeObject =>
      ({ apiVersion: 'v1', kind: 'Service', metadata: { name: 's' }, spec: { ports } }) as never
    const types = { type: 'io.k8s.api.core.v1.Service' }
    const one = applied(applyPatch(write({ types }), service([{ port: 80, protocol: 'TCP' }]), false))
    const two = applyPatch(
      write({ types, live: one.object, entries: one.entries, manager: 'two' }),
      service([{ port: 80, targetPort: 8080 }, { port: 81 }]),
      false,
    )
    expect(applied(two).object).toMatchObject({
      spec: { ports: [{ port: 80, protocol: 'TCP', targetPort: 8080 }, { port: 81 }] },
    })
  })

  it('lets kubectl take back what its own client-side apply set', () => {
    const last = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'a' }, data: { x: '1' } }
    const annotations = { 'kubectl.kubernetes.io/last-applied-configuration': JSON.stringify(last) }
    const live = { ...configMap({ x: '1' }), metadata: { name: 'a', annotations } } as unknown as KubeObject
    const entries = updateManagers(write({ manager: 'kubectl-client-side-apply' }), live)
    const request = write({ live, entries, manager: 'kubectl' })
    const result = applied(applyPatch(request, configMap({ x: '2' }), false))
    expect(result.object).toMatchObject({ data: { x: '2' } })
    expect(result.object.metadata.annotations?.['kubectl.kubernetes.io/last-applied-configuration']).toContain(
      '"x":"2"',
    )
    expect(applyPatch({ ...request, manager: 'other' }, configMap({ x: '2' }), false)).toHaveProperty('conflicts')
  })
})

describe('custom resources', () => {
  const widget = (spec: object): KubeObject =>
    ({ apiVersion: 'example.com/v1', kind: 'Widget', metadata: { name: 'w' }, spec }) as never

  it('are typed by their schema, or deduced', () => {
    const schema = {
      type: 'object',
      properties: {
        spec: {
          type: 'object',
          properties: {
            items: {
              type: 'array',
              'x-kubernetes-list-type': 'map',
              'x-kubernetes-list-map-keys': ['id'],
              items: { type: 'object', properties: { id: { type: 'string' }, n: { type: 'integer' } } },
            },
          },
        },
      },
    } as const
    const object = widget({ items: [{ id: 'a', n: 1 }] })
    const typed = updateManagers(write({ types: { schema }, reset: customResetFields(true, '') }), object)
    expect(typed?.[0]?.fieldsV1).toEqual({
      'f:spec': {
        '.': {},
        'f:items': { '.': {}, 'k:{"id":"a"}': { '.': {}, 'f:id': {}, 'f:n': {} } },
      },
    })
    const deduced = updateManagers(write({ types: { schema: undefined } }), object)
    expect(deduced?.[0]?.fieldsV1).toEqual({ 'f:spec': { '.': {}, 'f:items': {} } })
    const refused = applyPatch(write({ types: { schema } }), widget({ nope: 1 }), false)
    expect(refused).toMatchObject({ code: 500 })
  })
})

it('scale writes own the replicas of the parent', () => {
  const parent = [
    {
      manager: 'one',
      operation: 'Apply',
      apiVersion: 'apps/v1',
      time: at(0),
      fieldsType: 'FieldsV1',
      fieldsV1: { 'f:spec': { 'f:replicas': {}, 'f:paused': {} } },
    },
  ] as unknown as ManagedFieldsEntry[]
  expect(scaleEntries(parent)?.map((entry) => [entry.manager, entry.apiVersion])).toEqual([['one', 'autoscaling/v1']])
  const scale = [
    {
      manager: 'hpa',
      operation: 'Update',
      apiVersion: 'autoscaling/v1',
      time: at(1),
      fieldsType: 'FieldsV1',
      fieldsV1: { 'f:spec': { 'f:replicas': {} } },
      subresource: 'scale',
    },
  ] as unknown as ManagedFieldsEntry[]
  const entries = parentEntries(parent, scale, 'apps/v1')
  expect(entries?.map((entry) => [entry.manager, entry.apiVersion, entry.fieldsV1])).toEqual([
    ['one', 'apps/v1', { 'f:spec': { 'f:paused': {} } }],
    ['hpa', 'apps/v1', { 'f:spec': { 'f:replicas': {} } }],
  ])
})

it('times alone are no change', () => {
  const object = configMap({ x: '1' })
  const stored = updateManagers(write(), object)
  const later = stored?.map((entry) => ({ ...entry, time: at(9) }))
  expect(settleTimes(stored, later, true)).toBe(stored)
  expect(settleTimes(stored, later, false)).toBe(later)
})
