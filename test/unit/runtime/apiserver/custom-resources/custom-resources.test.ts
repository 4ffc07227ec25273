import { describe, expect, test } from 'vitest'
import { builtinScheme } from '../../../../../api/scheme/builtin-scheme.ts'
import { createApiServer } from '../../../../../runtime/apiserver/create-api-server.ts'
import { createHttpDoor } from '../../../../../runtime/apiserver/http-door.ts'
import type { HttpResponse } from '../../../../../runtime/apiserver/http-message.ts'
import { createEtcd } from '../../../../../runtime/etcd/create-etcd.ts'
import { createKernel } from '../../../../../runtime/kernel/kernel.ts'

type Ask = (method: string, path: string, body?: unknown, contentType?: string) => HttpResponse

const rig = (): { readonly ask: Ask; readonly pass: (seconds: number) => void } => {
  const kernel = createKernel({ seed: 'customs', epoch: Date.UTC(2026, 0, 1) * 1000 })
  const trace = { append: () => 0 }
  const etcd = createEtcd({ kernel, trace, name: 'etcd/0', fsync: 0 })
  const options = { alwaysAllow: true, disableAdmission: ['ServiceAccount', 'NamespaceLifecycle'] }
  const common = { kernel, trace, etcd, scheme: builtinScheme(), latency: 0, watchDelay: 0, options }
  const door = createHttpDoor(createApiServer({ ...common, name: 'apiserver/0' }), () => ({ error: 'no YAML here' }))
  const pass = (seconds: number): void => {
    const until = kernel.now + seconds * 1_000_000
    while (kernel.step(until));
  }
  return {
    pass,
    ask(method, path, body, contentType = 'application/json') {
      let answer: HttpResponse | undefined
      const [plain = '', query] = path.split('?')
      door.serve(
        {
          method,
          path: plain,
          query: Object.fromEntries(new URLSearchParams(query ?? '')),
          headers: { 'user-agent': 'test/1', 'content-type': contentType },
          body: body === undefined ? '' : JSON.stringify(body),
          credentials: { kind: 'certificate', commonName: 'admin', organizations: ['system:masters'] },
        },
        (response) => (answer = response),
      )
      while (answer === undefined && kernel.step(Number.MAX_SAFE_INTEGER));
      pass(0)
      return answer!
    },
  }
}

const definitions = '/apis/apiextensions.k8s.io/v1/customresourcedefinitions'
const definition = (plural: string, spec: object = {}, version: object = {}): unknown => ({
  apiVersion: 'apiextensions.k8s.io/v1',
  kind: 'CustomResourceDefinition',
  metadata: { name: `${plural}.example.com` },
  spec: {
    group: 'example.com',
    scope: 'Cluster',
    names: { plural, kind: 'Gadget' },
    versions: [
      {
        name: 'v1',
        served: true,
        storage: true,
        schema: {
          openAPIV3Schema: {
            type: 'object',
            properties: { spec: { type: 'object', properties: { size: { type: 'integer', default: 1 } } } },
          },
        },
        ...version,
      },
    ],
    ...spec,
  },
})
const conditions = (response: HttpResponse): readonly string[] =>
  (
    response.body as {
      readonly status: {
        readonly conditions: readonly { readonly type: string; readonly status: string; readonly reason: string }[]
      }
    }
  ).status.conditions.map((one) => `${one.type}=${one.status} ${one.reason}`)
const gadgets = '/apis/example.com/v1/gadgets'
const gadget = (name: string, more: object = {}): unknown => ({
  apiVersion: 'example.com/v1',
  kind: 'Gadget',
  metadata: { name },
  ...more,
})

describe('custom resources', () => {
  test('are served once their names are accepted, and no longer than their definition', () => {
    const { ask, pass } = rig()
    expect(ask('GET', gadgets).code).toBe(404)
    ask('POST', definitions, definition('gadgets'))
    expect(conditions(ask('GET', `${definitions}/gadgets.example.com`))).toEqual([
      'NamesAccepted=True NoConflicts',
      'Established=True InitialNamesAccepted',
    ])
    expect(ask('POST', gadgets, gadget('a', { spec: {}, extra: 1 })).warnings).toEqual(['unknown field "extra"'])
    expect(ask('GET', `${gadgets}/a`).body).toMatchObject({ spec: { size: 1 } })
    ask('POST', gadgets, gadget('held', { metadata: { name: 'held', finalizers: ['e.com/x'] } }))
    ask('DELETE', `${definitions}/gadgets.example.com`)
    expect(ask('GET', `${gadgets}/a`).code).toBe(404)
    expect(ask('POST', gadgets, gadget('late')).code).toBe(403)
    ask('PATCH', `${gadgets}/held`, { metadata: { finalizers: null } }, 'application/merge-patch+json')
    pass(10)
    expect(ask('GET', `${definitions}/gadgets.example.com`).code).toBe(404)
    expect(ask('GET', gadgets).text).toBe('404 page not found\n')
  })
  test('a name that is taken is not accepted until it is free', () => {
    const { ask, pass } = rig()
    ask('POST', definitions, definition('gadgets'))
    ask('POST', definitions, definition('widgets'))
    const other = `${definitions}/widgets.example.com`
    expect(conditions(ask('GET', other))).toEqual([
      'NamesAccepted=False ListKindConflict',
      'Established=False NotAccepted',
    ])
    ask('DELETE', `${definitions}/gadgets.example.com`)
    pass(10)
    expect(conditions(ask('GET', other))).toContain('Established=True InitialNamesAccepted')
  })
  test('a table shows the columns that the definition names', () => {
    const { ask } = rig()
    const additionalPrinterColumns = [
      { name: 'Ready', type: 'string', jsonPath: '.status.conditions[?(@.type=="Ready")].status' },
    ]
    const schema = { openAPIV3Schema: { type: 'object', 'x-kubernetes-preserve-unknown-fields': true } }
    ask('POST', definitions, definition('gadgets', {}, { additionalPrinterColumns, schema }))
    const status = {
      conditions: [
        { type: 'Other', status: 'False' },
        { type: 'Ready', status: 'True' },
      ],
    }
    ask('POST', gadgets, gadget('a', { status }))
    const catalog = ask('GET', '/apis/example.com/v1').body as {
      readonly resources: readonly { readonly name: string }[]
    }
    expect(catalog.resources.map((one) => one.name)).toEqual(['gadgets'])
  })
  test.each([
    [
      'no schema',
      { versions: [{ name: 'v1', served: true, storage: true }] },
      'spec.versions[0].schema.openAPIV3Schema',
    ],
    ['a scope of its own', { scope: 'Odd' }, 'spec.scope'],
    ['a group without a dot', { group: 'example' }, 'spec.group'],
  ])('a definition with %s is refused', (_, spec, field) => {
    const { ask } = rig()
    const refused = ask('POST', definitions, definition('gadgets', spec))
    expect(refused.code).toBe(422)
    const { details } = refused.body as { readonly details: { readonly causes: readonly { readonly field: string }[] } }
    expect(details.causes.map((one) => one.field)).toContain(field)
  })
})
