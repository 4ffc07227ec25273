import { describe, expect, it } from 'vitest'
import { createManifests } from '../../../../runtime/node/manifests.ts'

describe('the folder of manifests', () => {
  it('lists its files by name and tells of every change', () => {
    const manifests = createManifests()
    let told = 0
    const stop = manifests.subscribe(() => (told += 1))
    manifests.put('b', { kind: 'Pod' })
    manifests.put('a', { kind: 'Pod' })
    manifests.put('b', { kind: 'Other' })
    expect(manifests.list()).toEqual([
      ['a', { kind: 'Pod' }],
      ['b', { kind: 'Other' }],
    ])
    expect(manifests.remove('b')).toBe(true)
    expect(manifests.remove('b')).toBe(false)
    expect(told).toBe(4)
    stop()
    manifests.put('c', {})
    expect(told).toBe(4)
  })
})
