import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { canonicalObject } from '../../../../api/decode/decode.ts'
import type { KubeObject } from '../../../../api/object.ts'
import { decodeProtobuf } from '../../../../api/protobuf/decode-protobuf.ts'
import { builtinScheme } from '../../../../api/scheme/builtin-scheme.ts'

/** Pairs as kube-apiserver v1.36.3 and kubectl v1.36.3 wrote them. */
const configMap =
  'azhzAAoPCgJ2MRIJQ29uZmlnTWFwEsEBCqwBCglzYW1wbGUtY20SABoGc2FtcGxlIgAqJGFlYzUyZTk1LWRhZWUtNGRjNC1hZWU4LWE5MTMyMDgyZjk5MzIDMjA0OABCCAjYlYXYBhAAigFbCg5Hby1odHRwLWNsaWVudBIGVXBkYXRlGgJ2MSIICNiVhdgGEAAyCEZpZWxkc1YxOicKJXsiZjpkYXRhIjp7Ii4iOnt9LCJmOmEiOnt9LCJmOmIiOnt9fX1CABIGCgFhEgExEggKAWISA3R3bxoAIgA='
const deployment =
  'azhzAAoVCgdhcHBzL3YxEgpEZXBsb3ltZW50EsUBCiMKBXF1aWNrEgAaACIAKgAyADgAQgBaDAoDYXBwEgVxdWljaxKPAQgCEg4KDAoDYXBwEgVxdWljaxpzCh4KABIAGgAiACoAMgA4AEIAWgwKA2FwcBIFcXVpY2sSURIzCgVuZ2lueBIKbmdpbng6MS4yNyoAMgoKABAAGFAiACoAQgBqAHIAgAEAiAEAkAEAogEAGgAyAEIASgBSAFgAYABoAIIBAIoBAJoBAMIBACICCgAoADgAGgwIABAAGAAgACgAOAAaACIA'
const bytes = (base64: string): Uint8Array => Buffer.from(base64, 'base64')

const read = (base64: string): unknown => {
  const body = decodeProtobuf(bytes(base64))
  if ('error' in body) return body
  const object = body.value as KubeObject
  return canonicalObject(builtinScheme().byKind(`${object.apiVersion}/${object.kind}`)!, object)
}

/** A length-delimited field of a message. */
const field = (number: number, content: Uint8Array): Uint8Array =>
  Buffer.concat([Buffer.from([(number << 3) | 2, content.length]), content])
const enveloped = (apiVersion: string, kind: string, raw: Uint8Array): Uint8Array => {
  const meta = Buffer.concat([field(1, Buffer.from(apiVersion)), field(2, Buffer.from(kind))])
  return Buffer.concat([Buffer.from('k8s\u0000'), field(1, meta), field(2, raw)])
}

describe('a protobuf body', () => {
  it('says what its JSON says: names, times, managed fields, maps', () => {
    expect(read(configMap)).toEqual({
      kind: 'ConfigMap',
      apiVersion: 'v1',
      metadata: {
        name: 'sample-cm',
        namespace: 'sample',
        uid: 'aec52e95-daee-4dc4-aee8-a9132082f993',
        resourceVersion: '204',
        creationTimestamp: '2026-11-21T07:40:08Z',
        managedFields: [
          {
            manager: 'Go-http-client',
            operation: 'Update',
            apiVersion: 'v1',
            time: '2026-11-21T07:40:08Z',
            fieldsType: 'FieldsV1',
            fieldsV1: { 'f:data': { '.': {}, 'f:a': {}, 'f:b': {} } },
          },
        ],
      },
      data: { a: '1', b: 'two' },
    })
  })

  it('nests: a deployment as kubectl creates it', () => {
    expect(read(deployment)).toMatchObject({
      kind: 'Deployment',
      metadata: { name: 'quick', labels: { app: 'quick' } },
      spec: {
        replicas: 2,
        selector: { matchLabels: { app: 'quick' } },
        template: { spec: { containers: [{ name: 'nginx', image: 'nginx:1.27', ports: [{ containerPort: 80 }] }] } },
      },
    })
  })

  it.each([
    ['nothing', '', 'empty data'],
    ['no magic', Buffer.from('{"kind":"Pod"}').toString('base64'), 'expected prefix [107 56 115 0]'],
    ['a cut message', Buffer.from(bytes(deployment).subarray(0, 60)).toString('base64'), 'unexpected EOF'],
    ['an unknown kind', Buffer.from(enveloped('v1', 'None', new Uint8Array(0))).toString('base64'), 'no kind "None"'],
    ['no kind', Buffer.from(enveloped('v1', '', new Uint8Array(0))).toString('base64'), "'Kind' is missing"],
  ])('%s is refused in words', (_, base64, words) => {
    const body = decodeProtobuf(bytes(base64))
    expect('error' in body ? body.error : '').toContain(words)
  })

  it('a map key named __proto__ is a key like any other', () => {
    const entry = Buffer.concat([field(1, Buffer.from('__proto__')), field(2, Buffer.from('x'))])
    const body = decodeProtobuf(enveloped('v1', 'ConfigMap', field(2, entry)))
    expect('value' in body && JSON.stringify(body.value)).toContain('"data":{"__proto__":"x"}')
    expect(({} as Record<string, unknown>)['x']).toBeUndefined()
  })

  it('schemas within schemas a thousand deep are refused, not followed', () => {
    const varint = (value: number): number[] =>
      value < 0x80 ? [value] : [(value & 0x7f) | 0x80, ...varint(value >>> 7)]
    const within = (number: number, content: Uint8Array): Uint8Array =>
      Buffer.concat([Buffer.from([...varint((number << 3) | 2), ...varint(content.length)]), content])
    let schema: Uint8Array = new Uint8Array(0)
    // JSONSchemaProps.not
    for (let depth = 0; depth < 1000; depth += 1) schema = within(28, schema)
    // spec.versions[0].schema.openAPIV3Schema
    const raw = within(2, within(7, within(4, within(1, schema))))
    const meta = Buffer.concat([
      within(1, Buffer.from('apiextensions.k8s.io/v1')),
      within(2, Buffer.from('CustomResourceDefinition')),
    ])
    const body = decodeProtobuf(Buffer.concat([Buffer.from('k8s\u0000'), within(1, meta), within(2, raw)]))
    expect('error' in body ? body.error : '').toContain('nested too deeply')
  })

  it('whatever the bytes, it answers', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(configMap, deployment),
        fc.array(fc.tuple(fc.nat(), fc.nat(255)), { maxLength: 8 }),
        (base64, edits) => {
          const body = Buffer.from(base64, 'base64')
          for (const [at, value] of edits) body[4 + (at % (body.length - 4))] = value
          const decoded = decodeProtobuf(body)
          expect('error' in decoded || typeof decoded.value === 'object').toBe(true)
        },
      ),
      { seed: 7, numRuns: 500 },
    )
  })
})
