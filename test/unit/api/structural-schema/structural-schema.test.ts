import { describe, expect, test } from 'vitest'
import { applyStructuralDefaults, dropNulls } from '../../../../api/structural-schema/apply-defaults.ts'
import { hasFormat } from '../../../../api/structural-schema/formats.ts'
import { listTypeCauses } from '../../../../api/structural-schema/list-types.ts'
import { prune } from '../../../../api/structural-schema/prune.ts'
import { fitsStructure, structuralOf } from '../../../../api/structural-schema/structural-of.ts'
import { structuralCauses } from '../../../../api/structural-schema/validate-structural.ts'
import { defaultCauses } from '../../../../api/structural-schema/validate-defaults.ts'
import { validateValue } from '../../../../api/structural-schema/validate-value.ts'
import type { JSONSchemaProps } from '../../../../api/types/apiextensions-v1.generated.ts'

const object = (properties: Record<string, JSONSchemaProps>, more: JSONSchemaProps = {}): JSONSchemaProps => ({
  type: 'object',
  properties,
  ...more,
})
const root = (spec: JSONSchemaProps): JSONSchemaProps => object({ spec })
const told = (causes: readonly { readonly field: string; readonly message: string }[]): readonly string[] =>
  causes.map(({ field, message }) => `${field}: ${message}`)

describe('pruning', () => {
  const schema = structuralOf(
    root(
      object({
        a: { type: 'string' },
        free: { type: 'object', 'x-kubernetes-preserve-unknown-fields': true },
        map: { type: 'object', additionalProperties: object({ v: { type: 'integer' } }) },
        list: { type: 'array', items: object({ k: { type: 'string' } }) },
      }),
    ),
  )
  test('cuts what the schema does not know, and says where it was', () => {
    const given = {
      apiVersion: 'v1',
      kind: 'K',
      metadata: { labels: { x: 'y' } },
      spec: { a: '1', b: 2, free: { c: { d: 1 } }, map: { m: { v: 1, w: 2 } }, list: [{ k: 'x' }, { k: 'y', z: 1 }] },
      top: 1,
    }
    const { value, unknown } = prune(given, schema, true)
    expect(unknown).toEqual(['spec.b', 'spec.list[1].z', 'spec.map.m.w', 'top'])
    expect(value).toEqual({
      apiVersion: 'v1',
      kind: 'K',
      metadata: { labels: { x: 'y' } },
      spec: { a: '1', free: { c: { d: 1 } }, map: { m: { v: 1 } }, list: [{ k: 'x' }, { k: 'y' }] },
    })
  })
  test('what needs no pruning is the same object', () => {
    const given = Object.freeze({ spec: Object.freeze({ a: 'x' }) })
    expect(prune(given, schema, true).value).toBe(given)
  })
  test('a map of anything keeps its keys, but nothing below them', () => {
    const loose = structuralOf(root({ type: 'object', additionalProperties: true }))
    expect(prune({ spec: { a: 1, b: { c: 1 } } }, loose, true).value).toEqual({ spec: { a: 1, b: {} } })
  })
})

describe('defaults', () => {
  const schema = structuralOf(
    root(
      object({
        size: { type: 'integer', default: 3 },
        nested: object({ a: { type: 'string', default: 'x' } }, { default: {} }),
        maybe: { type: 'string', nullable: true, default: 'd' },
        none: { type: 'string' },
      }),
    ),
  )
  test('stand where nothing stands, and where a null is not taken', () => {
    expect(applyStructuralDefaults({ spec: { size: null, maybe: null } }, schema)).toEqual({
      spec: { size: 3, maybe: null, nested: { a: 'x' } },
    })
  })
  test('an absent parent is not made up', () => {
    const given = { metadata: {} }
    expect(applyStructuralDefaults(given, schema)).toBe(given)
  })
  test('an idle null goes', () => {
    expect(dropNulls({ spec: { none: null, size: null, maybe: null } }, schema)).toEqual({
      spec: { size: null, maybe: null },
    })
  })
})

describe('values', () => {
  test.each<readonly [string, JSONSchemaProps, unknown, readonly string[]]>([
    [
      'a type',
      { type: 'string' },
      5,
      ['spec: Invalid value: "integer": spec in body must be of type string: "integer"'],
    ],
    ['null', { type: 'string' }, null, ['spec: Invalid value: "null": spec in body must be of type string: "null"']],
    ['a null that is taken', { type: 'string', nullable: true }, null, []],
    ['an integer for a number', { type: 'number' }, 5, []],
    ['int or string', { 'x-kubernetes-int-or-string': true }, '80', []],
    [
      'a bound',
      { type: 'integer', maximum: 4 },
      5,
      ['spec: Invalid value: 5: spec in body should be less than or equal to 4'],
    ],
    [
      'an open bound',
      { type: 'integer', minimum: 5, exclusiveMinimum: true },
      5,
      ['spec: Invalid value: 5: spec in body should be greater than 5'],
    ],
    ['a length', { type: 'string', maxLength: 2 }, 'äöü', ['spec: Too long: may not be more than 2 bytes']],
    [
      'a pattern',
      { type: 'string', pattern: '^a+$' },
      'b',
      ['spec: Invalid value: "b": spec in body should match \'^a+$\''],
    ],
    [
      'items',
      { type: 'array', items: { type: 'integer' } },
      [1, 'x'],
      ['spec[1]: Invalid value: "string": spec[1] in body must be of type integer: "string"'],
    ],
    [
      'too few',
      { type: 'array', items: { type: 'integer' }, minItems: 1 },
      [],
      ['spec: Invalid value: 0: spec in body should have at least 1 items'],
    ],
    ['too many', { type: 'object', maxProperties: 1 }, { a: 1, b: 2 }, ['spec: Too many: 2: must have at most 1 item']],
    ['a missing property', object({}, { required: ['a'] }), {}, ['spec.a: Required value']],
    [
      'an enum',
      { type: 'string', enum: ['x', 'y'] },
      'z',
      ['spec: Unsupported value: "z": supported values: "x", "y"'],
    ],
    [
      'anyOf',
      { anyOf: [{ required: ['a'] }, { required: ['b'] }] },
      {},
      ['<nil>: Invalid value: "": "spec" must validate at least one schema (anyOf)', 'spec.a: Required value'],
    ],
    [
      'oneOf, twice',
      { oneOf: [{}, {}] },
      {},
      ['<nil>: Invalid value: "": "spec" must validate one and only one schema (oneOf). Found 2 valid alternatives'],
    ],
    ['not', { not: {} }, {}, ['<nil>: Invalid value: "": "spec" must not validate the schema (not)']],
  ])('%s', (_, schema, value, expected) => {
    expect(told(validateValue(root(schema), { spec: value }))).toEqual(expected)
  })
  test('what was wrong and has not changed is let be', () => {
    const schema = root(object({ a: { type: 'string', maxLength: 1 }, b: { type: 'integer', maximum: 1 } }))
    const before = { value: { spec: { a: 'long', b: 5 } } }
    expect(told(validateValue(schema, { spec: { a: 'long', b: 0 } }, { before }))).toEqual([])
    expect(told(validateValue(schema, { spec: { a: 'longer', b: 5 } }, { before }))).toEqual([
      'spec.a: Too long: may not be more than 1 byte',
    ])
  })
  test('sets and keyed lists hold each element once', () => {
    const schema = structuralOf(
      object({
        set: { type: 'array', items: { type: 'string' }, 'x-kubernetes-list-type': 'set' },
        map: {
          type: 'array',
          items: object({ k: { type: 'string' } }),
          'x-kubernetes-list-type': 'map',
          'x-kubernetes-list-map-keys': ['k'],
        },
      }),
    )
    expect(told(listTypeCauses(schema, { set: ['a', 'b', 'a'], map: [{ k: '1' }, { k: '1' }] }))).toEqual([
      'set[2]: Duplicate value: "a"',
      'map[1]: Duplicate value: {"k":"1"}',
    ])
  })
  test.each([
    ['date-time', '2026-01-01T00:00:00Z', true],
    ['date-time', '2026-02-30T00:00:00Z', false],
    ['ipv4', '1.2.3.4', true],
    ['ipv4', '::1', false],
    ['ipv6', '::1', true],
    ['uuid', '6e8bc430-9c3a-11d9-9669-0800200c9a66', true],
    ['k8s-short-name', 'Bad', false],
    ['nothing-known', 'x', undefined],
  ])('format %s of %s', (format, value, expected) => {
    expect(hasFormat(format, value)).toBe(expected)
  })
})

describe('definitions', () => {
  test.each<readonly [string, JSONSchemaProps, readonly string[]]>([
    ['no type', {}, ['s.type: Required value: must not be empty at the root']],
    [
      'an array without items',
      root({ type: 'array' }),
      ['s.properties[spec].items: Required value: must be specified'],
    ],
    [
      'a type below a junctor',
      object({}, { anyOf: [{ type: 'object' }] }),
      ['s.anyOf[0].type: Forbidden: must be empty to be structural'],
    ],
    [
      'a bad pattern',
      root({ type: 'string', pattern: '[' }),
      [
        's.properties[spec].pattern: Invalid value: "[": must be a valid regular expression, but isn\'t: error parsing regexp: missing closing ]: `[`',
      ],
    ],
    [
      'additional properties at the root',
      { type: 'object', additionalProperties: { type: 'string' } },
      ['s.additionalProperties: Forbidden: must not be used at the root'],
    ],
    ['sound', root(object({ a: { type: 'string' } })), []],
  ])('%s', (_, schema, expected) => {
    expect(told(structuralCauses(structuralOf(schema), 's'))).toEqual(expected)
  })
  test('a default must be a valid value', () => {
    const schema = structuralOf(root(object({ a: { type: 'integer', default: 5, maximum: 2 } })))
    expect(told(defaultCauses(schema, 's'))).toEqual([
      's.properties[spec].properties[a].default: Invalid value: 5:  in body should be less than or equal to 2',
    ])
  })
  test('references cannot be held at all', () => {
    expect(fitsStructure(root({ $ref: '#/x' }))).toBe(false)
    expect(fitsStructure(root({ type: 'string' }))).toBe(true)
  })
})
