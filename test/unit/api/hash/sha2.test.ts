import { createHash } from 'node:crypto'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { sha256, sha512 } from '../../../../api/hash/sha2.ts'

describe('SHA-2', () => {
  test.each([0, 1, 55, 56, 63, 64, 65, 111, 112, 127, 128, 1000])('of %i bytes', (length) => {
    const bytes = Uint8Array.from({ length }, (_, index) => (index * 7) & 255)
    expect(sha256(bytes)).toBe(createHash('sha256').update(bytes).digest('hex'))
    expect(sha512(bytes)).toBe(createHash('sha512').update(bytes).digest('hex'))
  })
  test('of anything, as node:crypto has it', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => {
        expect(sha256(bytes)).toBe(createHash('sha256').update(bytes).digest('hex'))
        expect(sha512(bytes)).toBe(createHash('sha512').update(bytes).digest('hex'))
      }),
      { seed: 1, numRuns: 100 },
    )
  })
})
