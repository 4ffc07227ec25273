import { describe, expect, it } from 'vitest'
import {
  controllerRevisionHash,
  controllerRevisionName,
  revisionPatch,
} from '../../../../api/hash/controller-revision.ts'
import { dumpForHash } from '../../../../api/hash/dump-for-hash.ts'
import { fnv32, fnv32a } from '../../../../api/hash/fnv.ts'
import { podTemplateHash } from '../../../../api/hash/pod-template-hash.ts'
import { deepFreeze } from '../../../../api/json/deep-freeze.ts'

it.each([
  ['', 0x811c9dc5, 0x811c9dc5],
  ['a', 0xe40c292c, 0x050c5d7e],
  ['foobar', 0xbf9cf968, 0x31f0b262],
])('FNV of %j', (text, a, one) => {
  expect(fnv32a(text)).toBe(a)
  expect(fnv32(text)).toBe(one)
})

describe('podTemplateHash', () => {
  const template = { metadata: { labels: { app: 'web' } }, spec: { containers: [{ name: 'c', image: 'i' }] } }

  it('does not depend on the order of keys, nor on whether the template is frozen', () => {
    const other = { spec: { containers: [{ image: 'i', name: 'c' }] }, metadata: { labels: { app: 'web' } } }
    const frozen = deepFreeze(structuredClone(template))
    expect(podTemplateHash(other)).toBe(podTemplateHash(template))
    expect(podTemplateHash(frozen)).toBe(podTemplateHash(template))
    expect(podTemplateHash(frozen)).toBe(podTemplateHash(frozen))
  })

  it('changes with every field and with the collision count', () => {
    const changed = { ...template, spec: { containers: [{ name: 'c', image: 'j' }] } }
    const all = [
      podTemplateHash(template),
      podTemplateHash(changed),
      podTemplateHash(template, 0),
      podTemplateHash(template, 1),
    ]
    expect(new Set(all).size).toBe(4)
  })

  it('tells an empty list from none, as Go does', () => {
    const dump = (spec: object): string => dumpForHash('io.k8s.api.core.v1.PodSpec', spec)
    expect(dump({ containers: [] })).toContain('Containers:([]v1.Container)[] ')
    expect(dump({ containers: null })).toContain('Containers:([]v1.Container)<nil> ')
  })

  it('dumps a large quantity as the decimal that it is', () => {
    const dump = dumpForHash('io.k8s.api.core.v1.EmptyDirVolumeSource', { sizeLimit: '1.5Gi' })
    expect(dump).toContain('Dec:(*inf.Dec){unscaled:(big.Int){neg:(bool)false abs:(big.nat)[1610612736000000000]}')
  })
})

it('controller revisions replace the template, and cut long names', () => {
  const template = { spec: { containers: [{ name: 'c', image: '<i>' }] } }
  expect(revisionPatch(template)).toBe(
    '{"spec":{"template":{"$patch":"replace","spec":{"containers":[{"image":"\\u003ci\\u003e","name":"c"}]}}}}',
  )
  expect(controllerRevisionHash('x')).not.toBe(controllerRevisionHash('x', 0))
  expect(controllerRevisionName('a'.repeat(300), 'h')).toHaveLength(225)
})
