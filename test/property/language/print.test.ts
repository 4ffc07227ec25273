import fc from 'fast-check'
import { readFileSync } from 'node:fs'
import { globSync } from 'tinyglobby'
import { describe, expect, test } from 'vitest'
import { format } from '../../../dsl/format/format.ts'
import type { Fence, File } from '../../../dsl/syntax/ast.ts'
import { parseFile } from '../../../dsl/syntax/parse.ts'
import { blockText } from '../../../dsl/yaml/block-text.ts'
import { file } from '../../support/syntax/arbitrary-file.ts'
import { generatedFenceText } from '../../support/syntax/arbitrary-statement.ts'
import { canonicalShape } from '../../support/syntax/canonical-shape.ts'
import { printFile, type FenceText } from '../../support/syntax/print-file.ts'
import { treeShape } from '../../support/syntax/tree-shape.ts'

const read = (text: string): { readonly file: File; readonly fences: FenceText } => ({
  file: parseFile({ path: 'a', text }).file!,
  fences: (fence: Fence) => blockText({ ...fence, info: 'yaml raw' }, { path: 'a', text }).text.replace(/\n$/, ''),
})

const corpus = globSync(['scenarios/**/*.kscn', 'test/unit/dsl/fixtures/examples/**/*.kscn']).sort()

describe('printing a syntax tree and reading it again gives the same tree', () => {
  test.each(corpus)('%s', (path) => {
    const { file: tree, fences } = read(readFileSync(path, 'utf8'))
    const printed = read(printFile(tree, fences))
    expect(treeShape(printed.file, printed.fences)).toEqual(treeShape(tree, fences))
  })

  test('any tree', () => {
    fc.assert(
      fc.property(file, (tree) => {
        const text = printFile(tree, generatedFenceText)
        const printed = read(text)
        expect(treeShape(printed.file, printed.fences), text).toEqual(treeShape(tree, generatedFenceText))
      }),
      { numRuns: 1500 },
    )
  })
})

describe('the formatter, on any tree', () => {
  test('changes kinds, units and the place of clauses, nothing else; and is content with its own text', () => {
    fc.assert(
      fc.property(file, (tree) => {
        const text = printFile(tree, generatedFenceText)
        const out = format(text, 'a')
        if (out === undefined) throw new Error(`not formatted:\n${text}`)
        const after = read(out)
        const before = read(text)
        expect(canonicalShape(treeShape(after.file, after.fences)), text).toEqual(
          canonicalShape(treeShape(before.file, before.fences)),
        )
        expect(format(out, 'a'), text).toBe(out)
      }),
      { numRuns: 1000 },
    )
  })
})
