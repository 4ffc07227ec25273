import { describe, expect, it } from 'vitest'
import { startFiber } from '../../../../runtime/kernel/fiber.ts'

function* twoQuestions(): Generator<string, string, unknown> {
  const first = (yield 'first') as number
  const second = (yield 'second') as number
  return `${first}+${second}`
}

describe('fiber', () => {
  it('stands still until it is answered', () => {
    const asked: string[] = []
    const answers: ((value: unknown) => void)[] = []
    let result = ''
    const fiber = startFiber(twoQuestions(), {
      perform: (question, resume) => {
        asked.push(question)
        answers.push(resume)
      },
      finished: (value) => (result = value),
    })
    expect(asked).toEqual(['first'])
    answers[0]!(1)
    expect(asked).toEqual(['first', 'second'])
    expect(fiber.done).toBe(false)
    answers[1]!(2)
    expect(result).toBe('1+2')
    expect(fiber.done).toBe(true)
  })

  it('goes through a long run of immediate answers without growing the stack', () => {
    function* many(): Generator<number, number, unknown> {
      let sum = 0
      for (let index = 0; index < 100_000; index += 1) sum += (yield index) as number
      return sum
    }
    let result = 0
    startFiber(many(), { perform: (value, resume) => resume(value % 2), finished: (value) => (result = value) })
    expect(result).toBe(50_000)
  })

  it('ignores a second answer, and every answer after it was abandoned', () => {
    const answers: ((value: unknown) => void)[] = []
    let finished = 0
    const fiber = startFiber(twoQuestions(), {
      perform: (_, resume) => answers.push(resume),
      finished: () => (finished += 1),
    })
    answers[0]!(1)
    answers[0]!(5)
    expect(answers.length).toBe(2)
    fiber.abandon()
    answers[1]!(2)
    expect(finished).toBe(0)
  })

  it('runs no finally when it is abandoned: a crash leaves no time for that', () => {
    let cleaned = false
    function* careful(): Generator<string, void, unknown> {
      try {
        yield 'wait'
      } finally {
        cleaned = true
      }
    }
    startFiber(careful(), { perform: () => undefined }).abandon()
    expect(cleaned).toBe(false)
  })

  it('hands a throw to `failed`, or else to whoever runs it', () => {
    function* broken(): Generator<string, void, unknown> {
      yield 'once'
      throw new Error('boom')
    }
    const errors: unknown[] = []
    startFiber(broken(), { perform: (_, resume) => resume(0), failed: (error) => errors.push(error) })
    expect(errors).toEqual([new Error('boom')])
    expect(() => startFiber(broken(), { perform: (_, resume) => resume(0) })).toThrow('boom')
  })
})
