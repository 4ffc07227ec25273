import fc from 'fast-check'
import { expect, it } from 'vitest'
import {
  difference,
  eachPath,
  fieldSetOf,
  hasPath,
  intersection,
  recursiveDifference,
  union,
  type FieldSet,
} from '../../../../api/managed-fields/field-set.ts'
import { fromFieldsV1, toFieldsV1 } from '../../../../api/managed-fields/fields-v1.ts'
import { compareElements, pathText } from '../../../../api/managed-fields/path-element.ts'

const element = fc.constantFrom('f:a', 'f:b', 'k:{"name":"x"}', 'v:"y"')
const paths = fc.array(fc.array(element, { minLength: 1, maxLength: 3 }), { maxLength: 6 })

const listed = (set: FieldSet): string[] => {
  const all: string[] = []
  eachPath(set, (path) => all.push(path.join(' ')))
  return all.sort()
}
const textsOf = (list: readonly (readonly string[])[]): string[] =>
  [...new Set(list.map((path) => path.join(' ')))].sort()

it('sets behave as sets of paths', () => {
  fc.assert(
    fc.property(paths, paths, (a, b) => {
      const [left, right] = [fieldSetOf(a), fieldSetOf(b)]
      const [leftTexts, rightTexts] = [textsOf(a), textsOf(b)]
      expect(listed(left)).toEqual(leftTexts)
      expect(listed(union(left, right))).toEqual(textsOf([...a, ...b]))
      expect(listed(intersection(left, right))).toEqual(leftTexts.filter((path) => rightTexts.includes(path)))
      expect(listed(difference(left, right))).toEqual(leftTexts.filter((path) => !rightTexts.includes(path)))
      const below = (path: string): boolean => rightTexts.some((one) => path === one || path.startsWith(`${one} `))
      expect(listed(recursiveDifference(left, right))).toEqual(leftTexts.filter((path) => !below(path)))
      for (const path of a) expect(hasPath(left, path)).toBe(true)
    }),
  )
})

it('sets survive FieldsV1', () => {
  fc.assert(
    fc.property(paths, (list) => {
      const set = fieldSetOf(list)
      expect(listed(fromFieldsV1(toFieldsV1(set)))).toEqual(listed(set))
    }),
  )
})

it('elements are ordered: fields, keys, values, indexes; keys by what they hold', () => {
  const sorted = [
    'f:a',
    'f:b',
    'k:{"port":8}',
    'k:{"port":80}',
    'k:{"port":80,"protocol":"TCP"}',
    'v:2',
    'v:"1"',
    'i:2',
    'i:10',
  ]
  expect([...sorted].reverse().sort(compareElements)).toEqual(sorted)
  expect(pathText(['f:spec', 'k:{"port":80,"protocol":"TCP"}', 'v:"x"', 'i:1'])).toBe(
    '.spec[port=80,protocol="TCP"][="x"][1]',
  )
})

it('FieldsV1 of a kind that is not known is skipped', () => {
  expect(listed(fromFieldsV1({ 'f:a': {}, 'x:b': {}, '.': {} }))).toEqual(['f:a'])
})
