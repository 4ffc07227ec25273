import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { goSort } from '../../../../api/workloads/go-sort.ts'
import {
  countIndexes,
  hasIndex,
  indexesText,
  mergeIndexes,
  parseIndexes,
  withIndexes,
} from '../../../../api/workloads/job-indexes.ts'

describe('goSort', () => {
  it('sorts', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(50), { maxLength: 300 }), (numbers) => {
        const sorted = [...numbers]
        goSort(sorted, (a, b) => a < b)
        expect(sorted).toEqual([...numbers].sort((a, b) => a - b))
      }),
    )
  })

  it('sorts what is sorted, reversed or all alike, also where it is long', () => {
    const up = Array.from({ length: 2000 }, (_, i) => i)
    for (const list of [up, [...up].reverse(), up.map((i) => i % 2), up.map((i) => (i * 7919) % 2003)]) {
      const sorted = [...list]
      goSort(sorted, (a, b) => a < b)
      expect(sorted).toEqual([...list].sort((a, b) => a - b))
    }
  })

  it('is stable up to twelve items only, as Go is', () => {
    const items = Array.from({ length: 12 }, (_, i) => ({ key: i % 2, i }))
    goSort(items, (a, b) => a.key < b.key)
    expect(items.map(({ i }) => i)).toEqual([0, 2, 4, 6, 8, 10, 1, 3, 5, 7, 9, 11])
  })
})

describe('job indexes', () => {
  const indexes = fc.uniqueArray(fc.nat(60)).map((list) => list.sort((a, b) => a - b))
  const text = (list: readonly number[]): string => indexesText(withIndexes([], list))

  it('are a set', () => {
    fc.assert(
      fc.property(indexes, indexes, (a, b) => {
        const merged = mergeIndexes(parseIndexes(text(a), 100), parseIndexes(text(b), 100))
        const expected = [...new Set([...a, ...b])].sort((x, y) => x - y)
        expect(indexesText(merged)).toBe(text(expected))
        expect(countIndexes(merged)).toBe(expected.length)
        for (let i = 0; i <= 60; i += 1) expect(hasIndex(merged, i)).toBe(expected.includes(i))
      }),
    )
  })

  it.each([
    ['1-x,3', 10, '3'],
    ['0-20', 5, '0-4'],
    ['7', 5, ''],
  ])('%j of %d completions is %j', (given, completions, kept) => {
    expect(indexesText(parseIndexes(given, completions))).toBe(kept)
  })
})
