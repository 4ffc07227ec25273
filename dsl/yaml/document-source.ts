import type { SourceFile } from '../source/source-file.ts'
import { lineText, positionAt } from '../source/line-map.ts'
import type { Span } from '../source/span.ts'
import type { Fence } from '../syntax/ast.ts'
import { statementWords } from '../syntax/statement-words.ts'
import { blockText, type BlockText } from './block-text.ts'
import type { YamlNode, YamlProblem } from './node.ts'
import { parseYaml } from './parse-yaml.ts'

/** YAML from a fence or a file: parsed once, used by every row and call. */
export interface YamlSource {
  readonly documents: readonly YamlNode[]
  readonly problems: readonly PlacedProblem[]
  readonly block: BlockText | undefined
  /** Path of the manifest. */
  readonly file: string | undefined
  /** The manifest's own text, for line numbers. */
  readonly text: string
  /** Where a stretch of the text is shown: itself in a fence, the file's name in the scenario otherwise. */
  place(start: number, end: number, at: Span): Place
}

export interface Place {
  readonly span: Span
  /** `db.yaml:14:1: ` */
  readonly prefix: string
}

export interface PlacedProblem extends Omit<YamlProblem, 'code'> {
  readonly code: YamlProblem['code'] | 'K109'
  /** For the block as a whole. */
  readonly opening: Span | undefined
}

export interface DocumentSource {
  fence(fence: Fence, source: SourceFile): YamlSource
  file(file: SourceFile): YamlSource
}

export const createDocumentSource = (): DocumentSource => {
  const fences = new Map<string, YamlSource>()
  const files = new Map<SourceFile, YamlSource>()
  return {
    fence(fence, source) {
      const key = `${fence.span.file}:${fence.span.start}`
      let known = fences.get(key)
      if (known === undefined) {
        known = fromFence(fence, source)
        fences.set(key, known)
      }
      return known
    },
    file(file) {
      let known = files.get(file)
      if (known === undefined) {
        known = fromFile(file)
        files.set(file, known)
      }
      return known
    },
  }
}

const fromFence = (fence: Fence, source: SourceFile): YamlSource => {
  const block = blockText(fence, source)
  const parsed = parseYaml(block.text)
  const opened = positionAt(source.text, fence.open.start).line
  const problems = parsed.problems.map((one): PlacedProblem => {
    const runaway = runawayLine(block)
    if (runaway !== undefined)
      return {
        ...one,
        code: 'K109',
        message: 'this YAML block is never closed',
        help: `expected a line with \`\`\` before line ${positionAt(source.text, block.offsetOf(runaway)).line}, which looks like kscn again`,
        opening: fence.open,
      }
    return { ...one, message: `YAML: ${one.message} (in the block opened on line ${opened})`, opening: undefined }
  })
  return {
    documents: parsed.problems.length === 0 ? parsed.documents : [],
    problems: problems.slice(0, 1),
    block,
    file: undefined,
    text: block.text,
    place: (start, end) => ({
      span: { file: fence.span.file, start: block.offsetOf(start), end: block.offsetOf(end) },
      prefix: '',
    }),
  }
}

/** Where a line of a broken block reads as a statement: the closing ticks are missing before it. */
const runawayLine = (block: BlockText): number | undefined => {
  const pattern = /^[ \t]*([a-z-]+)[ \t]+[^\s:]/gm
  for (let found = pattern.exec(block.text); found !== null; found = pattern.exec(block.text)) {
    if (!statementWords.has(found[1] ?? '')) continue
    const line = lineText(block.text, positionAt(block.text, found.index).line)
    if (!/:( |$)/.test(line) || /```|^\s*expect /.test(line))
      return found.index + (found[0].length - found[0].trimStart().length)
  }
  return undefined
}

const fromFile = (file: SourceFile): YamlSource => {
  const parsed = parseYaml(file.text.replace(/^\uFEFF/, ''))
  return {
    documents: parsed.problems.length === 0 ? parsed.documents : [],
    problems: parsed.problems.slice(0, 1).map((one) => ({ ...one, opening: undefined })),
    block: undefined,
    file: file.path,
    text: file.text,
    place(start, _end, at) {
      const { line, column } = positionAt(file.text, start)
      const name = file.path.slice(file.path.lastIndexOf('/') + 1)
      return { span: at, prefix: `${name}:${line}:${column}: ` }
    },
  }
}
