import { expect, test } from 'vitest'
import { findJsonPath, parseJsonPath } from '../../../../../runtime/apiserver/table/json-path.ts'

const value = {
  spec: { size: 3, list: ['x', 'y', 'z'], 'a.b/c': 'dotted' },
  status: {
    conditions: [
      { type: 'A', n: 1 },
      { type: 'Ready', n: 2 },
    ],
  },
}

test.each([
  ['.spec.size', [3]],
  ['.spec.list[0]', ['x']],
  ['.spec.list[-1]', ['z']],
  ['.spec.list[*]', ['x', 'y', 'z']],
  ['.spec.list[0:2]', ['x', 'y']],
  ['.spec.list[5]', []],
  ['.spec.a\\.b/c', ['dotted']],
  [".spec['a.b/c']", ['dotted']],
  ['.status.conditions[?(@.type=="Ready")].n', [2]],
  ['.status.conditions[?(@.n>1)].type', ['Ready']],
  ['.status.conditions[?(@.gone)].type', []],
  ['..n', [1, 2]],
  ['.nothing.below', []],
])('%s', (path, expected) => {
  expect(findJsonPath(value, parseJsonPath(path)!)).toEqual(expected)
})
test('what is no path is told', () => {
  expect(parseJsonPath('.spec[')).toBeUndefined()
  expect(parseJsonPath('.spec[?x]')).toBeUndefined()
})
