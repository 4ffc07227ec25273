import { describe, expect, it } from 'vitest'
import type { KubeObject } from '../../../../api/object.ts'
import { resourceClaimController } from '../../../../runtime/controllers/resourceclaim/controller.ts'
import type { Answer } from '../../../../runtime/client/call.ts'
import type { Io, WatchIo } from '../../../../runtime/reconcile/controller.ts'

type Json = Readonly<Record<string, unknown>>
interface Named extends Json {
  readonly apiVersion: string
  readonly kind: string
  readonly metadata: { readonly name: string; readonly namespace: string; readonly uid: string }
}

const finalizer = 'resource.kubernetes.io/delete-protection'
const podOf = (
  name: string,
  more: { readonly metadata?: object; readonly spec?: object; readonly status?: object } = {},
): Named => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name, namespace: 'ns', uid: `uid-${name}`, ...more.metadata },
  spec: { resourceClaims: [{ name: 'gpu', resourceClaimTemplateName: 'one' }], ...more.spec },
  status: { phase: 'Pending', ...more.status },
})
const claimOf = (name: string, more: { readonly metadata?: object; readonly status?: object } = {}): Named => ({
  apiVersion: 'resource.k8s.io/v1',
  kind: 'ResourceClaim',
  metadata: { name, namespace: 'ns', uid: `uid-${name}`, ...more.metadata },
  spec: {},
  status: { ...more.status },
})
const template: Named = {
  apiVersion: 'resource.k8s.io/v1',
  kind: 'ResourceClaimTemplate',
  metadata: { name: 'one', namespace: 'ns', uid: 't' },
  spec: { metadata: { labels: { a: 'b' } }, spec: { devices: {} } },
}
const usedBy = (...names: readonly string[]): object => ({
  allocation: { devices: {} },
  reservedFor: names.map((name) => ({ resource: 'pods', name, uid: `uid-${name}` })),
})
const ownedBy = (pod: string): object => ({
  ownerReferences: [{ apiVersion: 'v1', kind: 'Pod', name: pod, uid: `uid-${pod}`, controller: true }],
})

interface Written {
  readonly verb: string
  readonly object: Json
}

/** One reconcile over these objects: what it writes, tells and ends with. `live` are those that only the API server knows. */
const reconcile = (
  key: string,
  cached: readonly Named[],
  live: readonly Named[] = [],
): { readonly written: readonly Written[]; readonly events: readonly string[]; readonly end: unknown } => {
  const written: Written[] = []
  const events: string[] = []
  const find = (among: readonly Named[], kind: string, of: string): Named | undefined =>
    among.find(
      (one) => `${one.apiVersion}/${one.kind}` === kind && `${one.metadata.namespace}/${one.metadata.name}` === of,
    )
  const write = (verb: string) =>
    function* (object: Json): Generator<never, Answer<unknown>, unknown> {
      written.push({ verb, object })
      return { ok: true, object: verb === 'create' ? { ...object, metadata: { name: 'made-12345' } } : object }
    }
  const io = {
    read: {
      get: (kind: string, of: string) => find(cached, kind, of),
      owned: (kind: string, owner: Named) =>
        cached.filter(
          (one) =>
            `${one.apiVersion}/${one.kind}` === kind &&
            JSON.stringify(one.metadata).includes(`"uid":"${owner.metadata.uid}","controller":true`),
        ),
      indexed: () => [],
    },
    live: {
      *get(kind: string, of: string): Generator<never, unknown, unknown> {
        const found = find([...cached, ...live], kind, of)
        return found === undefined
          ? { ok: false, code: 404, reason: 'NotFound', message: 'not found' }
          : { ok: true, object: found }
      },
    },
    write: {
      create: write('create'),
      update: write('update'),
      updateStatus: write('updateStatus'),
      delete: write('delete'),
      send: write('send'),
    },
    event: (_object: KubeObject, _type: string, reason: string, message: string) =>
      void events.push(`${reason}: ${message}`),
    served: () => ({ plural: 'pods' }),
    memory: new Set<string>(),
  } as unknown as Io
  const steps = resourceClaimController().reconcile(key, io)
  let step = steps.next()
  while (step.done !== true) step = steps.next()
  return { written, events, end: step.value }
}

describe('a pod with a claim from a template', () => {
  it('gets it, by a name of both, and is told which', () => {
    const { written, end } = reconcile('pod:ns/web', [podOf('web'), template])
    expect(end).toBe('done')
    expect(written).toMatchObject([
      {
        verb: 'create',
        object: {
          metadata: {
            generateName: 'web-gpu-',
            labels: { a: 'b' },
            annotations: { 'resource.kubernetes.io/pod-claim-name': 'gpu' },
            ownerReferences: [{ kind: 'Pod', name: 'web', uid: 'uid-web', controller: true }],
          },
          spec: { devices: {} },
        },
      },
      { verb: 'send', object: { body: { status: { resourceClaimStatuses: [{ name: 'gpu', resourceClaimName: 'made-12345' }] } }, options: { fieldManager: 'ResourceClaimController', force: true } } },
    ]) // prettier-ignore
  })

  it('cuts long names in proportion', () => {
    const long = 'p'.repeat(60)
    const { written } = reconcile(`pod:ns/${long}`, [podOf(long), template])
    const { generateName } = (written[0]!.object as { metadata: { generateName: string } }).metadata
    expect(generateName.length).toBeLessThanOrEqual(57)
    expect(generateName).toMatch(/^p+-gp$/)
  })

  it('takes one that was made before its name was written', () => {
    const orphan = claimOf('web-gpu-1', {
      metadata: { ...ownedBy('web'), annotations: { 'resource.kubernetes.io/pod-claim-name': 'gpu' } },
    })
    const { written } = reconcile('pod:ns/web', [podOf('web'), template, orphan])
    expect(written).toMatchObject([
      { verb: 'send', object: { body: { status: { resourceClaimStatuses: [{ resourceClaimName: 'web-gpu-1' }] } } } },
    ])
  })

  it('is told that there is no such template, and tried again', () => {
    const { written, events, end } = reconcile('pod:ns/web', [podOf('web')])
    expect(written).toEqual([])
    expect(events).toEqual([
      'FailedResourceClaimCreation: PodResourceClaim gpu: resource claim template "one": resourceclaimtemplate.resource.k8s.io "one" not found',
    ])
    expect(end).toHaveProperty('retry')
  })

  it.each<readonly [string, readonly Named[]]>([
    ['it has it', [podOf('web', { status: { resourceClaimStatuses: [{ name: 'gpu', resourceClaimName: 'c' }] } }), template, claimOf('c', { metadata: ownedBy('web') })]],
    ['it goes', [podOf('web', { metadata: { deletionTimestamp: 'x' } }), template]],
    ['it needs none', [podOf('web', { status: { resourceClaimStatuses: [{ name: 'gpu' }] } }), template]],
  ])('writes nothing when %s', (_what, objects) => {
    expect(reconcile('pod:ns/web', objects)).toMatchObject({ written: [], end: 'done' })
  }) // prettier-ignore

  it('that somebody else has bound is reserved its claim', () => {
    const bound = podOf('web', { spec: { nodeName: 'a', resourceClaims: [{ name: 'gpu', resourceClaimName: 'c' }] } })
    const { written } = reconcile('pod:ns/web', [bound, claimOf('c', { status: usedBy('other') })])
    expect(written).toMatchObject([
      {
        verb: 'updateStatus',
        object: { status: { reservedFor: [{ name: 'other' }, { name: 'web', uid: 'uid-web' }] } },
      },
    ])
  })
})

describe('a claim', () => {
  const held = { finalizers: [finalizer] }
  const running = podOf('web', { spec: { nodeName: 'a' }, status: { phase: 'Running' } })

  it('keeps what a pod uses', () => {
    expect(reconcile('claim:ns/c', [running, claimOf('c', { metadata: held, status: usedBy('web') })])).toMatchObject({
      written: [],
    })
  })

  it('keeps what a pod uses that the cache does not know yet', () => {
    const claim = claimOf('c', { metadata: held, status: usedBy('web') })
    expect(reconcile('claim:ns/c', [claim], [running]).written).toEqual([])
  })

  it.each<readonly [string, readonly Named[]]>([
    ['is gone', []],
    ['was replaced', [podOf('web', { metadata: { uid: 'another' } })]],
    ['is over', [podOf('web', { status: { phase: 'Succeeded' } })]],
    ['went before it was bound', [podOf('web', { metadata: { deletionTimestamp: 'x' } })]],
  ])('is free, with its devices, when its last pod %s', (_what, pods) => {
    const { written } = reconcile('claim:ns/c', [...pods, claimOf('c', { metadata: held, status: usedBy('web') })])
    expect(written.map((one) => one.verb)).toEqual(['updateStatus', 'update'])
    expect(written[0]!.object).toMatchObject({ status: { reservedFor: [] } })
    expect(written[0]!.object['status']).not.toHaveProperty('allocation')
    expect(written[1]!.object).toMatchObject({ metadata: { finalizers: [] } })
  })

  it('keeps its devices while another pod uses it', () => {
    const { written } = reconcile('claim:ns/c', [
      running,
      claimOf('c', { metadata: held, status: usedBy('gone', 'web') }),
    ])
    expect(written).toMatchObject([
      { verb: 'updateStatus', object: { status: { allocation: {}, reservedFor: [{ name: 'web' }] } } },
    ])
  })

  it('that is to go and that nobody uses loses allocation and finalizer', () => {
    const claim = claimOf('c', { metadata: { ...held, deletionTimestamp: 'x' }, status: { allocation: {} } })
    expect(reconcile('claim:ns/c', [claim]).written.map((one) => one.verb)).toEqual(['updateStatus', 'update'])
  })

  it('made for a pod that is over is deleted, for one that may run it is not', () => {
    const own = claimOf('c', { metadata: ownedBy('web') })
    expect(
      reconcile('claim:ns/c', [podOf('web', { status: { phase: 'Failed' } }), own]).written.map((one) => one.verb),
    ).toEqual(['delete'])
    expect(reconcile('claim:ns/c', [running, own]).written).toEqual([])
    expect(reconcile('claim:ns/c', [own]).written).toEqual([])
  })
})

describe('events', () => {
  const keys = (object: Named, cached: readonly Named[]): readonly string[] => {
    const controller = resourceClaimController()
    const io = {
      memory: new Set<string>(),
      read: {
        get: (kind: string, of: string) =>
          cached.find(
            (one) =>
              `${one.apiVersion}/${one.kind}` === kind && `${one.metadata.namespace}/${one.metadata.name}` === of,
          ),
        indexed: (kind: string) => cached.filter((one) => kind === 'v1/Pod' && one.kind === 'Pod'),
      },
    } as unknown as WatchIo
    return controller.watches![`${object.apiVersion}/${object.kind}`]!(object as unknown as KubeObject, io)
  }
  const named = (phase: string): Named =>
    podOf('web', { status: { phase, resourceClaimStatuses: [{ name: 'gpu', resourceClaimName: 'c' }] } })

  it.each<readonly [string, Named, readonly Named[], readonly string[]]>([
    ['of a pod whose claim is to be made', podOf('web'), [podOf('web')], ['pod:ns/web']],
    ['of a pod without claims', podOf('web', { spec: { resourceClaims: [] } }), [podOf('web')], []],
    ['of a pod that has all it needs', named('Running'), [named('Running'), claimOf('c', { metadata: ownedBy('web') })], []],
    ['of a pod that is over', named('Succeeded'), [named('Succeeded'), claimOf('c', { metadata: ownedBy('web') })], ['claim:ns/c']],
    ['of a pod that is gone', named('Running'), [], ['claim:ns/c']],
    ['of a claim', claimOf('c'), [claimOf('c')], ['claim:ns/c']],
    ['of a claim that is gone', claimOf('c'), [named('Pending')], ['pod:ns/web']],
    ['of a template that pods wait for', template, [template, podOf('web')], ['pod:ns/web']],
  ])('%s', (_what, object, cached, expected) => {
    expect(keys(object, cached)).toEqual(expected)
  }) // prettier-ignore
})
