import { describe, expect, it } from 'vitest'
import { parseYaml } from '../../../../integrations/http/parse-yaml.ts'

// What sigs.k8s.io/yaml 1.6 says of these texts.
const cases: readonly (readonly [text: string, says: string])[] = [
  ['apiVersion: v1\n kind: x\n', 'line 2: mapping values are not allowed in this context'],
  ['a: b: c', 'mapping values are not allowed in this context'],
  ['a: [', 'line 1: did not find expected node content'],
  ['a: [\n', 'line 1: did not find expected node content'],
  ['\n\na: [\n', 'line 3: did not find expected node content'],
  ['a: {\n', 'line 1: did not find expected node content'],
  ['a: [1\n', "line 1: did not find expected ',' or ']'"],
  ['a: {b: 1\n', "line 1: did not find expected ',' or '}'"],
  ['a:\n  b: 1\n c: 2\n', 'line 2: did not find expected key'],
  ['a: 1\n b: 2\n', 'line 2: mapping values are not allowed in this context'],
  ['a: "x\n', 'line 2: found unexpected end of stream'],
  ["a: 'x", 'found unexpected end of stream'],
  ['- a\nb: 1\n', "line 1: did not find expected '-' indicator"],
  ['a: 1\n- b\n', 'line 1: did not find expected key'],
  ['\ta: 1\n', 'found character that cannot start any token'],
  ['a:\n\tb: 1\n', 'line 2: found character that cannot start any token'],
  ['a: *x\n', "unknown anchor 'x' referenced"],
  ['b: 1\na: %x\n', 'line 2: found character that cannot start any token'],
  ['@a: 1\n', 'found character that cannot start any token'],
  ['a: b\nc\n', "line 3: could not find expected ':'"],
  ['a: 1\nc', "line 3: could not find expected ':'"],
  ['a: |\n x\n  y\nb', "line 5: could not find expected ':'"],
  ['{"a": 1,', 'line 1: did not find expected node content'],
  ['a: ]', 'did not find expected node content'],
  ['\na: ]', 'line 1: did not find expected node content'],
  ['key: [a, b}\n', "did not find expected ',' or ']'"],
  ['\n\nkey: [a, b}\n', "line 2: did not find expected ',' or ']'"],
  ['a: "\\z"\n', 'found unknown escape character'],
  ['\n\na: "\\z"\n', 'line 3: found unknown escape character'],
  ['x: 1\ny: {a: 1\n', "line 2: did not find expected ',' or '}'"],
  ["x: 1\ny: 'b\n", 'line 3: found unexpected end of stream'],
]

describe('malformed YAML is told as go-yaml tells it', () => {
  it.each(cases)('%j', (text, says) => {
    expect(parseYaml(text)).toEqual({ error: `yaml: ${says}` })
  })
})
