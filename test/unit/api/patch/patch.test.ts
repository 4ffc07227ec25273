import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import suiteTests from 'json-patch-test-suite/tests.json' with { type: 'json' }
import specTests from 'json-patch-test-suite/spec_tests.json' with { type: 'json' }
import { deepFreeze } from '../../../../api/json/deep-freeze.ts'
import { applyJsonPatch } from '../../../../api/patch/json-patch.ts'
import { applyMergePatch } from '../../../../api/patch/merge-patch.ts'
import { applyStrategicMergePatch } from '../../../../api/patch/strategic-merge-patch.ts'

interface SuiteCase {
  readonly comment?: string
  readonly doc: unknown
  readonly patch: unknown
  readonly expected?: unknown
  readonly error?: string
  readonly disabled?: boolean
}

/**
 * Where the library that Kubernetes uses is laxer than RFC 6902, or does not take the whole document as a target: recorded
 * answers of the API server agree with it.
 */
const lax = (one: SuiteCase): boolean => {
  const text = JSON.stringify(one.patch)
  if (/"path":""/.test(text) || /"from":""/.test(text)) return true
  if (typeof one.doc !== 'object' || one.doc === null) return true
  if (one.error === undefined) return false
  const list = one.patch as { op?: string; path?: string; value?: unknown }[]
  // `add` without a value adds null; `replace` makes what is missing; indexes such as 1e0 or 01 are numbers or not.
  return list.some((op) => op.op === 'replace' || !('value' in op) || /\/(0\d|-\d|1e0)/.test(op.path ?? ''))
}

describe('JSON patch', () => {
  const cases = [...(suiteTests as SuiteCase[]), ...(specTests as SuiteCase[])].filter(
    (one) => one.patch !== undefined && one.disabled !== true && !lax(one),
  )
  it.each(cases.map((one, i) => [`${i} ${one.comment ?? JSON.stringify(one.patch)}`, one] as const))('%s', (_, one) => {
    const result = applyJsonPatch(deepFreeze(one.doc), one.patch)
    if (one.error !== undefined) expect(result).toHaveProperty('error')
    else expect(result).toEqual({ document: one.expected ?? one.doc })
  })

  it('makes a missing field with replace, and counts negative indexes from the end', () => {
    expect(applyJsonPatch({}, [{ op: 'replace', path: '/a', value: 1 }])).toEqual({ document: { a: 1 } })
    expect(applyJsonPatch({ a: [1, 2] }, [{ op: 'remove', path: '/a/-1' }])).toEqual({ document: { a: [1] } })
  })

  it.each([
    [{}, 400],
    [['x'], 400],
    [[{ op: 'frob', path: '/a' }], 422],
    [[{ op: 'add', value: 1 }], 422],
    [Array.from({ length: 10_001 }, () => ({ op: 'test', path: '/a' })), 413],
  ])('refuses %j', (patch, code) => {
    expect(applyJsonPatch({ a: 1 }, patch)).toMatchObject({ code })
  })

  it('shares what it does not touch', () => {
    const document = deepFreeze({ a: { x: 1 }, b: { y: 2 } })
    const result = applyJsonPatch(document, [{ op: 'add', path: '/a/z', value: 3 }])
    expect('document' in result && result.document.b).toBe(document.b)
  })
})

describe('merge patch', () => {
  // The table of RFC 7386, objects only.
  it.each([
    [{ a: 'b' }, { a: 'c' }, { a: 'c' }],
    [{ a: 'b' }, { b: 'c' }, { a: 'b', b: 'c' }],
    [{ a: 'b' }, { a: null }, {}],
    [{ a: ['b'] }, { a: 'c' }, { a: 'c' }],
    [{ a: { b: 'c' } }, { a: { b: 'd', c: null } }, { a: { b: 'd' } }],
    [{}, { a: { bb: { ccc: null } } }, { a: { bb: {} } }],
  ])('%j with %j', (document, patch, expected) => {
    expect(applyMergePatch(deepFreeze<object>(document), patch)).toEqual(expected)
  })

  it('applied twice is applied once, and what changes nothing is the document', () => {
    // Without lists: what replaces an object by a list keeps its nulls, what replaces a list does not.
    const names = fc.constantFrom('a', 'b', 'c', 'constructor')
    const leaf = fc.oneof(fc.integer(), fc.constant(null), fc.string())
    const value = fc.dictionary(names, fc.oneof(leaf, fc.dictionary(names, leaf)))
    fc.assert(
      fc.property(value, value, (document, patch) => {
        const once = applyMergePatch(deepFreeze(document), patch)
        expect(applyMergePatch(once, patch)).toEqual(once)
        expect(applyMergePatch(document, {})).toBe(document)
      }),
    )
  })
})

describe('strategic merge patch', () => {
  const pod = 'io.k8s.api.core.v1.Pod'
  const containers = (...names: string[]) => ({ spec: { containers: names.map((name) => ({ name, image: 'i' })) } })
  const names = (result: unknown): string[] =>
    (result as { document: { spec: { containers: { name: string }[] } } }).document.spec.containers.map(
      (one) => one.name,
    )

  it('merges lists by key, keeps the order of what is there, and puts what is new before', () => {
    const document = deepFreeze(containers('a', 'b'))
    const result = applyStrategicMergePatch(pod, document, { spec: { containers: [{ name: 'b', image: 'j' }] } })
    expect(result).toEqual({
      document: {
        spec: {
          containers: [
            { name: 'a', image: 'i' },
            { name: 'b', image: 'j' },
          ],
        },
      },
    })
    expect(names(applyStrategicMergePatch(pod, document, containers('c')))).toEqual(['c', 'a', 'b'])
  })

  it('deletes, replaces and orders by directive', () => {
    const document = deepFreeze(containers('a', 'b', 'c'))
    const apply = (spec: object): string[] => names(applyStrategicMergePatch(pod, document, { spec }))
    expect(apply({ containers: [{ name: 'b', $patch: 'delete' }] })).toEqual(['a', 'c'])
    expect(apply({ containers: [{ $patch: 'replace' }, { name: 'z' }] })).toEqual(['z'])
    expect(apply({ '$setElementOrder/containers': [{ name: 'c' }, { name: 'a' }] })).toEqual(['b', 'c', 'a'])
  })

  it('deletes from lists of scalars', () => {
    const document = { metadata: { finalizers: ['a', 'b'] } }
    const patch = { metadata: { '$deleteFromPrimitiveList/finalizers': ['a'] } }
    expect(applyStrategicMergePatch(pod, document, patch)).toEqual({ document: { metadata: { finalizers: ['b'] } } })
  })

  it('retains only the listed keys', () => {
    const document = { spec: { volumes: [{ name: 'v', emptyDir: {} }] } }
    const patch = { spec: { volumes: [{ name: 'v', $retainKeys: ['name', 'secret'], secret: { secretName: 's' } }] } }
    expect(applyStrategicMergePatch(pod, document, patch)).toEqual({
      document: { spec: { volumes: [{ name: 'v', secret: { secretName: 's' } }] } },
    })
  })

  it.each([
    [{ metadata: { $patch: 'frob' } }, 500, 'unknown patch type: frob in map: map[$patch:frob]'],
    [{ spec: { containers: [{ image: 'x' }] } }, 500, 'map: map[image:x] does not contain declared merge key: name'],
    [{ metadata: { $retainKeys: ['b'], name: 'x' } }, 400, 'invalid patch format of retainKeys'],
  ])('refuses %j', (patch, code, error) => {
    const document = { metadata: { name: 'p' }, ...containers('a') }
    expect(applyStrategicMergePatch(pod, document, patch)).toEqual({ code, error })
  })
})
