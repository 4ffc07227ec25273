import {
  isAlias,
  isMap,
  isScalar,
  isSeq,
  parseAllDocuments,
  type Document,
  type Node,
  type ParsedNode,
  type ScalarTag,
  type Tags,
} from 'yaml'
import type { Json } from '../../api/object.ts'
import { positionAt } from '../source/line-map.ts'
import type { YamlEntry, YamlNode, YamlProblem, YamlText } from './node.ts'
import { parseCommonYaml } from './parse-common-yaml.ts'
import { yamlAdvice } from './yaml-advice.ts'

/** `0o14` is 12 to kubectl. */
const newOctal: ScalarTag = {
  tag: 'tag:yaml.org,2002:int',
  default: true,
  test: /^[-+]?0o[0-7_]+$/,
  resolve: (text) => Number.parseInt(text.replaceAll('_', '').replace('0o', ''), 8),
}

/** kubectl reads YAML 1.1 without its dates and base-60 numbers. */
const dialect = (tags: Tags): Tags => [
  newOctal,
  ...tags.filter(
    (one) => typeof one === 'string' || !(one.tag.endsWith(':timestamp') || ('format' in one && one.format === 'TIME')),
  ),
]

const maximumNodes = 1_000_000

/** Levels of maps and lists that every walk through a document can follow. */
const deepestNesting = 200

/** Every document of a text, as kubectl reads it. */
export const parseYaml = (text: string): YamlText => {
  try {
    const documents = parseCommonYaml(text, plainScalar)
    const parsed = documents === undefined ? parseAnyYaml(text) : { documents, problems: [] }
    const deep = mayNest(text) ? parsed.documents.map((one) => tooDeep(one, deepestNesting)).find(Boolean) : undefined
    return deep === undefined ? parsed : nestsTooDeeply(deep.start)
  } catch (error) {
    // The parser follows until its stack is exhausted.
    if (error instanceof RangeError) return nestsTooDeeply(0)
    throw error
  }
}

const nestsTooDeeply = (start: number): YamlText => ({
  documents: [],
  problems: [
    {
      code: 'K106',
      start,
      end: start + 1,
      message: 'this nests too deeply to be read',
      help: `${deepestNesting} levels of maps and lists are the most`,
    },
  ],
})

/** Only many brackets, or a line that is indented far, can nest deeply. */
const mayNest = (text: string): boolean => /[[{](?:[^[{]*[[{]){99}|^ {100}|^(?:- ){50}/m.test(text)

const tooDeep = (node: YamlNode, levels: number): YamlNode | undefined => {
  if (levels === 0) return node
  if (node.kind === 'scalar') return undefined
  const children = node.kind === 'list' ? node.items : node.entries.map((one) => one.value)
  for (const child of children) {
    const found = tooDeep(child, levels - 1)
    if (found !== undefined) return found
  }
  return undefined
}

const wordsOfMeaning: ReadonlySet<string> = new Set(['y', 'yes', 'n', 'no', 'on', 'off', 'true', 'false', 'null'])
const remembered = new Map<string, Json | undefined>()

/** What an unquoted scalar stands for. The rare ones are asked of the full parser, each once. undefined: not for JSON. */
const plainScalar = (text: string): Json | undefined => {
  if (/^[A-Za-z/\uE000]/.test(text) && !wordsOfMeaning.has(text.toLowerCase())) return text
  if (/^(?:0|[1-9]\d{0,14})$/.test(text)) return Number(text)
  if (text === 'true') return true
  if (text === 'false') return false
  if (remembered.has(text)) return remembered.get(text)
  const { documents, problems } = parseAnyYaml(`- ${text}`)
  const list = documents[0]
  const only = list?.kind === 'list' && list.items.length === 1 ? list.items[0] : undefined
  const value = problems.length === 0 && only?.kind === 'scalar' ? only.value : undefined
  if (remembered.size > 10_000) remembered.clear()
  remembered.set(text, value)
  return value
}

/** The same by the full parser, which also knows what is wrong. */
export const parseAnyYaml = (text: string): YamlText => {
  const problems: YamlProblem[] = []
  const documents: YamlNode[] = []
  const parsed = parseAllDocuments(text, {
    schema: 'yaml-1.1',
    merge: true,
    customTags: dialect,
    uniqueKeys: false,
    prettyErrors: false,
    logLevel: 'silent',
  })
  for (const document of parsed as readonly Document.Parsed[]) {
    const error = document.errors[0]
    if (error !== undefined) {
      if (error.code === 'TAB_AS_INDENT')
        problems.push({
          code: 'K110',
          start: error.pos[0],
          end: error.pos[0] + 1,
          message: 'tab used for indentation',
          help: 'replace the tab by spaces',
        })
      else
        problems.push({
          code: 'K106',
          ...yamlAdvice(error.message, text, error.pos[0], Math.max(error.pos[1], error.pos[0] + 1)),
        })
      continue
    }
    if (document.contents === null || (isScalar(document.contents) && document.contents.value === null)) continue
    const before = problems.length
    const root = convert(document.contents, { document, problems, text, count: 0, open: new Set() })
    if (problems.length === before) documents.push(root)
  }
  return { documents, problems }
}

interface State {
  readonly document: Document.Parsed
  readonly problems: YamlProblem[]
  readonly text: string
  count: number
  /** Anchors that are being expanded, to find one that contains itself. */
  readonly open: Set<Node>
}

const convert = (node: ParsedNode | Node | null, state: State): YamlNode => {
  const [start = 0, end = start] = node?.range ?? []
  state.count += 1
  if (node === null || state.count > maximumNodes) return { kind: 'scalar', value: null, quoted: false, start, end }
  if (isAlias(node)) {
    const target = node.resolve(state.document)
    if (target === undefined || state.open.has(target)) {
      state.problems.push({
        code: 'K106',
        start,
        end,
        message: `there is no anchor \`${node.source}\` before this`,
        help: undefined,
      })
      return { kind: 'scalar', value: null, quoted: false, start, end }
    }
    state.open.add(target)
    const value = convert(target, state)
    state.open.delete(target)
    return { ...value, start, end }
  }
  if (isMap(node)) return convertMap(node.items, { start, end: node.flow === true ? end : undefined }, state)
  if (isSeq(node)) {
    const items = node.items.map((one) => convert(one as Node, state))
    return { kind: 'list', items, start, end: node.flow === true ? end : (items.at(-1)?.end ?? end) }
  }
  if (!isScalar(node)) return { kind: 'scalar', value: null, quoted: false, start, end }
  const quoted = node.type !== 'PLAIN'
  if (start === end && !quoted) {
    // What is left out stands right behind its colon or dash.
    let at = start
    while (at > 0 && /[ \n]/.test(state.text[at - 1] ?? '')) at -= 1
    return { kind: 'scalar', value: null, quoted, start: at, end: at }
  }
  if (node.type === 'BLOCK_LITERAL' || node.type === 'BLOCK_FOLDED') {
    const blank = /(?:\n *)+$/.exec(state.text.slice(start, end))?.[0].length ?? 0
    return { kind: 'scalar', value: String(node.value), quoted, start, end: end - blank }
  }
  return { kind: 'scalar', value: scalarValue(node.value, { start, end }, state), quoted, start, end }
}

const scalarValue = (value: unknown, at: { readonly start: number; readonly end: number }, state: State): Json => {
  if (typeof value === 'number' && !Number.isFinite(value)) {
    state.problems.push({
      code: 'K106',
      ...at,
      message: 'JSON, and so Kubernetes, has no such number',
      help: undefined,
    })
    return null
  }
  if (typeof value === 'bigint') return Number(value)
  if (value === null || typeof value === 'boolean' || typeof value === 'number' || typeof value === 'string')
    return value
  return value === undefined ? null : state.text.slice(at.start, at.end)
}

const convertMap = (
  items: readonly { readonly key: unknown; readonly value: unknown }[],
  /** A block map ends with its last value. */
  at: { readonly start: number; readonly end: number | undefined },
  state: State,
): YamlNode => {
  let lastEnd = at.start
  const entries: YamlEntry[] = []
  const merged: YamlEntry[] = []
  const seen = new Map<string, YamlEntry>()
  let previous: YamlNode | undefined
  for (const item of items) {
    const keyNode = item.key as Node | null
    const [start = at.start, end = start] = keyNode?.range ?? []
    const raw = isScalar(keyNode) ? keyNode.value : undefined
    const merge = isScalar(keyNode) && state.text.slice(start, end) === '<<'
    const value = convert(item.value as Node | null, state)
    lastEnd = value.end
    if (merge) {
      for (const from of value.kind === 'list' ? value.items : [value])
        if (from.kind === 'map') merged.push(...from.entries)
      continue
    }
    // A key that YAML 1.1 takes for something else is spelled as it stands: `on:`, `1:`.
    const key = typeof raw === 'string' ? raw : state.text.slice(start, end)
    const first = seen.get(key)
    if (first !== undefined) {
      const line = positionAt(state.text, first.start).line
      const tail =
        previous?.kind === 'scalar' && typeof previous.value === 'string' && previous.value.endsWith('---')
          ? previous
          : undefined
      state.problems.push({
        code: 'K111',
        start,
        end,
        message: `\`${key}\` stands twice in one ${at.start === 0 || tail !== undefined ? 'document' : 'map'} (first in line ${line})`,
        help:
          lostBreak(state.text, start) ?? (tail === undefined ? undefined : `was a line break before \`---\` lost?`),
      })
      continue
    }
    const entry: YamlEntry = { key, start, end, value }
    seen.set(key, entry)
    entries.push(entry)
    previous = value
  }
  for (const entry of merged)
    if (!seen.has(entry.key)) {
      seen.set(entry.key, entry)
      entries.push(entry)
    }
  return { kind: 'map', entries, start: at.start, end: at.end ?? lastEnd }
}

/** A key that comes again because the line before it swallowed a document separator. */
const lostBreak = (text: string, at: number): string | undefined => {
  const lineStart = text.lastIndexOf('\n', at - 1)
  if (lineStart <= 0) return undefined
  const previous = text.slice(text.lastIndexOf('\n', lineStart - 1) + 1, lineStart).trim()
  const found = /(\S*)---$/.exec(previous)
  return found === null || found[1] === ''
    ? undefined
    : `line ${positionAt(text, lineStart).line} ends in \`${found[0]}\`: was a line break before \`---\` lost?`
}
