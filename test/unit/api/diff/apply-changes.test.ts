import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { applyChanges } from '../../../../api/diff/apply-changes.ts'
import { diffPathText } from '../../../../api/diff/diff-path.ts'
import { diffValues } from '../../../../api/diff/diff-values.ts'
import type { Json } from '../../../../api/object.ts'
import { structuralEqual } from '../../../../api/json/structural-equal.ts'
import { builtinScheme } from '../../../../api/scheme/builtin-scheme.ts'

const pod = { ref: builtinScheme().byName('pods')!.type! }
const name = fc.constantFrom('a', 'b', 'app', 'constructor', '__proto__', 'x/y')
const unique = <T>(items: fc.Arbitrary<T>, key: (item: T) => unknown): fc.Arbitrary<readonly T[]> =>
  fc.uniqueArray(items, { maxLength: 3, selector: key })
const optional = <T>(value: fc.Arbitrary<T>): fc.Arbitrary<T | undefined> => fc.option(value, { nil: undefined })
const fields = (model: Record<string, fc.Arbitrary<unknown>>): fc.Arbitrary<Json> =>
  fc.record(model, { requiredKeys: [] }).map((one) => JSON.parse(JSON.stringify(one)) as Json)
const labels = fc.dictionary(name, fc.constantFrom('1', '2'), { maxKeys: 3 })
const container = fc
  .tuple(
    fc.constantFrom('a', 'b', 'c'),
    fields({
      image: fc.constantFrom('web:v1', 'web:v2'),
      args: fc.array(fc.constantFrom('x', 'y'), { maxLength: 3 }),
      env: unique(fc.record({ name, value: fc.string({ maxLength: 2 }) }), (one) => one.name),
      resources: fields({ requests: fields({ cpu: fc.constantFrom('500m', '0.5', '1') }) }),
      stdin: fc.boolean(),
    }),
  )
  .map(([own, rest]) => ({ ...(rest as object), name: own }))
const value = fc
  .record({
    metadata: fields({ labels, annotations: labels, finalizers: fc.uniqueArray(name, { maxLength: 3 }) }),
    spec: fields({
      containers: unique(container, (one) => one.name),
      volumes: unique(
        fc
          .tuple(name, fields({ emptyDir: fields({ medium: fc.constant('Memory') }) }))
          .map(([own, rest]) => ({ ...(rest as object), name: own })),
        (one) => one.name,
      ),
      tolerations: fc.array(fields({ key: name, operator: fc.constant('Exists') }), { maxLength: 3 }),
      nodeSelector: labels,
    }),
    extra: optional(fc.jsonValue({ maxDepth: 2 })),
  })
  .map((one) => JSON.parse(JSON.stringify(one)) as Json)

/** Lists whose order says nothing, in an order of their own; what an amount means. */
const settled = (one: Json | undefined, path: string): unknown => {
  if (Array.isArray(one)) {
    const items = (one as readonly Json[]).map((item) => settled(item, path))
    if (!/\.(containers|volumes|env|finalizers)$/.test(path)) return items
    return items.sort((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1))
  }
  if (typeof one === 'object' && one !== null)
    return Object.fromEntries(
      Object.entries(one)
        .sort()
        .map(([key, inner]) => [key, settled(inner, `${path}.${key}`)]),
    )
  return path.endsWith('.cpu') && one === '0.5' ? '500m' : one
}

describe('the changes between two objects', () => {
  test('applied to the first they give the second', () => {
    fc.assert(
      fc.property(value, value, (a, b) => {
        const after = applyChanges(a, diffValues(a, b, pod))
        expect(settled(after, '')).toEqual(settled(b, ''))
        expect(diffValues(after, b, pod)).toEqual([])
      }),
      { numRuns: 300 },
    )
  })

  test('are none between equal objects, whatever the order of their keys and keyed items', () => {
    const turned = (one: Json, path = ''): Json => {
      if (Array.isArray(one)) {
        const items = (one as readonly Json[]).map((item) => turned(item, path))
        return /\.(containers|volumes|env|finalizers)$/.test(path) ? items.reverse() : items
      }
      if (typeof one !== 'object' || one === null) return path.endsWith('.cpu') && one === '500m' ? '0.5' : one
      return Object.fromEntries(
        Object.entries(one)
          .reverse()
          .map(([key, inner]) => [key, turned(inner, `${path}.${key}`)]),
      )
    }
    fc.assert(
      fc.property(value, (a) => {
        expect(diffValues(a, turned(a), pod)).toEqual([])
      }),
      { numRuns: 200 },
    )
  })

  test('are some between objects that are not the same', () => {
    fc.assert(
      fc.property(value, value, (a, b) => {
        fc.pre(!structuralEqual(settled(a, ''), settled(b, '')))
        expect(diffValues(a, b, pod).length).toBeGreaterThan(0)
      }),
      { numRuns: 200 },
    )
  })

  test('an emptied map is told apart from one that is gone', () => {
    const told = (a: Json, b: Json): readonly string[] =>
      diffValues(a, b, pod).map(({ path, after }) => `${diffPathText(path)} ${JSON.stringify(after) ?? 'absent'}`)
    expect(told({ spec: { nodeSelector: { a: '1' } } }, { spec: { nodeSelector: {} } })).toEqual([
      '{.spec.nodeSelector} {}',
    ])
    expect(told({ spec: { nodeSelector: { a: '1' } } }, { spec: {} })).toEqual(['{.spec} {}'])
    expect(told({ spec: { nodeSelector: { a: '1' }, x: 1 } }, { spec: { x: 1 } })).toEqual([
      '{.spec.nodeSelector.a} absent',
    ])
  })
})
