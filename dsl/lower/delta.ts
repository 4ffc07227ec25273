import type { Json } from '../../api/object.ts'
import type { DeltaLine, DeltaPlace, DeltaValue } from '../plan/operation.ts'
import type { Span } from '../source/span.ts'
import type * as ast from '../syntax/ast.ts'
import { parseSlice } from '../syntax/parse.ts'
import type { Env } from './env.ts'
import { objectOf } from '../names/value-info.ts'
import { resourceOf } from './fact.ts'
import { lowerNoun } from './noun.ts'
import { followPath, lowerPath } from './path.ts'
import { interpolate, plainText } from './text.ts'

const advice = '+ pod/web-* x2   - pod/old   ~ deployment/web {.spec.replicas}: 3 -> 5   ~ ...'

/** The lines of a ```delta block (language reference 3.13). */
export const lowerDelta = (fence: ast.Fence, env: Env): readonly DeltaLine[] => {
  if (fence.info !== 'delta')
    env.reporter.report(
      'K124',
      fence.open,
      fence.info === '' ? 'a block needs an info word' : `a change set is no \`${fence.info}\` block`,
      { help: 'write ```delta' },
    )
  const lines: DeltaLine[] = []
  let start = fence.content.start
  for (const line of env.module.source.text.slice(fence.content.start, fence.content.end).split('\n')) {
    const written = line.replace(/\r$/, '')
    const text = written.replace(/(^|\s)#\s.*$/, '').trim()
    const at = start + (written.length - written.trimStart().length)
    start += line.length + 1
    if (text === '' || text.startsWith('#')) continue
    const lowered = lowerLine(text, { file: fence.span.file, start: at, end: at + text.length }, env)
    if (lowered !== undefined) lines.push(lowered)
  }
  return lines
}

const lowerLine = (text: string, span: Span, env: Env): DeltaLine | undefined => {
  if (/^~\s*\.\.\.$/.test(text)) return { kind: 'more', text, span }
  const listed = /^([+-])(\s+)(\S.*?)(?:\s+x([0-9]+))?$/.exec(text)
  if (listed !== null) {
    const [, sign, space = '', noun = '', count] = listed
    const found = deltaNoun(noun, span.start + 1 + space.length, env)
    return found === undefined
      ? undefined
      : {
          kind: sign === '+' ? 'added' : 'removed',
          noun: found,
          count: count === undefined ? 1 : Number(count),
          text,
          span,
        }
  }
  const changed = /^~(\s+)(.*?)(\s*)(\{.*?\})\s*:\s*(.*?)\s+->\s+(.*)$/.exec(text)
  if (changed === null) {
    env.reporter.report('K117', span, `\`${text}\` is no line of a change set`, { help: advice })
    return undefined
  }
  const [, space = '', noun = '', gap = '', braces = '', from = '', to = ''] = changed
  const nounAt = span.start + 1 + space.length
  const found = deltaNoun(noun, nounAt, env)
  if (found === undefined) return undefined
  const place = deltaPlace(braces, nounAt + noun.length + gap.length, resourceOf(found, env), env)
  const valueAt = { file: span.file, start: span.start + text.lastIndexOf(from, text.length - to.length - 1) }
  return place === undefined
    ? undefined
    : {
        kind: 'changed',
        noun: found,
        place,
        from: deltaValue(from, valueAt, env),
        to: deltaValue(to, { file: span.file, start: span.end - to.length }, env),
        text,
        span,
      }
}

const deltaNoun = (text: string, start: number, env: Env): ReturnType<typeof lowerNoun> => {
  const at = { file: env.module.source.path, start }
  const parsed = parseSlice('Temporal', text, at)
  if (parsed.ok && parsed.node.type === 'noun') return lowerNoun(parsed.node, env)
  env.reporter.report('K117', { ...at, end: start + text.length }, `\`${text}\` is no noun`, { help: advice })
  return undefined
}

const deltaPlace = (text: string, start: number, resource: string | undefined, env: Env): DeltaPlace | undefined => {
  if (text === '{nodes}' || text === '{pods}') return { kind: 'reach', what: text === '{nodes}' ? 'nodes' : 'pods' }
  const at = { file: env.module.source.path, start: start - 1 }
  // A path stands behind something: one letter before it, whose place is that of the gap.
  const parsed = parseSlice('Temporal', `x${text}`, at)
  if (!parsed.ok || parsed.node.type !== 'path') {
    env.reporter.report('K117', { file: at.file, start, end: start + text.length }, `\`${text}\` is no path`, {
      help: 'a path stands in braces: {.spec.replicas}; what selectors reach: {nodes}, {pods}',
    })
    return undefined
  }
  if (resource !== undefined) followPath(objectOf(resource), parsed.node.path, env)
  return { kind: 'path', path: lowerPath(parsed.node.path) }
}

const deltaValue = (text: string, at: { readonly file: string; readonly start: number }, env: Env): DeltaValue => {
  const parts = interpolate(text, at, env)
  const plain = plainText(parts)
  if (plain === undefined) return { kind: 'text', parts }
  if (plain === 'absent') return { kind: 'absent' }
  try {
    return { kind: 'json', json: JSON.parse(plain) as Json }
  } catch {
    return { kind: 'json', json: plain }
  }
}
