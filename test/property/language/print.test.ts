import fc from 'fast-check'
import { readFileSync } from 'node:fs'
import { globSync } from 'tinyglobby'
import { describe, expect, test } from 'vitest'
import { parseFile } from '../../../dsl/syntax/parse.ts'
import type { Fence, File } from '../../../dsl/syntax/ast.ts'
import { blockText } from '../../../dsl/yaml/block-text.ts'
import { printFile, type FenceText } from '../../support/syntax/print-file.ts'
import { treeShape } from '../../support/syntax/tree-shape.ts'

const fencesOf =
  (text: string): FenceText =>
  (fence: Fence) =>
    blockText({ ...fence, info: 'yaml raw' }, { path: 'a', text }).text.replace(/\n$/, '')

const read = (text: string): { readonly file: File; readonly fences: FenceText } => ({
  file: parseFile({ path: 'a', text }).file!,
  fences: fencesOf(text),
})

const corpus = globSync(['scenarios/**/*.kscn', 'test/unit/dsl/fixtures/examples/**/*.kscn']).sort()

describe('printing a syntax tree and reading it again', () => {
  test.each(corpus)('%s', (path) => {
    const { file, fences } = read(readFileSync(path, 'utf8'))
    const printed = read(printFile(file, fences))
    expect(treeShape(printed.file, printed.fences)).toEqual(treeShape(file, fences))
  })
})
void fc
