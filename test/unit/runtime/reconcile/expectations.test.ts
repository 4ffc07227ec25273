import { describe, expect, it } from 'vitest'
import { createExpectations } from '../../../../runtime/reconcile/expectations.ts'

describe('expectations', () => {
  it('hold until all creates and deletes have been seen, or five minutes have passed', () => {
    let now = 0
    const expectations = createExpectations(() => now)
    expect(expectations.satisfied('a')).toBe(true)
    expectations.creations('a', 2)
    expectations.creationObserved('a')
    expect(expectations.satisfied('a')).toBe(false)
    expectations.creationObserved('a')
    expect(expectations.satisfied('a')).toBe(true)
    expectations.deletions('a', ['ns/x', 'ns/y'])
    expectations.deletionObserved('a', 'ns/x')
    expectations.deletionObserved('a', 'ns/x')
    expectations.deletionObserved('a', 'ns/other')
    expect(expectations.satisfied('a')).toBe(false)
    now = 300_000_000
    expect(expectations.satisfied('a')).toBe(false)
    now += 1
    expect(expectations.satisfied('a')).toBe(true)
    now = 0
    expect(expectations.satisfied('a')).toBe(false)
    expectations.forget('a')
    expect(expectations.satisfied('a')).toBe(true)
  })
})
