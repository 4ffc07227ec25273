import { describe, expect, it } from 'vitest'
import { createListeners } from '../../../../runtime/kernel/listeners.ts'

describe('listeners', () => {
  it('are told in their order, each until it stops, and stopping twice stops nobody else', () => {
    const { add, tell } = createListeners<[string]>()
    const heard: string[] = []
    const stop = add((text) => heard.push(`a ${text}`))
    add((text) => heard.push(`b ${text}`))
    tell('1')
    stop()
    stop()
    tell('2')
    expect(heard).toEqual(['a 1', 'b 1', 'b 2'])
  })

  it('may come and go while the others are told', () => {
    const { add, tell } = createListeners()
    const heard: string[] = []
    const stop = add(() => {
      heard.push('once')
      stop()
      add(() => heard.push('late'))
    })
    add(() => heard.push('other'))
    tell()
    expect(heard).toEqual(['once', 'other'])
  })
})
