import type { SourceFile } from '../source/source-file.ts'
import type { Body, Cases, Declaration, Fence, File, Prop, Props } from '../syntax/ast.ts'
import { parseFile } from '../syntax/parse.ts'
import { blockText } from '../yaml/block-text.ts'
import { printLines, type Line } from './lines.ts'
import { clauseMark, createRewrite, wordMark, type Rewrite } from './rewrite.ts'
import { trim, trimEnd } from './trim.ts'
import { childrenOf, type AnyNode } from './walk.ts'

const settingsWidth = 80
const lineWidth = 110

interface Comment {
  readonly start: number
  readonly end: number
  readonly text: string
}
type Part = Body | Props | Fence

/**
 * The text as `kscn fmt` writes it (language reference, 3.19); undefined: it does not parse. Statements keep their own words, so
 * that nothing is lost: only white space, line breaks, kinds and units change.
 */
export const format = (text: string, path: string): string | undefined => {
  const source: SourceFile = { path, text: text.replace(/^\uFEFF/, '').replaceAll('\r\n', '\n') }
  const parsed = parseFile(source)
  const file = parsed.file
  if (file === undefined || hasBad(file)) return undefined
  return createFormatter(source, file, quietComments(file, source, parsed.comments))
}

const hasBad = (node: AnyNode): boolean =>
  node.type === 'bad' || node.type === 'stray' || childrenOf(node).some((one) => hasBad(one))

/** Comments without those that an abandoned branch of the parser saw inside of a string or a block. */
const quietComments = (
  file: File,
  { text }: SourceFile,
  spans: readonly { readonly start: number; readonly end: number }[],
): readonly Comment[] => {
  const closed: { readonly start: number; readonly end: number }[] = []
  const visit = (node: AnyNode): void => {
    const leaf = ['string', 'regex', 'fence', 'noun'].includes(node.type ?? '')
    if (leaf && node.span !== undefined) closed.push(node.span)
    else for (const child of childrenOf(node)) visit(child)
  }
  visit(file)
  return spans
    .filter(({ start }) => !closed.some((one) => one.start <= start && start < one.end))
    .map(({ start, end }) => ({ start, end, text: trimEnd(text.slice(start, end)) }))
}

const marks = new RegExp(`[${clauseMark}${wordMark}]`, 'g')
const unmarked = (text: string): string => text.replace(marks, '')

/** A line broken before marked words wherever it would become too long. */
const fill = (text: string, indent: number): readonly string[] => {
  const out: string[] = []
  for (const part of text.split(wordMark)) {
    const last = out.at(-1)
    if (last !== undefined && indent + last.length + trimEnd(part).length <= lineWidth)
      out[out.length - 1] = last + part
    else out.push(part)
  }
  return out.map(trim)
}

const createFormatter = (source: SourceFile, file: File, comments: readonly Comment[]): string => {
  const { text } = source
  const lines: Line[] = []
  const push = (indent: number, line: string): void => {
    lines.push({ indent, text: line, comment: undefined })
  }
  const within = (from: number, to: number): readonly Comment[] =>
    comments.filter(({ start }) => from <= start && start < to)
  const endOf = (node: AnyNode): number => {
    const { start, end } = node.span ?? { start: 0, end: 0 }
    const lastCell = node.type === 'cases' ? (node as Cases).rows.at(-1)?.at(-1) : undefined
    return lastCell === undefined ? start + trimEnd(text.slice(start, end)).length : lastCell.span.end + 1
  }

  /** What stands between two places: each item, and the comments around them. */
  const printItems = (
    items: readonly AnyNode[],
    place: { readonly from: number; readonly to: number; readonly indent: number },
    print: (item: AnyNode, indent: number) => void,
  ): void => {
    const between = within(place.from, place.to).filter(
      ({ start }) => !items.some((one) => (one.span?.start ?? 0) <= start && start < endOf(one)),
    )
    const entries = [
      ...items.map((item) => ({ item, comment: undefined, start: item.span?.start ?? 0, end: endOf(item) })),
      ...between.map((comment) => ({ item: undefined, comment, start: comment.start, end: comment.end })),
    ].sort((a, b) => a.start - b.start)
    let before = place.from
    let first = true
    for (const { item, comment, start, end } of entries) {
      const breaks = text.slice(before, start).split('\n').length - 1
      before = end
      const last = lines.at(-1)
      if (comment !== undefined && breaks === 0 && last !== undefined && (place.from > 0 || !first)) {
        last.comment = comment.text
        continue
      }
      if (breaks > 1 && !first) push(0, '')
      first = false
      if (comment === undefined) print(item, place.indent)
      else push(place.indent, comment.text)
    }
  }

  /** The words from one place to another. With a comment among them the lines stay as they are. */
  const words = (rewrite: Rewrite, from: number, to: number): readonly string[] => {
    const kept = (): readonly string[] =>
      text
        .slice(from, to)
        .split('\n')
        .map(trim)
        .filter((line) => line !== '')
    if (within(from, to).length > 0) return kept()
    const one = rewrite(from, to)
    return unmarked(one).length > lineWidth && text.slice(from, to).includes('[\n') ? kept() : [one]
  }

  const pushHead = (indent: number, head: readonly string[], opening: string): void => {
    const broken = head.flatMap((line) => {
      const plain = unmarked(line)
      if (indent + plain.length <= lineWidth) return [plain]
      return line.split(clauseMark).flatMap((one, index) => fill(one, indent + (index === 0 ? 0 : 2)))
    })
    const filled = broken.filter((line) => line !== '')
    for (const [index, line] of filled.entries())
      push(index === 0 ? indent : indent + 2, index === filled.length - 1 ? line + opening : line)
  }

  const printBody = (body: Body, indent: number): void => {
    const place = { from: body.span.start + 1, to: body.span.end - 1, indent: indent + 2 }
    printItems(body.items, place, printStatement)
  }

  const flatProp = (prop: Prop, rewrite: Rewrite): string => {
    const head = rewrite(prop.span.start, prop.props?.span.start ?? prop.span.end)
    return prop.props === null ? unmarked(head) : `${unmarked(head)} ${flatProps(prop.props, rewrite)}`
  }
  const flatProps = (props: Props, rewrite: Rewrite): string =>
    props.items.length === 0 ? '{}' : `{ ${props.items.map((one) => flatProp(one, rewrite)).join(', ')} }`

  const printProps = (props: Props, indent: number, rewrite: Rewrite): void => {
    const rows: Prop[][] = []
    for (const prop of props.items) {
      const row = rows.at(-1)
      const last = row?.at(-1)
      const together = last !== undefined && !text.slice(last.span.start, prop.span.start).includes('\n')
      if (row !== undefined && together) row.push(prop)
      else rows.push([prop])
    }
    const place = { from: props.span.start + 1, to: props.span.end - 1, indent: indent + 2 }
    const nodes = rows.map((row) => {
      const start = row[0]?.span.start ?? 0
      return { type: 'row', span: { file: '', start, end: row.at(-1)?.span.end ?? start }, row }
    })
    printItems(nodes, place, (node, at) => {
      const { row } = node as (typeof nodes)[number]
      const following = nodes[nodes.indexOf(node as (typeof nodes)[number]) + 1]?.row[0]?.name.name
      // A clause word at the start of a line would continue this one.
      const comma = following !== undefined && continuing.has(following) ? ',' : ''
      const flat = row.map((one) => flatProp(one, rewrite)).join(', ') + comma
      const hasComments = within(node.span?.start ?? 0, endOf(node)).length > 0
      const plain = row.every((one) => one.props === null)
      if (!hasComments && at + flat.length <= (plain ? lineWidth : settingsWidth)) push(at, flat)
      else
        for (const [index, prop] of row.entries()) printParts(prop, at, rewrite, index === row.length - 1 ? comma : '')
    })
  }

  const printFence = (fence: Fence, indent: number): void => {
    const block = blockText({ ...fence, info: 'yaml raw' }, source)
    const content = block.text.split('\n')
    if (trim(content.at(-1) ?? '') === '') content.pop()
    for (const line of content) push(trim(line) === '' ? 0 : indent + 2, trim(line) === '' ? '' : line)
  }

  const partsOf = (node: AnyNode): readonly Part[] => {
    const found: Part[] = []
    for (const child of childrenOf(node)) {
      if (child.type === 'body' || child.type === 'props' || child.type === 'fence') found.push(child as Part)
      else found.push(...partsOf(child))
    }
    return found.sort((a, b) => a.span.start - b.span.start)
  }

  /** A statement or setting: its words, and the braces and blocks between them. */
  const printParts = (node: AnyNode, indent: number, rewrite: Rewrite, tail: string): void => {
    let at = node.span?.start ?? 0
    const end = endOf(node)
    let head: readonly string[] = []
    let closing = ''
    const take = (to: number): void => {
      const [first = '', ...rest] = words(rewrite, at, to)
      head = [closing === '' ? first : first === '' ? closing : `${closing} ${first}`, ...rest]
    }
    for (const part of partsOf(node)) {
      take(part.span.start)
      at = part.span.end
      if (part.type === 'fence') {
        const behind = within(at, end).length === 0 ? rewrite(at, end) : ''
        if (behind !== '' && head.length === 1) {
          head = [beforeFence(head[0] ?? '', behind)]
          at = end
        }
        const opening = text.slice(part.open.start, part.open.end)
        pushHead(indent, head, ` ${opening}`)
        printFence(part, indent)
        closing = /^`+/.exec(opening)?.[0] ?? '```'
        continue
      }
      const quiet = within(part.span.start, part.span.end).length === 0
      if (part.type === 'props' && quiet) {
        const flat = ` ${flatProps(part, rewrite)}`
        const last = unmarked(head.at(-1) ?? '')
        if (head.length === 1 && indent + last.length + flat.length + tail.length <= settingsWidth) {
          closing = last + flat
          continue
        }
      }
      if (quiet && part.items.length === 0) {
        closing = `${unmarked(head.at(-1) ?? '')} {}`
        continue
      }
      const short = part.type === 'body' && quiet && indent > 0 ? shortBody(part, rewrite) : undefined
      const before = unmarked(head.at(-1) ?? '')
      if (short !== undefined && head.length === 1 && indent + before.length + short.length <= settingsWidth) {
        closing = before + short
        continue
      }
      pushHead(indent, head, ' {')
      if (part.type === 'body') printBody(part, indent)
      else printProps(part, indent, rewrite)
      closing = '}'
    }
    take(end)
    pushHead(indent, head, tail)
  }

  /** `{ do chaos }`: a block of one plain statement may stay on its line. */
  const shortBody = (body: Body, rewrite: Rewrite): string | undefined => {
    const only = body.items.length === 1 ? body.items[0] : undefined
    if (only === undefined || only.type === 'cases' || partsOf(only).length > 0) return undefined
    return text.slice(body.span.start, body.span.end).includes('\n')
      ? undefined
      : ` { ${unmarked(rewrite(only.span.start, endOf(only)))} }`
  }

  const printStatement = (node: AnyNode, indent: number): void => {
    if (node.type === 'cases') printCases(node as Cases, indent)
    else printParts(node, indent, createRewrite(node, text), '')
  }

  const printCases = (node: Cases, indent: number): void => {
    const behind = (at: number): string | undefined => within(at, text.indexOf('\n', at))[0]?.text
    push(indent, 'cases')
    const last = lines.at(-1)
    if (last !== undefined) last.comment = behind(node.span.start)
    const cells = node.rows.map((row) => row.map((cell) => trim(cell.text)))
    const widths = (cells[0] ?? []).map((_, column) => Math.max(...cells.map((row) => (row[column] ?? '').length)))
    for (const [index, row] of cells.entries()) {
      const padded = row.map((cell, column) => ` ${cell.padEnd(widths[column] ?? 0)} |`)
      const end = node.rows[index]?.at(-1)?.span.end ?? 0
      const comment = index === cells.length - 1 ? undefined : behind(end)
      lines.push({ indent: indent + 2, text: `|${padded.join('')}`, comment })
    }
  }

  const printDeclaration = (node: AnyNode, indent: number): void => {
    const { span, item } = node as Declaration
    if (span.start < item.span.start)
      for (const line of words(createRewrite({ ...node, item: null } as AnyNode, text), span.start, item.span.start))
        push(indent, line)
    printStatement(item, indent)
  }

  printItems(file.items, { from: 0, to: text.length, indent: 0 }, printDeclaration)
  return printLines(lines)
}

/** Clauses stand before a block; the word that the block belongs to stays next to it. */
const beforeFence = (head: string, clauses: string): string => {
  const found = /^(.*) (matches|overlay)$/s.exec(head)
  return found === null ? `${head} ${clauses}` : `${found[1] ?? ''} ${clauses} ${found[2] ?? ''}`
}

const continuing: ReadonlySet<string> = new Set([
  'within',
  'for',
  'until',
  'because',
  'saying',
  'fails',
  'may-fail',
  'matches',
  'then',
  'and',
  'or',
  'before',
])
