import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { wrapLine } from '../../../reporters/wrap-line.ts'

describe('wrapLine', () => {
  it('leaves a line alone that fits', () => {
    expect(wrapLine('  a  b', 6)).toEqual(['  a  b'])
  })
  it('breaks at spaces and indents what follows', () => {
    expect(wrapLine('  one two three four', 12)).toEqual(['  one two', '      three', '      four'])
  })
  it('lets a word that is too long stand', () => {
    expect(wrapLine('abcdefghij', 5)).toEqual(['abcdefghij'])
  })
  it('loses no word, and exceeds the width only with a single word', () => {
    fc.assert(
      fc.property(
        fc.array(fc.stringMatching(/^[a-z]{1,12}$/), { minLength: 1 }),
        fc.integer({ min: 8, max: 40 }),
        (words, width) => {
          const lines = wrapLine(words.join(' '), width)
          expect(
            lines
              .join(' ')
              .split(/ +/)
              .filter((word) => word !== ''),
          ).toEqual(words)
          for (const line of lines) expect(line.length <= width || line.trim().split(' ').length === 1).toBe(true)
        },
      ),
    )
  })
  it('gives colours no room', () => {
    expect(wrapLine('\u001b[31mone\u001b[39m two', 7)).toEqual(['\u001b[31mone\u001b[39m two'])
  })
})
