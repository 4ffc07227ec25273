import { describe, expect, it } from 'vitest'
import type { KubeObject } from '../../../../../api/object.ts'
import { builtinScheme } from '../../../../../api/scheme/builtin-scheme.ts'
import { showList, showOne, wantedOf } from '../../../../../runtime/apiserver/representation.ts'
import { columnsOf, rowOf } from '../../../../../runtime/apiserver/table/table.ts'

const now = Date.UTC(2026, 0, 1, 0, 10)
const metadata = { name: 'a', creationTimestamp: '2026-01-01T00:00:00Z', resourceVersion: '7' }
const row = (id: string, rest: object) =>
  rowOf(builtinScheme().byKind(id)!, { metadata, ...rest } as unknown as KubeObject, { now })

describe('table', () => {
  it('has as many cells as columns, for every built-in resource', () => {
    for (const resource of builtinScheme().resources) {
      if (!resource.verbs.includes('list')) continue
      const { cells } = rowOf(resource, { metadata } as unknown as KubeObject, { now })
      // Upstream's rows of IP addresses have an age that no column is for.
      const surplus = resource.plural === 'ipaddresses' ? 1 : 0
      expect([resource.id, cells.length]).toEqual([resource.id, columnsOf(resource).length + surplus])
    }
  })

  it.each<[string, string, object, readonly unknown[]]>([
    [
      'flow schema',
      'flowcontrol.apiserver.k8s.io/v1/FlowSchema',
      { spec: { priorityLevelConfiguration: { name: 'exempt' }, matchingPrecedence: 1 } },
      ['a', 'exempt', 1, '<none>', '10m', '?'],
    ],
    [
      'priority level',
      'flowcontrol.apiserver.k8s.io/v1/PriorityLevelConfiguration',
      {
        spec: {
          type: 'Limited',
          limited: { nominalConcurrencyShares: 30, limitResponse: { queuing: { queues: 64 } } },
        },
      },
      ['a', 'Limited', 30, 64, 0, 0, '10m'],
    ],
    [
      'API service that is away',
      'apiregistration.k8s.io/v1/APIService',
      {
        spec: { service: { namespace: 'x', name: 'y' } },
        status: { conditions: [{ type: 'Available', status: 'False', reason: 'MissingEndpoints' }] },
      },
      ['a', 'x/y', 'False (MissingEndpoints)', '10m'],
    ],
    [
      'service CIDR',
      'networking.k8s.io/v1/ServiceCIDR',
      { spec: { cidrs: ['10.0.0.0/8', 'fd::/64'] } },
      ['a', '10.0.0.0/8,fd::/64', '10m'],
    ],
    [
      'IP address',
      'networking.k8s.io/v1/IPAddress',
      { spec: { parentRef: { resource: 'services', namespace: 'n', name: 's' } } },
      ['a', 'services/n/s', '10m'],
    ],
  ])('a row of a %s', (_, id, rest, cells) => {
    expect(row(id, rest).cells).toEqual(cells)
  })

  it.each<[string, object, string]>([
    ['pending', { phase: 'Pending' }, 'Pending'],
    [
      'gated',
      { phase: 'Pending', conditions: [{ type: 'PodScheduled', reason: 'SchedulingGated' }] },
      'SchedulingGated',
    ],
    ['evicted', { phase: 'Failed', reason: 'Evicted' }, 'Evicted'],
    [
      'waiting',
      { phase: 'Running', containerStatuses: [{ state: { waiting: { reason: 'CrashLoopBackOff' } } }] },
      'CrashLoopBackOff',
    ],
    [
      'killed',
      { phase: 'Failed', containerStatuses: [{ state: { terminated: { exitCode: 137, signal: 9 } } }] },
      'Signal:9',
    ],
    ['failed', { phase: 'Failed', containerStatuses: [{ state: { terminated: { exitCode: 2 } } }] }, 'ExitCode:2'],
    ['initializing', { phase: 'Pending', initContainerStatuses: [{ state: { running: {} } }] }, 'Init:0/0'],
    [
      'one done, one running',
      {
        phase: 'Running',
        conditions: [{ type: 'Ready', status: 'True' }],
        containerStatuses: [
          { state: { terminated: { exitCode: 0, reason: 'Completed' } } },
          { ready: true, state: { running: {} } },
        ],
      },
      'Running',
    ],
  ])('a pod that is %s', (_, status, expected) => {
    expect(row('v1/Pod', { spec: { containers: [{}] }, status }).cells[2]).toBe(expected)
  })

  it('counts restarts and says when the last was', () => {
    const terminated = { exitCode: 1, finishedAt: '2026-01-01T00:05:00Z' }
    const status = { phase: 'Running', containerStatuses: [{ restartCount: 3, lastState: { terminated } }] }
    expect(row('v1/Pod', { spec: { containers: [{}] }, status }).cells[3]).toBe('3 (5m ago)')
  })

  it('shows partial metadata and lists of them', () => {
    const resource = builtinScheme().byKind('v1/ConfigMap')!
    const context = { resource, now, include: 'None' as const, managersOf: () => [] }
    const object = { kind: 'ConfigMap', apiVersion: 'v1', metadata, data: { k: 'v' } } as unknown as KubeObject
    expect(showOne(context, 'PartialObjectMetadata', object)).toEqual({
      kind: 'PartialObjectMetadata',
      apiVersion: 'meta.k8s.io/v1',
      metadata,
    })
    const table = showOne(context, 'Table', object, false) as { rows: unknown[]; columnDefinitions: unknown }
    expect(table.columnDefinitions).toBeNull()
    expect(table.rows).toEqual([{ cells: ['a', 1, '10m'], object: null }])
    const body = { kind: 'ConfigMapList', apiVersion: 'v1', metadata: { resourceVersion: '9' }, items: [] }
    expect(showList(context, 'PartialObjectMetadataList', body)).toMatchObject({ items: null })
  })

  it.each([
    [undefined, undefined, false],
    ['application/json', undefined, false],
    ['application/json;as=Table;v=v1;g=meta.k8s.io,application/json', 'Table', false],
    ['application/json;as=Nope;v=v1;g=meta.k8s.io,application/json', undefined, false],
    ['application/json;as=Nope;v=v1;g=meta.k8s.io', undefined, true],
    ['text/html', undefined, true],
  ] as const)('reads Accept %s', (accept, as, nothing) => expect(wantedOf(accept)).toEqual({ as, nothing }))
})
