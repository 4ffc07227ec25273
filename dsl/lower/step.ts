import { didYouMean } from '../diagnostics/did-you-mean.ts'
import { refuse } from '../checks/unsupported.ts'
import type { Expression, Noun } from '../plan/expression.ts'
import type { OperationBody, Step } from '../plan/operation.ts'
import type * as ast from '../syntax/ast.ts'
import { kubectlFlags } from '../syntax/kubectl-flags.ts'
import { lowerDuration, lowerInteger } from './amount.ts'
import { lowerClauses } from './clauses.ts'
import { constantNamed } from './constant.ts'
import { lowerDocuments, lowerPatch } from './documents.ts'
import type { Env } from './env.ts'
import { resourceOf } from './fact.ts'
import { lowerNoun } from './noun.ts'
import { interpolate, plainText, type Parts } from './text.ts'

const clausesOf: Readonly<Record<string, readonly string[]>> = {
  apply: ['overlay'],
  create: ['overlay'],
  replace: ['overlay'],
  scale: ['to'],
  delete: ['grace'],
  rollout: ['to'],
  drain: ['within', 'grace'],
}

/** `verb object clause*`: everything that changes the cluster through its API. */
export const lowerStep = (node: ast.Step, env: Env): OperationBody | undefined => {
  const verb = node.verb.name
  if (verb === 'load' || verb === 'metric' || verb === 'upgrade') {
    refuse(verb, node.verb.span, env.reporter)
    return undefined
  }
  if (reportFlags(node, env)) return undefined
  const step = lowerVerb(node, verb, env)
  const clauses = lowerClauses(node.clauses, clausesOf[verb] ?? [], verb, env)
  return step === undefined ? undefined : { kind: 'step', step, clauses }
}

/** K012: `delete pod web -n prod` reads as words, so it is no mistake of the grammar. */
const reportFlags = (node: ast.Step, env: Env): boolean => {
  const flag = node.args.find((one) => one.type === 'bare' && /^--?[a-zA-Z]/.test(one.text))
  if (flag === undefined) return false
  const form = kubectlFlags(env.module.source.text.slice(node.span.start, node.span.end))
  if (form === undefined) {
    env.reporter.report('K012', flag.span, `\`${node.verb.name}\` takes no flags`)
    return true
  }
  const span = { file: node.span.file, start: node.span.start + form.start, end: node.span.start + form.end }
  env.reporter.report('K012', span, 'kubectl flags are written inside the noun', {
    help: `write: ${form.text}`,
    fix: { span, text: form.text },
  })
  return true
}

const lowerVerb = (node: ast.Step, verb: string, env: Env): Step | undefined => {
  if (node.fence !== null && !['apply', 'create', 'replace', 'patch'].includes(verb))
    env.reporter.report('K117', node.fence.open, `\`${verb}\` takes no block`)
  const clause = (kind: string): ast.StepClause | undefined => node.clauses.find((one) => one.kind === kind)
  switch (verb) {
    case 'apply':
    case 'create':
    case 'replace':
      return lowerWrite(node, verb, env)
    case 'patch': {
      const target = targetOf(node, env)
      const words = wordsAfterTarget(node, env)
      const type = oneOf(words, ['merge', 'strategic', 'json'] as const, node, env)
      if (node.fence === null) {
        env.reporter.report('K117', node.span, '`patch` wants a YAML block', {
          help: `patch ${target?.noun.text ?? 'kind/name'} \`\`\`yaml`,
        })
        return undefined
      }
      const resource = target === undefined ? undefined : resourceFor(target.noun, env)
      const patch = lowerPatch(node.fence, type === 'json' ? undefined : resource, env)
      return target === undefined ? undefined : { verb, target: target.noun, type, patch }
    }
    case 'scale': {
      const target = targetOf(node, env)
      const to = clause('to')
      if (to !== undefined) noMoreWords(node, env)
      if (to === undefined || to.kind !== 'to') {
        env.reporter.report('K117', node.span, '`scale` wants a number of replicas', {
          help: `scale ${target?.noun.text ?? 'deployment/web'} to 3`,
        })
        return undefined
      }
      return target === undefined ? undefined : { verb, target: target.noun, to: lowerInteger(to.value, env) }
    }
    case 'delete': {
      const target = targetOf(node, env)
      const words = wordsAfterTarget(node, env)
      const force = words.some((one) => one.word === 'force')
      const propagation = oneOf(
        words.filter((one) => one.word !== 'force'),
        ['orphan', 'foreground', 'background'] as const,
        node,
        env,
      )
      const grace = clause('grace')
      return target === undefined
        ? undefined
        : {
            verb,
            target: target.noun,
            any: target.any,
            force,
            propagation,
            grace: grace?.kind === 'grace' ? lowerDuration(grace.value, env) : undefined,
          }
    }
    case 'rollout':
      return lowerRollout(node, env)
    case 'set-image':
      return lowerSetImage(node, env)
    case 'cordon':
    case 'uncordon':
    case 'evict': {
      const target = targetOf(node, env)
      noMoreWords(node, env)
      if (target !== undefined) wantKind(target.noun, verb === 'evict' ? 'pods' : 'nodes', verb, env)
      return target === undefined ? undefined : { verb, target: target.noun, any: target.any }
    }
    case 'drain': {
      const target = targetOf(node, env)
      const words = wordsAfterTarget(node, env)
      const force = oneOf(words, ['force'] as const, node, env) === 'force'
      const within = clause('within')
      if (target === undefined) return undefined
      wantKind(target.noun, 'nodes', verb, env)
      return {
        verb,
        target: target.noun,
        any: target.any,
        force,
        within: within?.kind === 'within' ? lowerDuration(within.value, env) : undefined,
      }
    }
    case 'label':
    case 'annotate': {
      const target = targetOf(node, env)
      const set = pairsOf(node, env)
      if (set.length === 0)
        env.reporter.report('K117', node.span, `\`${verb}\` wants at least one key=value, or key- to remove it`)
      return target === undefined ? undefined : { verb, target: target.noun, set }
    }
    case 'taint':
      return lowerTaint(node, env)
    default:
      return undefined
  }
}

interface Target {
  readonly noun: Noun
  readonly any: boolean
}

/** The first noun of a step; `any` before it picks one. */
const targetOf = (node: ast.Step, env: Env): Target | undefined => {
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

interface ArgWord {
  readonly word: string
  readonly parts: Parts
  readonly span: ast.Bare['span']
}

/** What stands between the target and the clauses: bare words, filled in where they are interpolated. */
const wordsAfterTarget = (node: ast.Step, env: Env): readonly ArgWord[] => {
  const first = node.args[0]
  const skip = first?.type === 'noun' && first.form === 'bare' && first.text === 'any' && node.args.length > 1 ? 2 : 1
  return node.args.slice(skip).map((arg): ArgWord => wordOf(arg, env))
}

const wordOf = (arg: ast.StepArg, env: Env): ArgWord => {
  const written =
    arg.type === 'string' ? arg.raw.slice(1, -1) : env.module.source.text.slice(arg.span.start, arg.span.end)
  const parts = interpolate(
    written,
    { file: arg.span.file, start: arg.span.start + (arg.type === 'string' ? 1 : 0) },
    env,
  )
  return { word: plainText(parts) ?? written, parts, span: arg.span }
}

const noMoreWords = (node: ast.Step, env: Env): void => {
  const one = wordsAfterTarget(node, env)[0]
  if (one !== undefined) env.reporter.report('K117', one.span, `\`${node.verb.name}\` takes no \`${one.word}\``)
}

/** At most one word of a closed set. */
const oneOf = <T extends string>(
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
        help: didYouMean(one.word, choices) ?? `words here: ${choices.join(', ')}`,
      })
    else if (found !== undefined)
      env.reporter.report('K117', one.span, `\`${found}\` and \`${choice}\` exclude each other`)
    found ??= choice
  }
  return found
}

export const resourceFor = (noun: Noun, env: Env): ReturnType<Env['kinds']['byResourceName']> => {
  const name = resourceOf(noun, env)
  return name === undefined ? undefined : env.kinds.byResourceName(name)
}

const wantKind = (noun: Noun, resource: string, verb: string, env: Env): void => {
  const own = resourceOf(noun, env)
  if (own === undefined || own === resource) return
  env.reporter.report(
    'K117',
    noun.span,
    `\`${verb}\` is for ${resource}, not for ${env.kinds.byResourceName(own)?.plural ?? own}`,
  )
}

const lowerWrite = (node: ast.Step, verb: 'apply' | 'create' | 'replace', env: Env): Step | undefined => {
  const [first, second] = node.args
  if (verb === 'create' && first?.type === 'noun') return minimalObject(node, first, second, env)
  const wrong = node.args.find((one) => one.type !== 'string')
  if (wrong !== undefined)
    env.reporter.report('K117', wrong.span, `\`${verb}\` wants a YAML block or a file name in quotes`)
  else if (node.args.length === 0 && node.fence === null)
    env.reporter.report('K117', node.span, `\`${verb}\` wants a YAML block or a file name in quotes`, {
      help: `${verb} "manifests/web.yaml"`,
    })
  else if (node.args.length > 0 && node.fence !== null && !node.clauses.some((one) => one.kind === 'overlay'))
    env.reporter.report('K117', node.fence.open, 'a file and a block together need the word `overlay` between them')
  return { verb, documents: lowerDocuments(node, env) }
}

/** `create configmap name`: an object of that kind with nothing but a name. */
const minimalObject = (
  node: ast.Step,
  first: ast.Noun,
  second: ast.StepArg | undefined,
  env: Env,
): Step | undefined => {
  const written = first.form === 'ref' ? first.name : second === undefined ? null : wordOf(second, env).word
  const resource = env.kinds.byName(first.kind)
  if (resource === undefined || written === null) {
    if (resource === undefined) lowerNoun({ ...first, form: 'ref', name: 'x' }, env)
    else
      env.reporter.report('K117', first.span, 'a name is wanted behind the kind', { help: `create ${first.text} name` })
    return undefined
  }
  const name = wordOf(second ?? first, env)
  const parts =
    first.form === 'ref'
      ? interpolate(first.name ?? '', { file: first.span.file, start: first.span.start + first.kind.length + 1 }, env)
      : name.parts
  const text = plainText(parts)
  const value = text ?? ({ $hole: 'text', parts } as never)
  return {
    verb: 'create',
    documents: [
      {
        value: { apiVersion: resource.apiVersion, kind: resource.kind, metadata: { name: value } },
        span: node.span,
        file: undefined,
      },
    ],
  }
}

const lowerRollout = (node: ast.Step, env: Env): Step | undefined => {
  const action = node.args[0]
  const actions = ['restart', 'undo', 'pause', 'resume'] as const
  const word = action?.type === 'noun' && action.form === 'bare' ? action.text : undefined
  const found = actions.find((one) => one === word)
  if (found === undefined) {
    env.reporter.report(
      'K117',
      action?.span ?? node.span,
      word === undefined ? '`rollout` wants an action' : `unknown action \`${word}\``,
      {
        help:
          (word === undefined ? undefined : didYouMean(word, actions)) ?? `rollout ${actions.join('|')} deployment/web`,
      },
    )
    return undefined
  }
  const rest: ast.Step = { ...node, args: node.args.slice(1) }
  const target = targetOf(rest, env)
  noMoreWords(rest, env)
  const to = node.clauses.find((one) => one.kind === 'to')
  if (to !== undefined && found !== 'undo') env.reporter.report('K117', to.span, `\`rollout ${found}\` takes no \`to\``)
  return target === undefined
    ? undefined
    : {
        verb: 'rollout',
        action: found,
        target: target.noun,
        toRevision: to?.kind === 'to' ? lowerInteger(to.value, env) : undefined,
      }
}

const textExpression = (parts: Parts, span: ast.Bare['span']): Expression => {
  const text = plainText(parts)
  return text === undefined
    ? { kind: 'template', parts, span }
    : { kind: 'literal', value: { type: 'string', value: text }, span }
}

/** `key=value`: what stands before the first `=`, and the rest as parts. */
const pairOf = (word: ArgWord): { readonly key: string; readonly value: Parts } | undefined => {
  const first = word.parts[0]
  const at = typeof first === 'string' ? first.indexOf('=') : -1
  if (typeof first !== 'string' || at <= 0) return undefined
  const tail = first.slice(at + 1)
  return {
    key: first.slice(0, at),
    value: tail === '' && word.parts.length > 1 ? word.parts.slice(1) : [tail, ...word.parts.slice(1)],
  }
}

const lowerSetImage = (node: ast.Step, env: Env): Step | undefined => {
  const target = targetOf(node, env)
  const images: { readonly container: string; readonly image: Expression }[] = []
  for (const word of wordsAfterTarget(node, env)) {
    const pair = pairOf(word)
    if (pair === undefined) env.reporter.report('K117', word.span, `\`${word.word}\` is no container=image`)
    else images.push({ container: pair.key, image: textExpression(pair.value, word.span) })
  }
  if (images.length === 0)
    env.reporter.report('K117', node.span, '`set-image` wants container=image', {
      help: `set-image ${target?.noun.text ?? 'deployment/web'} app=web:v2`,
    })
  return target === undefined ? undefined : { verb: 'set-image', target: target.noun, images }
}

const pairsOf = (
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

export interface Taint {
  readonly key: string
  readonly value: string
  readonly effect: string
  readonly remove: boolean
}
const effects = ['NoSchedule', 'PreferNoSchedule', 'NoExecute']

/** `key=value:Effect`, `key:Effect`; with `-` behind it, or a bare `key-`, the taint goes. */
export const parseTaint = (text: string, span: ast.Bare['span'], env: Env, removable: boolean): Taint | undefined => {
  const remove = removable && text.endsWith('-')
  const body = remove ? text.slice(0, -1) : text
  const colon = body.lastIndexOf(':')
  const effect = colon === -1 ? '' : body.slice(colon + 1)
  const pair = colon === -1 ? body : body.slice(0, colon)
  const equals = pair.indexOf('=')
  const key = equals === -1 ? pair : pair.slice(0, equals)
  if (!effects.includes(effect) && !(remove && effect === '')) {
    env.reporter.report('K117', span, effect === '' ? `\`${text}\` is no taint` : `unknown effect \`${effect}\``, {
      help:
        (effect === '' ? undefined : didYouMean(effect, effects)) ??
        'taints are written key=value:NoSchedule; effects: NoSchedule, PreferNoSchedule, NoExecute',
    })
    return undefined
  }
  return { key, value: equals === -1 ? '' : pair.slice(equals + 1), effect, remove }
}

const lowerTaint = (node: ast.Step, env: Env): Step | undefined => {
  const target = targetOf(node, env)
  if (target !== undefined) wantKind(target.noun, 'nodes', 'taint', env)
  const words = wordsAfterTarget(node, env)
  const taints = words.flatMap((word): Taint[] => {
    if (plainText(word.parts) === undefined) {
      env.reporter.report('K408', word.span, 'a taint that is only known during the run is not built yet')
      return []
    }
    const taint = parseTaint(word.word, word.span, env, true)
    return taint === undefined ? [] : [taint]
  })
  if (words.length === 0) env.reporter.report('K117', node.span, '`taint` wants key=value:Effect')
  return target === undefined ? undefined : { verb: 'taint', target: target.noun, taints }
}

export const isConstantName = (name: string, env: Env): boolean => constantNamed(name, env) !== undefined
