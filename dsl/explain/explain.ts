import type { SourceFile } from '../source/source-file.ts'
import { parseFile } from '../syntax/parse.ts'
import type { Explanation } from './explanation.ts'
import { findStatement, type Sentence } from './find-statement.ts'
import { createLetters } from './formula.ts'
import { explainSentence } from './sentence.ts'
import { createTextOf, type TextOf } from './source-text.ts'

/** Where the words of a sentence end and its block begins. */
const headOf = (node: Sentence, textOf: TextOf): string => {
  const { file, start, end } = node.span
  const to =
    'body' in node
      ? node.body.span.start
      : (node.type === 'cluster' || node.type === 'user' || node.type === 'behavior') && node.props !== null
        ? node.props.span.start
        : 'fence' in node && node.fence !== null
          ? node.fence.span.start
          : end
  return textOf({ span: { file, start, end: to } })
}

/** The sentence on a line of a file, explained; undefined: there is none, or it cannot be read. */
export const explainLine = (source: SourceFile, line: number): Explanation | undefined => {
  const { file } = parseFile(source)
  const node = file === undefined ? undefined : findStatement(file, source.text, line)
  return node === undefined ? undefined : explainNode(node, source.text)
}

export const explainNode = (node: Sentence, text: string): Explanation => {
  const textOf = createTextOf(text)
  const letters = createLetters(textOf)
  const said = explainSentence(node, letters, textOf)
  return { span: node.span, sentence: headOf(node, textOf), ...said, letters: letters.all() }
}
