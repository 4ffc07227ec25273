import { nearest } from '../diagnostics/did-you-mean.ts'
import type { Reporter } from '../diagnostics/report.ts'
import { lineText, positionAt } from '../source/line-map.ts'
import type { Span } from '../source/span.ts'
import type * as ast from './ast.ts'
import { expectedText } from './expectations.ts'
import { kubectlFlags } from './kubectl-flags.ts'
import { parseSlice, type ParsedFile } from './parse.ts'
import { missingBraces } from './missing-brace.ts'
import { signAdvice } from './sign-advice.ts'
import { statementForms } from './statement-forms.ts'
import { declarationWords, statementWords } from './statement-words.ts'
import { deepestNesting } from './too-deep.ts'
import { unclosedIn, type Opening } from './unclosed.ts'

/** What people write first who come from elsewhere; a word of the language stands for it, or a sentence says what to do. */
const otherWords: Readonly<Record<string, string>> = {
  kubectl: 'kubectl\'s verbs stand alone: apply "web.yaml", scale deployment/web to 3',
  if: 'there are no conditionals: a table (`cases`) with a column for what is expected says it',
  while: 'did you mean `expect … within`, or `every … for`?',
  loop: 'did you mean `repeat 3 { … }`, or `every 10s for 1m { … }`?',
  kill: 'did you mean `delete pod/x`, or `inject crash node/x`?',
  crash: 'faults stand behind `inject`: inject crash node/workers-0',
  partition: 'faults stand behind `inject`: inject partition node/workers-0 from apiserver/*',
  run: 'a pod is made with `create` or `apply` and a ```yaml block',
  test: 'a test is a `scenario "…" { … }`',
  describe: 'an object is explained by `explain pod/web`; a test is a `scenario "…" { … }`',
  it: 'a test is a `scenario "…" { … }`',
  given: 'a cluster is said by `cluster { … }`, what stands in it by `apply`',
  when: 'steps stand alone: scale deployment/web to 3',
  then: 'a claim is written `expect …`; `then` joins two of them',
}
const replacements: Readonly<Record<string, string>> = {
  foreach: 'each', sleep: 'wait', pause: 'wait', assert: 'expect', check: 'expect', should: 'expect', verify: 'expect', ensure: 'expect', get: 'expect',
  edit: 'patch', set: 'let', var: 'let', const: 'let', def: 'steps', function: 'steps', fault: 'inject', eventually: 'expect', remove: 'delete', update: 'apply', feature: 'scenario',
} // prettier-ignore

/** Says what is wrong with the stretches that no rule reads: one mistake, one diagnostic. */
export const reportSyntax = (parsed: ParsedFile, reporter: Reporter): void => {
  const { file, source } = parsed
  if (file === undefined) {
    const place = parsed.tooDeep
    const span = place ?? { file: source.path, start: 0, end: 0 }
    reporter.report('K003', span, `this ${place === undefined ? 'file ' : ''}nests too deeply to be read`, {
      help: `${deepestNesting} levels are the most; \`steps\`, \`invariant\` and \`let\` give a part a name`,
    })
    return
  }
  const missing = file.items.every((one) => one.type === 'declaration') ? [] : missingBraces(source.text)
  for (const { start, end, atEnd } of missing) {
    const span = { file: source.path, start, end }
    reporter.report('K006', span, atEnd ? 'the `{` of this block is missing' : 'a `{` is missing in this line', {
      help: atEnd ? `expected \`{\` at its end` : 'more braces close here than open',
      fix: atEnd ? { span: { ...span, start: end }, text: ' {' } : undefined,
    })
  }
  const lost = (item: { readonly span: Span }): boolean =>
    missing.some((one) => item.span.end > one.start && item.span.start < one.until)
  // After a block that is never closed, its rest reads as bad lines: they are no mistakes of their own.
  let broken = false
  for (const item of file.items) {
    if (lost(item)) continue
    if (item.type === 'declaration') {
      // What follows an open block in its body is part of that block.
      broken = badLinesOf(item.item).some((bad) => explain(bad, 'Stmt', parsed, reporter))
      continue
    }
    if (broken) continue
    if (item.type === 'stray') reporter.report('K004', braceOf(item, source.text), 'a closing brace too many')
    else broken = explain(item, 'Decl', parsed, reporter)
  }
}

const braceOf = (stray: ast.Stray, text: string): Span => {
  const start = text.indexOf('}', stray.span.start)
  return { file: stray.span.file, start, end: start + 1 }
}

/** The bad lines of all bodies of a declaration, in the order of the text. */
const badLinesOf = (node: unknown): readonly ast.Bad[] => {
  const found: ast.Bad[] = []
  const visit = (body: ast.Body): void => {
    for (const item of body.items) {
      if (item.type === 'bad') found.push(item)
      else if ('body' in item) visit(item.body)
      else if (item.type === 'changes' && item.if !== null) visit(item.if)
      else if (item.type === 'explore' && item.plan !== null) visit(item.plan)
    }
  }
  if (typeof node === 'object' && node !== null && 'body' in node) visit(node.body as ast.Body)
  return found
}

/** Reports one bad stretch; true if it is the beginning of something that is never closed. */
const explain = (bad: ast.Bad, rule: 'Stmt' | 'Decl', parsed: ParsedFile, reporter: Reporter): boolean => {
  const { source } = parsed
  const { file } = bad.span
  const slice = source.text.slice(bad.span.start, bad.span.end)
  // Only what the grammar takes for white space: a no-break space is a mistake like any other character.
  const start = bad.span.start + (/^[ \t\r\n]*/.exec(slice)?.[0].length ?? 0)
  const text = slice.slice(start - bad.span.start).replace(/[ \t\r\n]+$/, '')
  const at = (from: number, to: number): Span => ({ file, start: from, end: to })
  if (text === '') {
    reporter.report('K001', bad.span, 'a carriage return without a line feed', {
      help: 'lines end in a line feed, or in both',
    })
    return false
  }

  const flags = kubectlFlags(text)
  if (flags !== undefined) {
    const span = at(start + flags.start, start + flags.end)
    reporter.report('K012', span, 'kubectl flags are written inside the noun', {
      help: `write: ${flags.text}`,
      fix: { span, text: flags.text },
    })
    return false
  }

  const untagged = /^(?:@[A-Za-z0-9_-]+(?:\([^)\n]*\))?\s*)*/.exec(text)?.[0].length ?? 0
  const word = /^[A-Za-z_][A-Za-z0-9_-]*/.exec(text.slice(untagged))?.[0] ?? ''
  const words = rule === 'Decl' ? declarationWords : statementWords
  const wordAt = start + untagged
  const opening = unclosedIn(text)
  const open = opening?.kind === 'fence' || opening?.kind === 'brace' ? opening : undefined
  if (!words.has(word)) {
    const what = rule === 'Decl' ? 'declaration' : 'statement'
    if (rule === 'Decl' && statementWords.has(word)) {
      reporter.report('K001', at(wordAt, wordAt + word.length), `\`${word}\` stands outside of any scenario`, {
        help: 'was a closing brace too many before it?',
      })
      return open !== undefined
    }
    if (rule === 'Stmt' && reportAssignment(text, at(wordAt, wordAt + word.length), reporter)) return false
    if (rule === 'Stmt' && reportTwoWords(text, wordAt, at, reporter)) return false
    const meant = Object.hasOwn(replacements, word) ? replacements[word] : undefined
    const best = meant !== undefined && words.has(meant) ? meant : word === '' ? undefined : nearest(word, words)
    const otherWord = Object.hasOwn(otherWords, word) ? otherWords[word] : undefined
    const listed = rule === 'Decl' ? `declarations: ${[...declarationWords].join(', ')}` : undefined
    const end =
      word === '' ? wordAt + (/^[^ \t\r\n]+/.exec(text.slice(untagged))?.[0].length ?? 0) : wordAt + word.length
    reporter.report('K001', at(wordAt, end), `unknown ${what} \`${source.text.slice(wordAt, end)}\``, {
      help: otherWord ?? (best === undefined ? listed : `did you mean \`${best}\`?`),
      fix: best === undefined || otherWord !== undefined ? undefined : { span: at(wordAt, end), text: best },
    })
    return open !== undefined && rule === 'Decl'
  }

  if (
    rule === 'Decl' &&
    bad.span.start !== start &&
    source.text.slice(bad.span.start, start).trim() === '' &&
    positionAt(source.text, start).column > 1 &&
    parseSlice('Decl', text, { file, start }).ok
  ) {
    reporter.report('K001', at(wordAt, wordAt + word.length), 'a declaration starts in the first column')
    return false
  }

  if (open?.kind === 'fence') {
    reportOpenFence(start + open.at, parsed, reporter)
    return true
  }
  if (open !== undefined) {
    // What was forgotten may be a block further in, by the look of the lines up to the next declaration.
    const next = parsed.file?.items.find((one) => one.type === 'declaration' && one.span.start > start)
    const whole = source.text.slice(start, next?.span.start)
    const inner = unclosedIn(whole)
    const brace = inner?.kind === 'brace' ? inner.at : open.at
    reportOpenBrace(start + brace, openedBy(whole, brace, word), parsed, reporter)
    return true
  }

  const result = rule === 'Stmt' ? parseSlice('Stmt', text, { file, start }) : parseSlice('Decl', text, { file, start })
  if (result.ok) {
    reporter.report('K002', at(start, start + text.length), 'this cannot stand here')
    return false
  }
  if (opening !== undefined) {
    reportUnclosed(opening, text, at(start, start + text.length), reporter)
    return false
  }
  const { failure } = result
  const failedAt = Math.min(Math.max(failure.offset, start), start + text.length)
  const flag = /(?:^|\s)(--?[A-Za-z][\w-]*(?:[= ]\S+)?)/y
  flag.lastIndex = Math.max(0, failedAt - start - 2)
  const kubectl = flag.exec(text)?.[1]
  if (kubectl !== undefined) {
    const from = start + text.indexOf(kubectl, Math.max(0, failedAt - start - 2))
    reporter.report('K012', at(from, from + kubectl.length), 'there are no flags in a sentence', {
      help: `written \`${statementForms[word] ?? word}\``,
    })
    return false
  }
  const advice = signAdvice(text, failedAt - start)
  if (advice !== undefined) {
    const span = at(start + advice.start, start + advice.end)
    const fix = advice.fix === undefined ? undefined : { span, text: advice.fix }
    reporter.report('K002', span, advice.message, { help: advice.help, fix })
    return false
  }
  const found = /^(?:[A-Za-z0-9_.-]+|\S)/.exec(source.text.slice(failedAt, start + text.length))?.[0]
  const form = `written \`${statementForms[word] ?? word}\``
  const expected = expectedText(failure.expected)
  reporter.report(
    'K002',
    found === undefined ? at(start, start + firstLine(text).length) : at(failedAt, failedAt + found.length),
    found === undefined ? `\`${word}\` breaks off here` : `\`${found}\` cannot stand here`,
    { help: expected === undefined ? form : `${expected}\n${form}` },
  )
  return false
}

/** `set image deployment/web app=web:v2`: kubectl says in two words what is one here. */
const reportTwoWords = (
  text: string,
  start: number,
  at: (from: number, to: number) => Span,
  reporter: Reporter,
): boolean => {
  const found = /^set[ \t]+image\b/.exec(text)?.[0]
  if (found === undefined) return false
  const span = at(start, start + found.length)
  reporter.report('K001', span, `unknown statement \`${found}\``, {
    help: `written \`${statementForms['set-image'] ?? 'set-image'}\``,
    fix: { span, text: 'set-image' },
  })
  return true
}

/** `replicas = 3`: a binding without its `let`. */
const reportAssignment = (text: string, span: Span, reporter: Reporter): boolean => {
  const name = /^([A-Za-z_][\w-]*)\s*:?=\s*\S/.exec(text)?.[1]
  if (name === undefined) return false
  reporter.report('K001', span, `unknown statement \`${name}\``, {
    help: `a name is bound by \`let ${name} = …\``,
    fix: /^[\w-]+\s*=/.test(text) ? { span, text: `let ${name}` } : undefined,
  })
  return true
}

const namesOfOpenings: Readonly<Record<Opening['kind'], readonly [string, string]>> = {
  string: ['string', '"'],
  bracket: ['bracket', ']'],
  parenthesis: ['parenthesis', ')'],
  regex: ['regular expression', '/'],
  brace: ['brace', '}'],
  fence: ['block', '```'],
}

/** K005: at the opening sign, since the end could be anywhere behind it. */
const reportUnclosed = (opening: Opening, text: string, whole: Span, reporter: Reporter): void => {
  const [what, sign] = namesOfOpenings[opening.kind]
  const start = whole.start + opening.at
  const lineEnd = text.indexOf('\n', opening.at)
  const line = text.slice(opening.at, lineEnd === -1 ? text.length : lineEnd)
  const onlyString = opening.kind === 'string' && !/\s(?:within|for|until|because)\s/.test(line)
  const end = start + line.trimEnd().length
  reporter.report('K005', { file: whole.file, start, end: start + 1 }, `this ${what} is never closed`, {
    help: `expected \`${sign}\` before the end of the line`,
    fix: onlyString ? { span: { file: whole.file, start: end, end }, text: sign } : undefined,
  })
}

const firstLine = (text: string): string => text.split('\n')[0] ?? text

const reportOpenFence = (at: number, { source }: ParsedFile, reporter: Reporter): void => {
  const info = /^`+[^\n#]*/.exec(source.text.slice(at))?.[0].trimEnd() ?? '```'
  const last = positionAt(source.text, source.text.length).line
  const from = positionAt(source.text, at).line
  let again: number | undefined
  for (let line = from + 1; line <= last && again === undefined; line++) {
    const text = lineText(source.text, line)
    const word = /^\s*([a-z-]+)\s+[^\s:]/.exec(text)?.[1]
    if (word !== undefined && (statementWords.has(word) || declarationWords.has(word)) && !/^\s*[a-z-]+\s*:/.test(text))
      again = line
  }
  reporter.report('K109', { file: source.path, start: at, end: at + info.length }, 'this YAML block is never closed', {
    help: `expected a line with \`\`\` before end of file (line ${last})${again === undefined ? '' : `; line ${again} looks like kscn again`}`,
  })
}

interface Opened {
  /** What begins with `word` and opens the brace. */
  readonly text: string
  readonly word: string
}

/** The statement of an opening brace: the one on its line, or else the whole stretch. */
const openedBy = (text: string, at: number, word: string): Opened => {
  const line = text.slice(text.lastIndexOf('\n', at - 1) + 1, at).trim()
  const own = /^[a-z][a-z-]*/.exec(line)?.[0]
  return own !== undefined && at > firstLine(text).length ? { text: line, word: own } : { text, word }
}

const reportOpenBrace = (at: number, opened: Opened, { source, file }: ParsedFile, reporter: Reporter): void => {
  const next = file?.items.find((one) => one.type === 'declaration' && one.span.start > at)
  const title = /"(?:\\.|[^"\\\n])*"/.exec(firstLine(opened.text))?.[0]
  const name = title ?? /^\S+\s+([A-Za-z_][\w.-]*)/.exec(opened.text)?.[1]
  const what = `the ${opened.word === 'cluster' || opened.word === 'behavior' ? 'block' : 'body'} of ${opened.word}${name === undefined ? '' : ` ${name}`}`
  let before = `end of file (line ${positionAt(source.text, source.text.length).line})`
  if (next?.type === 'declaration') {
    const { item } = next
    const label =
      item.type === 'scenario'
        ? `${item.property ? 'property' : 'scenario'} ${item.title.raw}`
        : `the next ${item.type}`
    before = `line ${positionAt(source.text, next.span.start).line}, where ${label} starts`
  }
  reporter.report('K108', { file: source.path, start: at, end: at + 1 }, `${what} is never closed`, {
    help: `expected \`}\` before ${before}`,
  })
}
