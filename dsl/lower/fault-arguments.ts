import { didYouMean } from '../diagnostics/did-you-mean.ts'
import type { FaultArgument, FaultSignature } from '../names/fault-signatures.ts'
import type { Expression } from '../plan/expression.ts'
import type * as ast from '../syntax/ast.ts'
import { lowerDuration, lowerInteger } from './amount.ts'
import type { Env } from './env.ts'
import { wordOf, type ArgWord } from './step-words.ts'

interface Given {
  readonly word: string
  readonly signature: FaultSignature
  readonly resource: string | undefined
  /** Where the target ends: what is missing is missing there. */
  readonly end: number
}

/**
 * The words between target and clauses, read by the fault's signature: `memory` is text, `503` and the number of `after-write 2`
 * are integers, `every 20s` is its duration.
 */
export const lowerFaultArguments = (args: readonly ast.StepArg[], given: Given, env: Env): readonly Expression[] => {
  const { word, signature, resource } = given
  const out: Expression[] = []
  let at = 0
  const wanted = signature.args.filter(
    (one) => one.kind !== 'word' || one.only === undefined || resource === undefined || one.only.includes(resource),
  )
  for (const one of wanted) {
    const arg = args[at]
    if (arg === undefined) {
      if (one.kind !== 'word' || !one.optional) reportMissing(one, args.at(-1), given, env)
      continue
    }
    const read = readArgument(one, args.slice(at), given, env)
    at += read.length
    out.push(...read.values)
  }
  const more = args[at]
  if (more !== undefined) {
    const text = wordOf(more, env).word
    const words = wanted.flatMap((one) => (one.kind === 'word' ? one.words : one.kind === 'interval' ? [one.word] : []))
    env.reporter.report('K128', more.span, `\`inject ${word}\` takes no \`${text}\``, {
      help: didYouMean(text, [...words, ...signature.clauses]) ?? `written: ${signature.example}`,
    })
  }
  return out
}

interface Read {
  readonly length: number
  readonly values: readonly Expression[]
}

const literal = (word: ArgWord): Expression => ({
  kind: 'literal',
  value: { type: 'string', value: word.word },
  span: word.span,
})

const readArgument = (one: FaultArgument, args: readonly ast.StepArg[], given: Given, env: Env): Read => {
  const [first, second] = args
  if (first === undefined) return { length: 0, values: [] }
  const word = wordOf(first, env)
  if (one.kind === 'word') {
    if (!one.words.includes(word.word)) {
      if (one.optional) return { length: 0, values: [] }
      env.reporter.report('K128', word.span, `\`inject ${given.word}\` takes no \`${word.word}\``, {
        help: didYouMean(word.word, one.words) ?? `words here: ${one.words.join(', ')}`,
      })
      return { length: 1, values: [] }
    }
    if (one.counted?.includes(word.word) !== true) return { length: 1, values: [literal(word)] }
    if (second === undefined || second.type === 'bare') {
      env.reporter.report('K128', word.span, `\`${word.word}\` wants a number`, { help: `${word.word} 2` })
      return { length: 1, values: [literal(word)] }
    }
    return { length: 2, values: [literal(word), lowerInteger(amountOf(second), env)] }
  }
  if (one.kind === 'interval') {
    if (word.word !== one.word || second === undefined) {
      reportMissing(one, first, given, env)
      return { length: word.word === one.word ? 1 : 0, values: [] }
    }
    return { length: 2, values: [lowerDuration(amountOf(second), env)] }
  }
  const code = /^[1-5]\d\d$/.test(word.word)
  if (!code)
    env.reporter.report('K128', word.span, `\`${word.word}\` is no HTTP status`, {
      help: `written: ${given.signature.example}`,
    })
  return {
    length: 1,
    values: code ? [{ kind: 'literal', value: { type: 'int', value: Number(word.word) }, span: word.span }] : [],
  }
}

const amountOf = (arg: ast.StepArg): ast.Amount =>
  arg.type === 'bare' ? { ...arg, type: 'string', raw: `"${arg.text}"` } : arg

const reportMissing = (one: FaultArgument, after: ast.StepArg | undefined, given: Given, env: Env): void => {
  const what =
    one.kind === 'interval'
      ? `\`${one.word}\` and a duration`
      : one.kind === 'status-code'
        ? 'an HTTP status'
        : one.words.join(', ')
  const end = after?.span.end ?? given.end
  env.reporter.report(
    'K128',
    { file: env.module.source.path, start: end - 1, end },
    `\`inject ${given.word}\` wants ${one.kind === 'word' ? `one of ${what}` : what}`,
    { help: `written: ${given.signature.example}` },
  )
}
