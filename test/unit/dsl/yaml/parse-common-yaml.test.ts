import fc from 'fast-check'
import { globSync } from 'tinyglobby'
import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { parseCommonYaml } from '../../../../dsl/yaml/parse-common-yaml.ts'
import { parseAnyYaml, parseYaml } from '../../../../dsl/yaml/parse-yaml.ts'

const manifests = globSync(['scenarios/**/*.{yaml,yml}', 'test/**/*.{yaml,yml}'], { expandDirectories: false })
  .sort()
  .slice(0, 60)
  .map((path) => ({ path, text: readFileSync(path, 'utf8') }))

const same = (text: string): void => {
  expect(parseYaml(text)).toEqual(parseAnyYaml(text))
}

describe('the quick reader builds what the full parser builds', () => {
  test.each(manifests)('$path', ({ text }) => {
    same(text)
  })

  test('it reads manifests of the usual form by itself', () => {
    const text =
      'apiVersion: v1\nkind: Pod # a pod\nmetadata: { name: "web", labels: { app: web } }\nspec:\n  containers:\n  - name: web\n' +
      '    image: nginx:1.27\n    args: [-c, \'--flag=a:b\', "#"]\n    command:\n      - sh\n      - |\n        a\n          b\n\n        c\n---\na: b\n'
    expect(parseCommonYaml(text, (value) => value)).toHaveLength(2)
    same(text)
  })

  const fragments = [
    'a: ',
    'b:',
    'c: d',
    '- ',
    '-',
    '  ',
    ' ',
    '\n',
    '\n\n',
    '\n  ',
    '\n    ',
    '# c',
    ' # c',
    '"q"',
    "'q'",
    '"',
    "'",
    '{',
    '}',
    '[',
    ']',
    ', ',
    ',',
    ': ',
    ':',
    '|',
    '|-',
    '|+',
    '>',
    '&x ',
    '*x',
    '!t ',
    '1',
    '-1',
    '0x1f',
    '017',
    '1.5',
    '1e3',
    '.inf',
    'yes',
    'null',
    '~',
    '10:20',
    '500m',
    'a b',
    'a#b',
    '---',
    '\n---\n',
    '\n...\n',
    '<<: ',
    '? ',
    '%',
    '@',
    '`',
    '\\',
    'é',
    '2020-01-01',
    '\t',
    '\r\n',
  ]
  test('any text', () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...fragments), { maxLength: 14 }), (parts) => {
        same(parts.join(''))
      }),
      { numRuns: 3000 },
    )
  })

  const base =
    'kind: Pod\nmetadata:\n  name: web\n  labels: { app: web, n: "1" }\nspec:\n  list:\n  - name: a\n    x: 1\n  - - p\n    - q\n  text: |\n    one\n    two\n  last: [a, b]\n'
  test('a manifest with an edit', () => {
    fc.assert(
      fc.property(fc.nat(base.length), fc.nat(3), fc.constantFrom('', ...fragments), (at, cut, put) => {
        same(base.slice(0, at) + put + base.slice(at + cut))
      }),
      { numRuns: 3000 },
    )
  })
})
