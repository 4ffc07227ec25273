import { describe, expect, it } from 'vitest'
import { chances, probabilityText } from '../../../../runtime/kube-proxy/probability.ts'

describe('probabilityText', () => {
  it('spells 1/n with ten decimals', () => {
    const texts = [1, 2, 3, 6, 7, 1000].map(probabilityText)
    expect(texts).toEqual([
      '1.0000000000',
      '0.5000000000',
      '0.3333333333',
      '0.1666666667',
      '0.1428571429',
      '0.0010000000',
    ])
  })

  it('rounds the exact tie to even, as Go does', () => {
    expect((1 / 2048).toFixed(10)).toBe('0.0004882813')
    expect(probabilityText(2048)).toBe('0.0004882812')
    expect(probabilityText(4096)).toBe('0.0002441406')
  })
})

describe('chances', () => {
  it('gives each backend nearly the same, and all together one', () => {
    for (const n of [1, 2, 3, 10, 32, 100, 999]) {
      const list = chances(n)
      expect(list).toHaveLength(n)
      expect(list.reduce((sum, one) => sum + one, 0)).toBeCloseTo(1, 9)
      for (const one of list) expect(one).toBeCloseTo(1 / n, 8)
    }
  })

  it('gives nobody anything where there is nobody', () => {
    expect(chances(0)).toEqual([])
  })
})
