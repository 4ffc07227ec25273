import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { canonicalBase64 } from '../../../../api/decode/base64.ts'
import { decode, type DecodeOptions, type DecodeResult } from '../../../../api/decode/decode.ts'
import { decodeText } from '../../../../api/decode/decode-text.ts'
import { readJsonText } from '../../../../api/decode/json-text.ts'
import { canonicalTime } from '../../../../api/decode/time-text.ts'
import { deepFreeze } from '../../../../api/json/deep-freeze.ts'
import type { Resource } from '../../../../api/protocol/resource.ts'
import { builtinScheme } from '../../../../api/scheme/builtin-scheme.ts'

const resource = (id: string): Resource => {
  const found = builtinScheme().byKind(id)
  if (found === undefined) throw new Error(id)
  return found
}
const configMap = resource('v1/ConfigMap')
const pod = resource('v1/Pod')
const deployment = resource('apps/v1/Deployment')

const message = (result: DecodeResult): string => (result.ok ? 'decoded' : result.message)
const wire = (result: DecodeResult): string => {
  if (!result.ok) throw new Error(result.message)
  return JSON.stringify(result.object)
}

describe('structural decoding', () => {
  it('writes fields in the order of the Go struct, maps sorted, zero values left out', () => {
    const raw = {
      data: { b: '2', a: '1' },
      immutable: false,
      metadata: { labels: {}, name: 'c', namespace: '' },
      kind: 'ConfigMap',
      apiVersion: 'v1',
    }
    expect(wire(decode(configMap, raw))).toBe(
      '{"kind":"ConfigMap","apiVersion":"v1","metadata":{"name":"c"},"immutable":false,"data":{"a":"1","b":"2"}}',
    )
  })

  it('writes structs without pointer and fields without omitempty even when empty', () => {
    expect(wire(decode(pod, { metadata: { name: 'p' }, spec: { containers: [{ name: 'c' }] } }))).toBe(
      '{"kind":"Pod","apiVersion":"v1","metadata":{"name":"p"},"spec":{"containers":[{"name":"c","resources":{}}]},"status":{}}',
    )
  })

  it('keeps zero values behind pointers', () => {
    const object = wire(decode(deployment, { metadata: {}, spec: { replicas: 0, minReadySeconds: 0 } }))
    expect(object).toContain('"replicas":0')
    expect(object).not.toContain('minReadySeconds')
  })

  it('canonicalises quantities and times', () => {
    const raw = { spec: { containers: [{ name: 'c', resources: { limits: { memory: '1024Ki', cpu: '0.1' } } }] } }
    expect(wire(decode(pod, raw))).toContain('"limits":{"cpu":"100m","memory":"1Mi"}')
    const times = { metadata: { creationTimestamp: '2026-01-02T03:04:05.678+02:00' } }
    expect(wire(decode(configMap, times))).toContain('"creationTimestamp":"2026-01-02T01:04:05Z"')
  })

  it('gives a canonical frozen object back as it is, and shares what did not change', () => {
    const first = decode(pod, { metadata: { name: 'p' }, spec: { containers: [{ name: 'c' }] } })
    if (!first.ok) throw new Error(first.message)
    const object = deepFreeze(first.object)
    const again = decode(pod, object)
    expect(again.ok && again.object).toBe(object)
    const changed = decode(pod, { ...object, metadata: { ...object.metadata, name: 'q' } })
    expect(changed.ok && (changed.object as unknown as { spec: unknown }).spec).toBe(
      (object as unknown as { spec: unknown }).spec,
    )
  })

  it('is idempotent', () => {
    const spec = fc.record({
      replicas: fc.option(fc.integer({ min: 0, max: 9 })),
      paused: fc.boolean(),
      minReadySeconds: fc.nat(3),
      selector: fc.option(
        fc.record({ matchLabels: fc.dictionary(fc.string(), fc.string(), { noNullPrototype: true }) }),
      ),
    })
    fc.assert(
      fc.property(spec, (value) => {
        const once = decode(deployment, { metadata: { name: 'd' }, spec: value })
        if (!once.ok) throw new Error(once.message)
        expect(wire(decode(deployment, once.object))).toBe(JSON.stringify(once.object))
      }),
    )
  })
})

describe('refusals', () => {
  const cases: readonly (readonly [Resource, unknown, string])[] = [
    [configMap, { data: { a: 1 } }, 'json: cannot unmarshal number into Go struct field ConfigMap.data of type string'],
    [
      configMap,
      { data: [] },
      'json: cannot unmarshal array into Go struct field ConfigMap.data of type map[string]string',
    ],
    [
      configMap,
      { immutable: 'yes' },
      'json: cannot unmarshal string into Go struct field ConfigMap.immutable of type bool',
    ],
    [
      deployment,
      { spec: { replicas: '3' } },
      'json: cannot unmarshal string into Go struct field DeploymentSpec.spec.replicas of type int32',
    ],
    [
      deployment,
      { spec: { replicas: 3000000000 } },
      'json: cannot unmarshal number 3000000000 into Go struct field DeploymentSpec.spec.replicas of type int32',
    ],
    [
      pod,
      { spec: { containers: {} } },
      'json: cannot unmarshal object into Go struct field PodSpec.spec.containers of type []v1.Container',
    ],
    [
      resource('v1/Service'),
      { spec: { ports: [{ targetPort: true }] } },
      'json: cannot unmarshal bool into Go struct field ServicePort.spec.ports.targetPort of type int32',
    ],
    [resource('v1/Secret'), { data: { a: 'YQ=' } }, 'illegal base64 data at input byte 3'],
    [
      configMap,
      { metadata: { creationTimestamp: 'yesterday' } },
      'parsing time "yesterday" as "2006-01-02T15:04:05Z07:00": cannot parse "yesterday" as "2006"',
    ],
  ]
  it.each(cases)('%# type errors', (kind, raw, expected) => {
    expect(message(decode(kind, raw))).toBe(
      `${kind.kind} in version "v1" cannot be handled as a ${kind.kind}: ${expected}`,
    )
  })

  it('tells of other kinds and versions', () => {
    expect(message(decode(configMap, { apiVersion: 'v1', kind: 'Secret' }))).toBe(
      'Secret in version "v1" cannot be handled as a ConfigMap: converting (v1.Secret) to (core.ConfigMap): unknown conversion',
    )
    expect(message(decode(configMap, { apiVersion: 'v1', kind: 'Nope' }))).toContain(
      'no kind "Nope" is registered for version "v1"',
    )
    expect(message(decode(deployment, { apiVersion: 'apps/v1beta1', kind: 'Deployment' }))).toBe(
      'the API version in the data (apps/v1beta1) does not match the expected API version (apps/v1)',
    )
  })
})

describe('unknown fields', () => {
  const raw = {
    metadata: { name: 'a', extra: 1 },
    spec: { template: { spec: { containers: [{ name: 'x', imag: 'y' }] } } },
  }
  const told = ['unknown field "metadata.extra"', 'unknown field "spec.template.spec.containers[0].imag"']
  const how = (fieldValidation: DecodeOptions['fieldValidation']): DecodeResult =>
    decode(deployment, raw, fieldValidation === undefined ? {} : { fieldValidation })

  it('are refused, warned about or dropped', () => {
    expect(message(how('Strict'))).toContain(`strict decoding error: ${told.join(', ')}`)
    expect(how('Warn')).toMatchObject({ ok: true, warnings: told })
    expect(how(undefined)).toMatchObject({ ok: true, warnings: told })
    expect(how('Ignore')).toMatchObject({ ok: true, warnings: [] })
    expect(wire(how('Ignore'))).not.toContain('imag"')
  })

  it('are counted once each, and at most a hundred', () => {
    const many = Object.fromEntries(Array.from({ length: 150 }, (_, i) => [`x${i}`, 1]))
    const result = decode(configMap, many)
    expect(result.ok && result.warnings.length).toBe(100)
  })
})

describe('texts', () => {
  const prefix = 'the object provided is unrecognized (must be of type ConfigMap): '
  const cases: readonly (readonly [string, string])[] = [
    ['', "couldn't get version/kind; json parse error: unexpected end of JSON input (<empty>)"],
    [
      'hello',
      "couldn't get version/kind; json parse error: invalid character 'h' looking for beginning of value (68656c6c6f)",
    ],
    [
      '{"kind":"a"}{}',
      'couldn\'t get version/kind; json parse error: invalid character \'{\' after top-level value ({"kind":"a"}{})',
    ],
    [
      '{"apiVersion":"a/b/c","kind":"ConfigMap"}',
      'unexpected GroupVersion string: a/b/c ({"apiVersion":"a/b/c","kind":" ...)',
    ],
  ]
  it.each(cases)('%j', (text, expected) => {
    expect(message(decodeText(configMap, text, 'application/json'))).toBe(prefix + expected)
  })

  it('tell repeated keys', () => {
    const result = decodeText(deployment, '{"spec":{"replicas":1,"replicas":2},"foo":1}', 'application/json')
    expect(result).toMatchObject({ ok: true, warnings: ['duplicate field "spec.replicas"', 'unknown field "foo"'] })
    const yaml = decodeText(configMap, 'data:\n  a: "1"\n  a: "2"\nfoo: 1\n', 'application/yaml', {
      fieldValidation: 'Strict',
    })
    expect(message(yaml)).toContain(
      'strict decoding error: yaml: unmarshal errors:\n  line 3: key "a" already set in map, unknown field "foo"',
    )
  })

  it('are read as JSON.parse reads them', () => {
    fc.assert(
      fc.property(fc.json(), (text) => {
        const read = readJsonText(text)
        expect(read.ok && read.value).toEqual(JSON.parse(text))
      }),
    )
  })

  it('are refused where JSON.parse refuses them', () => {
    const broken = fc
      .tuple(fc.json(), fc.nat(), fc.constantFrom('', '{', '"', ',', 'x', '\\'))
      .map(([text, at, noise]) => {
        const cut = at % (text.length + 1)
        return text.slice(0, cut) + noise + text.slice(cut + 1)
      })
    fc.assert(
      fc.property(broken, (text) => {
        let valid = true
        try {
          JSON.parse(text)
        } catch {
          valid = false
        }
        expect(readJsonText(text).ok).toBe(valid)
      }),
    )
  })
})

describe('scalars', () => {
  it('base64 agrees with Buffer on what Buffer writes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 20 }), (bytes) => {
        const text = Buffer.from(bytes).toString('base64')
        expect(canonicalBase64(text)).toEqual({ ok: true, text })
      }),
    )
    expect(canonicalBase64('!')).toEqual({ ok: false, message: 'illegal base64 data at input byte 0' })
    expect(canonicalBase64('YQ\n==')).toEqual({ ok: true, text: 'YQ==' })
  })

  it('times agree with Date', () => {
    fc.assert(
      fc.property(
        fc.date({ min: new Date('1970-01-01'), max: new Date('2099-01-01'), noInvalidDate: true }),
        (date) => {
          const text = date.toISOString()
          expect(canonicalTime(text, false)).toEqual({ ok: true, text: `${text.slice(0, 19)}Z` })
          expect(canonicalTime(`${text.slice(0, 19)}.000001Z`, true)).toEqual({
            ok: true,
            text: `${text.slice(0, 19)}.000001Z`,
          })
        },
      ),
    )
    expect(canonicalTime('2026-02-30T00:00:00Z', false)).toMatchObject({ ok: false })
    expect(canonicalTime('2026-01-02T03:04:05Z', true)).toMatchObject({ ok: false })
  })
})
