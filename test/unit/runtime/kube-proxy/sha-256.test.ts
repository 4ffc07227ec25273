import { createHash } from 'node:crypto'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { sha256 } from '../../../../runtime/kube-proxy/sha-256.ts'

describe('sha256', () => {
  it('gives what the platform gives, for every length around a block', () => {
    for (let size = 0; size <= 200; size += 1) {
      const bytes = Array.from({ length: size }, (_, i) => (i * 37) & 255)
      expect(sha256(bytes)).toEqual([...createHash('sha256').update(Uint8Array.from(bytes)).digest()])
    }
  })

  it('gives what the platform gives, for any bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => {
        expect(sha256([...bytes])).toEqual([...createHash('sha256').update(bytes).digest()])
      }),
    )
  })
})
