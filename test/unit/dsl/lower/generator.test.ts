import { describe, expect, test } from 'vitest'
import type { Generator } from '../../../../dsl/plan/property.ts'
import { compileText, places } from '../support/compile-text.ts'

const property = (generator: string): string =>
  `property "p" {\n  forall x in ${generator}\n  cluster { pool w 1 { cpu 1, memory 1Gi } }\n  wait 1s\n  explain pods\n}\n`
const generator = (text: string): Generator => {
  const { plan, diagnostics } = compileText(property(text))
  const found = plan?.scenarios[0]?.property?.inputs[0]?.generator
  if (found === undefined) throw new Error(diagnostics.map((one) => `${one.code} ${one.message}`).join())
  return found
}
const int = (value: number): object => ({ type: 'int', value })
const text = (value: string): object => ({ type: 'string', value })

describe('generators', () => {
  test.each([
    ['0..6', { kind: 'range', from: int(0), to: int(6) }],
    ['3..3', { kind: 'range', from: int(3), to: int(3) }],
    ['1s..20s', { kind: 'range', from: { type: 'duration', micros: 1e6 }, to: { type: 'duration', micros: 2e7 } }],
    ['duration(1m..5m)', { kind: 'range', from: { micros: 6e7 }, to: { micros: 3e8 } }],
    ['quantity(100m..4)', { kind: 'range', from: { type: 'quantity', text: '100m' }, to: { text: '4' } }],
    ['[1, 2]', { kind: 'one-of', values: [int(1), int(2)] }],
    ['"only"', { kind: 'one-of', values: [text('only')] }],
    ['one-of("a", "b")', { kind: 'one-of', values: [text('a'), text('b')] }],
    ['one-of(["a", "b"])', { kind: 'one-of', values: [text('a'), text('b')] }],
    ['subset("a", "b")', { kind: 'subset', values: [text('a'), text('b')] }],
    ['list(0..5, max: 3)', { kind: 'list', of: { kind: 'range' }, max: 3 }],
    ['list(list(0..1, max: 2), max: 3)', { kind: 'list', of: { kind: 'list', max: 2 }, max: 3 }],
    ['plan { wait 1s }', { kind: 'plan', max: 5, over: undefined }],
    ['plan(max: 2, over: 3m) { wait 1s..4s\n delete any pods }', { kind: 'plan', max: 2, over: 180e6 }],
  ])('%s', (written, expected) => {
    expect(generator(written)).toMatchObject(expected)
  })

  test('a plan keeps its statements, ranges and all', () => {
    const { alternatives } = generator('plan { wait 1s..4s\n delete any pods }') as Extract<Generator, { kind: 'plan' }>
    expect(alternatives.operations.map((one) => one.kind)).toEqual(['wait', 'step'])
  })

  test.each([
    ['6..0', 'K117'],
    ['5s..1s', 'K117'],
    ['quantity(4..100m)', 'K117'],
    ['1..5s', 'K107'],
    ['"a".."b"', 'K002'],
    ['quantity(3)', 'K117'],
    ['duration(30s)', 'K117'],
    ['one-of()', 'K117'],
    ['subset()', 'K117'],
    ['list(0..5)', 'K117'],
    ['list(max: 3)', 'K117'],
    ['list(0..5, max: 1s)', 'K107'],
    ['oneof(1, 2)', 'K137'],
    ['[count(pods)]', 'K132'],
    ['[p in pods: p is Ready]', 'K132'],
    ['plan { }', 'K117'],
    ['plan(most: 3) { wait 1s }', 'K117'],
    ['plan(over: 3) { wait 1s }', 'K107'],
    ['plan(max: "a") { wait 1s }', 'K107'],
  ])('%s is refused', (written, code) => {
    expect(new Set(places(compileText(property(written))).map((one) => one.slice(0, 4)))).toContain(code)
    expect(compileText(property(written)).plan).toBeUndefined()
  })
})
