import { didYouMean } from '../diagnostics/did-you-mean.ts'
import type { Expression, Noun } from '../plan/expression.ts'
import type * as ast from '../syntax/ast.ts'
import type { Env } from './env.ts'
import { lowerNoun } from './noun.ts'
import { interpolate, plainText, type Parts } from './text.ts'

export interface Target {
  readonly noun: Noun
  readonly any: boolean
}

/** The first noun of a step; `any` before it picks one. */
export const targetOf = (node: ast.Step, env: Env): Target | undefined => {
  const [first, second] = node.args
  const any = first?.type === 'noun' && first.form === 'bare' && first.text === 'any' && second !== undefined
  const target = any ? second : first
  if (target?.type !== 'noun') {
    env.reporter.report('K117', target?.span ?? node.span, `\`${node.verb.name}\` wants a noun`, {
      help: `${node.verb.name} kind/name, or kinds[label=value]`,
    })
    return undefined
  }
  const noun = lowerNoun(target, env)
  return noun === undefined ? undefined : { noun, any }
}

export interface ArgWord {
  readonly word: string
  readonly parts: Parts
  readonly span: ast.Bare['span']
}

/** What stands between the target and the clauses: bare words, filled in where they are interpolated. */
export const wordsAfterTarget = (node: ast.Step, env: Env): readonly ArgWord[] => {
  const first = node.args[0]
  const skip = first?.type === 'noun' && first.form === 'bare' && first.text === 'any' && node.args.length > 1 ? 2 : 1
  return node.args.slice(skip).map((arg): ArgWord => wordOf(arg, env))
}

export const wordOf = (arg: ast.StepArg, env: Env): ArgWord => {
  const written =
    arg.type === 'string' ? arg.raw.slice(1, -1) : env.module.source.text.slice(arg.span.start, arg.span.end)
  const parts = interpolate(
    written,
    { file: arg.span.file, start: arg.span.start + (arg.type === 'string' ? 1 : 0) },
    env,
  )
  return { word: plainText(parts) ?? written, parts, span: arg.span }
}

export const noMoreWords = (node: ast.Step, env: Env): void => {
  const one = wordsAfterTarget(node, env)[0]
  if (one === undefined) return
  const help = joined(node, env)
  env.reporter.report('K117', one.span, `\`${node.verb.name}\` takes no \`${one.word}\``, { help })
}

/** `deployment web` is `deployment/web` here. */
const joined = (node: ast.Step, env: Env): string | undefined => {
  const [kind, name] = node.args
  if (kind?.type !== 'noun' || kind.form !== 'bare' || name?.type !== 'noun' || name.form !== 'bare') return undefined
  return env.kinds.byName(kind.text) === undefined ? undefined : `kind and name are one word: ${kind.text}/${name.text}`
}

/** At most one word of a closed set. */
export const oneOf = <T extends string>(
  words: readonly ArgWord[],
  choices: readonly T[],
  node: ast.Step,
  env: Env,
): T | undefined => {
  let found: T | undefined
  for (const one of words) {
    const choice = choices.find((choice) => choice === one.word)
    if (choice === undefined)
      env.reporter.report('K117', one.span, `\`${node.verb.name}\` takes no \`${one.word}\``, {
        help: didYouMean(one.word, choices) ?? joined(node, env) ?? `words here: ${choices.join(', ')}`,
      })
    else if (found !== undefined)
      env.reporter.report('K117', one.span, `\`${found}\` and \`${choice}\` exclude each other`)
    found ??= choice
  }
  return found
}

export const textExpression = (parts: Parts, span: ast.Bare['span']): Expression => {
  const text = plainText(parts)
  return text === undefined
    ? { kind: 'template', parts, span }
    : { kind: 'literal', value: { type: 'string', value: text }, span }
}

/** `key=value`: what stands before the first `=`, and the rest as parts. */
export const pairOf = (word: ArgWord): { readonly key: string; readonly value: Parts } | undefined => {
  const first = word.parts[0]
  const at = typeof first === 'string' ? first.indexOf('=') : -1
  if (typeof first !== 'string' || at <= 0) return undefined
  const tail = first.slice(at + 1)
  return {
    key: first.slice(0, at),
    value: tail === '' && word.parts.length > 1 ? word.parts.slice(1) : [tail, ...word.parts.slice(1)],
  }
}

export const pairsOf = (
  node: ast.Step,
  env: Env,
): readonly { readonly key: string; readonly value: Expression | undefined }[] =>
  wordsAfterTarget(node, env).flatMap((word): { readonly key: string; readonly value: Expression | undefined }[] => {
    const pair = pairOf(word)
    if (pair !== undefined) return [{ key: pair.key, value: textExpression(pair.value, word.span) }]
    if (word.word.endsWith('-')) return [{ key: word.word.slice(0, -1), value: undefined }]
    env.reporter.report('K117', word.span, `\`${word.word}\` is no key=value`, {
      help: `remove a key with \`${word.word}-\``,
    })
    return []
  })
