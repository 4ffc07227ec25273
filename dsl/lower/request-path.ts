import { didYouMean } from '../diagnostics/did-you-mean.ts'
import type { Noun } from '../plan/expression.ts'
import type { RequestPath } from '../plan/operation.ts'
import type { Span } from '../source/span.ts'
import type * as ast from '../syntax/ast.ts'
import type { Env } from './env.ts'
import { resourceOf } from './fact.ts'
import { lowerNoun } from './noun.ts'
import { wordOf } from './step-words.ts'

const ways = ['ClusterIP', 'NodePort', 'LoadBalancer'] as const
/** What can send requests: pods, and nodes as the processes of their host. */
const senders: ReadonlySet<string> = new Set(['pods', 'nodes'])
const example = 'load service/web rps 50 port http through NodePort from outside'

export interface LoweredPath {
  /** What stands before `port` and `through`. */
  readonly amounts: readonly ast.StepArg[]
  readonly path: { readonly path: RequestPath; readonly span: Span } | undefined
}

/** What a `load` says of the way of its requests, behind how many they are: `port http through NodePort from outside`. */
export const lowerRequestPath = (node: ast.Step, args: readonly ast.StepArg[], env: Env): LoweredPath => {
  const begin = args.findIndex((one) => ['port', 'through'].includes(wordOf(one, env).word))
  const amounts = begin < 0 ? args : args.slice(0, begin)
  const words = begin < 0 ? [] : args.slice(begin)
  const from = node.clauses.flatMap((one) => (one.kind === 'from' ? [{ value: one.value, span: one.span }] : []))
  let port: string | undefined
  let through: RequestPath['through']
  for (let at = 0; at < words.length; at += 2) {
    const key = wordOf(words[at]!, env)
    const value = words[at + 1]
    const given = value === undefined ? undefined : wordOf(value, env)
    if (key.word !== 'port' && key.word !== 'through')
      env.reporter.report('K117', key.span, `\`${key.word}\` says nothing here`, { help: `written: ${example}` })
    else if (given === undefined)
      env.reporter.report('K117', key.span, `something is wanted behind \`${key.word}\``, {
        help: `written: ${example}`,
      })
    else if (key.word === 'port') port = given.word
    else {
      through = ways.find((one) => one === given.word)
      if (through === undefined)
        env.reporter.report('K117', given.span, `requests go through no \`${given.word}\``, {
          help: didYouMean(given.word, ways) ?? `ways: ${ways.join(', ')}`,
        })
    }
  }
  if (begin < 0 && from.length === 0) return { amounts, path: undefined }
  const span = from[0]?.span ?? words[0]!.span
  if (from.length > 1) env.reporter.report('K117', from[1]!.span, '`from` is said twice')
  return { amounts, path: { path: { from: from[0] && senderOf(from[0].value, env), port, through }, span } }
}

const senderOf = (value: ast.StepArg, env: Env): Noun | 'outside' | undefined => {
  if (value.type === 'noun' && value.form === 'bare' && value.text === 'outside') return 'outside'
  if (value.type !== 'noun') {
    env.reporter.report('K117', value.span, 'pods, nodes or `outside` are wanted behind `from`', {
      help: `written: ${example}`,
    })
    return undefined
  }
  const noun = lowerNoun(value, env)
  const resource = noun === undefined ? undefined : resourceOf(noun, env)
  if (noun !== undefined && resource !== undefined && !senders.has(resource))
    env.reporter.report('K117', noun.span, `${noun.text} sends no requests`, {
      help: 'pods and nodes do: from pod/client, from pods[app=web], from node/workers-0, from outside',
    })
  return noun
}
