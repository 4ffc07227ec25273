import { describe, expect, test } from 'vitest'
import { adapt, toJson } from '../../../../api/cel/adapt.ts'
import { compileExpression } from '../../../../api/cel/expression.ts'
import { dynType } from '../../../../api/cel/types.ts'
import { isFailure } from '../../../../api/cel/values.ts'

const run = (source: string, variables: Readonly<Record<string, unknown>> = {}): unknown => {
  const compiled = compileExpression(source, { variable: (name) => (name in variables ? dynType : undefined) })
  if (!compiled.ok) return { refused: compiled.message }
  const { value } = compiled.expression.evaluate((name) => (name in variables ? adapt(variables[name]) : undefined))
  return isFailure(value) ? { failed: value.message } : toJson(value)
}

describe('values', () => {
  test.each([
    ['1 + 2 * 3', 7],
    ['7 / 2', 3],
    ['-7 % 3', -1],
    ['1.5 + 2.0', 3.5],
    ['2 > 1.5', true],
    ["'a' + 'b'", 'ab'],
    ["size('héé')", 3],
    ['[1, 2] + [3]', [1, 2, 3]],
    ['2 in [1, 2]', true],
    ["'k' in {'k': 1}", true],
    ["{'a': 1}['a']", 1],
    ['type(1) == int', true],
    ['type(1) == type(2)', true],
    ['[1, 2, 3].filter(x, x > 1).map(x, x * 2)', [4, 6]],
    ['[1, 2, 3].exists_one(x, x == 2)', true],
    ["{'a': 1, 'b': 2}.transformMap(k, v, v + 1)", { a: 2, b: 3 }],
    ["['b', 'a'].isSorted()", false],
    ['[1, 2, 3].sum()', 6],
    ["['a', 'b'].join('-')", 'a-b'],
    ["'a,b'.split(',')", ['a', 'b']],
    ["'Hallo'.lowerAscii()", 'hallo'],
    ["'hello'.substring(1, 3)", 'el'],
    ["'abcabc'.lastIndexOf('b')", 4],
    ["'%s is %d%%'.format([dyn('x'), 3])", 'x is 3%'],
    ["'a1b22'.findAll('[0-9]+')", ['1', '22']],
    ["'x'.matches('(?i)^X$')", true],
    ["quantity('1Gi').isGreaterThan(quantity('1G'))", true],
    ["quantity('1500m').isInteger()", false],
    ["isQuantity('x')", false],
    ["cidr('10.0.0.0/8').containsIP('10.2.3.4')", true],
    ["ip('::1').isLoopback()", true],
    ["isIP('010.0.0.1')", false],
    ["url('https://u@h:80/p?a=1&a=2').getQuery()['a']", ['1', '2']],
    ["semver('1.2.3-rc.1').isLessThan(semver('1.2.3'))", true],
    ["semver('v1.2', true).minor()", 2],
    ["format.dns1123Label().validate('ok').hasValue()", false],
    ['sets.contains([1, 2, 3], [2, 3])', true],
    ["timestamp('2024-02-29T23:00:00Z').getDayOfYear('+02:00')", 60],
    ["duration('90m').getHours()", 1],
    ["string(duration('1h30m'))", '5400s'],
    ["int('42') + int(1.9)", 43],
    ['optional.of(1).optMap(x, x + 1).orValue(0)', 2],
    ['[1, ?optional.none()]', [1]],
  ])('%s', (source, expected) => {
    if (expected === undefined) expect(run(source)).toHaveProperty('refused')
    else expect(run(source)).toEqual(expected)
  })
})

describe('objects', () => {
  const object = { spec: { replicas: 3, ratio: 0.5, list: [{ name: 'a' }] }, metadata: { labels: { 'a.b/c': 'x' } } }
  test.each([
    ['object.spec.replicas + 1 == 4', true],
    ['object.spec.ratio < 1', true],
    ["object.metadata.labels['a.b/c']", 'x'],
    ['has(object.spec.nope)', false],
    ["object.?spec.?nope.orValue('d')", 'd'],
    ['object.spec.list.all(x, has(x.name))', true],
    ['object.spec.list.all(i, x, i == 0)', true],
  ])('%s', (source, expected) => {
    expect(run(source, { object })).toEqual(expected)
  })
})

describe('failures', () => {
  test.each([
    ['object.nope', 'no such key: nope'],
    ['1 / 0', 'division by zero'],
    ['1 % 0', 'modulus by zero'],
    ['9223372036854775807 + 1', 'integer overflow'],
    ['[1][3]', 'index out of bounds: 3'],
    ["dyn('a') + 1", 'no such overload'],
    ["int('x')", 'strconv.ParseInt: parsing "x": invalid syntax'],
    ['[].max() == 1', 'max called on empty list'],
    ['optional.none().value() == 1', 'optional.none() dereference'],
  ])('%s: %s', (source, message) => {
    expect(run(source, { object: {} })).toEqual({ failed: message })
  })

  test('a failure is absorbed where the other side decides', () => {
    expect(run('object.nope == 1 || true', { object: {} })).toBe(true)
    expect(run('false && object.nope', { object: {} })).toBe(false)
    expect(run('[1, 2].exists(x, x == 2 || object.nope)', { object: {} })).toBe(true)
  })
})

describe('what does not compile', () => {
  test.each([
    ['nope == 1', "undeclared reference to 'nope' (in container '')"],
    ["1 + 1 == 'a'", "found no matching overload for '_==_' applied to '(int, string)'"],
    ["[1, 'a']", "expected type 'int' but found 'string'"],
    ["'a'.nope()", "undeclared reference to 'nope' (in container '')"],
    ['1.all(x, x)', "expression of type 'int' cannot be range of a comprehension"],
    ['has(1)', 'invalid argument to has() macro'],
    ['[1].map(a.b, 1)', 'argument must be a simple name'],
    ["'a'.matches('(')", 'invalid matches argument'],
    ["duration('x')", 'invalid duration argument'],
    ['1 +', "mismatched input '<EOF>' expecting"],
    ['a b', "extraneous input 'b' expecting <EOF>"],
    ["'abc", "token recognition error at: ''abc'"],
    ['1 ? 2 : 3', "found no matching overload for '_?_:_' applied to '(int, int, int)'"],
    ['!1', "found no matching overload for '!_' applied to '(int)'"],
  ])('%s: %s', (source, message) => {
    expect(run(source)).toEqual({ refused: expect.stringContaining(message) as unknown })
  })

  test('the place is shown under the line', () => {
    expect(run('object.spec.replicas <=')).toEqual({
      refused:
        "compilation failed: ERROR: <input>:1:24: Syntax error: mismatched input '<EOF>' expecting {'[', '{', '(', '.', '-', '!', 'true', 'false', 'null', NUM_FLOAT, NUM_INT, NUM_UINT, STRING, BYTES, IDENTIFIER}\n | object.spec.replicas <=\n | .......................^",
    })
  })

  test('nesting that would exhaust the stack is refused', () => {
    expect(run('('.repeat(5000) + '1' + ')'.repeat(5000))).toEqual({
      refused: expect.stringContaining('recursion limit') as unknown,
    })
  })
})

test('an evaluation that costs too much is cancelled', () => {
  const source = 'object.list.all(x, object.list.all(y, object.list.all(z, true)))'
  const list = Array.from({ length: 200 }, (_, index) => index)
  expect(run(source, { object: { list } })).toEqual({ failed: 'operation cancelled: actual cost limit exceeded' })
})
