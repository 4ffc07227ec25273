import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createThreeWayPatch, createTwoWayPatch } from '../../../../api/patch/create-strategic-patch.ts'
import { applyStrategicMergePatch } from '../../../../api/patch/strategic-merge-patch.ts'

const type = 'io.k8s.api.core.v1.Pod'
const env = fc.uniqueArray(fc.record({ name: fc.constantFrom('A', 'B', 'C'), value: fc.constantFrom('1', '2') }), {
  selector: (one) => one.name,
})
const containers = fc.uniqueArray(
  fc.record({
    name: fc.constantFrom('a', 'b', 'c'),
    image: fc.constantFrom('i', 'j'),
    env,
    args: fc.array(fc.constantFrom('x', 'y')),
  }),
  { selector: (one) => one.name, minLength: 1 },
)
const pod = fc.record({
  metadata: fc.record({
    labels: fc.dictionary(fc.constantFrom('p', 'q'), fc.constantFrom('1', '2')),
    finalizers: fc.uniqueArray(fc.constantFrom('f', 'g', 'h'), { minLength: 1 }),
  }),
  spec: fc.record({ containers, nodeSelector: fc.dictionary(fc.constantFrom('n', 'm'), fc.constantFrom('1', '2')) }),
})

const patchOf = (result: ReturnType<typeof createTwoWayPatch>): { readonly [field: string]: unknown } => {
  if ('error' in result) throw new Error(result.error)
  return result.patch
}

/** Keyed lists that lose all of their items stay as empty lists: the same to a server. */
const bare = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.length === 0 ? undefined : value.map(bare)
  if (typeof value !== 'object' || value === null) return value
  const entries = Object.entries(value).map(([key, item]) => [key, bare(item)] as const)
  const kept = entries.filter(([, item]) => item !== undefined)
  return kept.length === 0 ? undefined : Object.fromEntries(kept)
}

describe('a two-way patch', () => {
  it('turns one object into the other', () => {
    fc.assert(
      fc.property(pod, pod, (original, modified) => {
        const patch = patchOf(createTwoWayPatch(type, original, modified))
        const result = applyStrategicMergePatch(type, original, patch)
        expect(bare('document' in result ? result.document : result)).toEqual(bare(modified))
      }),
    )
  })

  it('of the same object is empty', () => {
    fc.assert(
      fc.property(pod, (one) => {
        expect(patchOf(createTwoWayPatch(type, one, structuredClone(one)))).toEqual({})
      }),
    )
  })

  it('says which fields of a volume stay', () => {
    const volume = (source: object) => ({ spec: { volumes: [{ name: 'v', ...source }] } })
    const patch = createTwoWayPatch(type, volume({ emptyDir: {} }), volume({ secret: { secretName: 's' } }))
    expect(patchOf(patch)).toEqual({
      spec: {
        '$setElementOrder/volumes': [{ name: 'v' }],
        volumes: [{ $retainKeys: ['name', 'secret'], emptyDir: null, name: 'v', secret: { secretName: 's' } }],
      },
    })
  })
})

describe('a three-way patch', () => {
  const containersOf = (...list: object[]) => ({ spec: { containers: list } })

  it('removes what was applied before, and leaves what others set', () => {
    const last = containersOf({ name: 'a', image: 'i' }, { name: 'b', image: 'i' })
    const current = containersOf(
      { name: 'a', image: 'i', tty: true },
      { name: 'b', image: 'i' },
      { name: 'injected', image: 'x' },
    )
    const modified = containersOf({ name: 'a', image: 'j' })
    const patch = patchOf(createThreeWayPatch(type, last, modified, current))
    expect(patch).toEqual({
      spec: {
        '$setElementOrder/containers': [{ name: 'a' }],
        containers: [
          { name: 'a', image: 'j' },
          { $patch: 'delete', name: 'b' },
        ],
      },
    })
    const result = applyStrategicMergePatch(type, current, patch)
    expect('document' in result && result.document.spec.containers).toEqual([
      { name: 'a', image: 'j', tty: true },
      { name: 'injected', image: 'x' },
    ])
  })

  it('is empty where the live object has all of it', () => {
    fc.assert(
      fc.property(pod, (one) => {
        expect(patchOf(createThreeWayPatch(type, one, one, structuredClone(one)))).toEqual({})
      }),
    )
  })
})
