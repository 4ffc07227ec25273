import { didYouMean } from '../diagnostics/did-you-mean.ts'
import type { Expression, Noun } from '../plan/expression.ts'
import type { OperationBody, Step } from '../plan/operation.ts'
import type * as ast from '../syntax/ast.ts'
import { kubectlFlags } from '../syntax/kubectl-flags.ts'
import { lowerDuration, lowerInteger } from './amount.ts'
import { lowerClauses } from './clauses.ts'
import { lowerDocuments, lowerPatch } from './documents.ts'
import type { Env } from './env.ts'
import { resourceOf } from './fact.ts'
import { lowerNoun } from './noun.ts'
import { lowerManifest } from './manifest-step.ts'
import { lowerLoad, lowerMetric, lowerUpgrade } from './operator-steps.ts'
import { resourceFor } from './resource-for.ts'
import {
  noMoreWords,
  oneOf,
  pairOf,
  pairsOf,
  targetOf,
  textExpression,
  wordOf,
  wordsAfterTarget,
} from './step-words.ts'
import { parseTaint, type Taint } from './taint.ts'
import { interpolate, plainText } from './text.ts'

const clausesOf: Readonly<Record<string, readonly string[]>> = {
  apply: ['overlay'],
  create: ['overlay'],
  replace: ['overlay'],
  scale: ['to'],
  delete: ['grace'],
  rollout: ['to'],
  drain: ['within', 'grace'],
  metric: ['on'],
  put: ['on'],
  remove: ['on'],
  upgrade: ['to'],
}

/** `verb object clause*`: everything that changes the cluster through its API. */
export const lowerStep = (node: ast.Step, env: Env): OperationBody | undefined => {
  const verb = node.verb.name
  if (reportFlags(node, env)) return undefined
  const step = lowerVerb(node, verb, env)
  // Of a load `from` says who sends; lowerLoad reads it.
  const own = verb === 'load' ? node.clauses.filter((one) => one.kind !== 'from') : node.clauses
  const clauses = lowerClauses(own, clausesOf[verb] ?? [], verb, env)
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

/** Subresources that take a patch: kubectl's --subresource. */
const patchedParts = ['status', 'scale', 'resize', 'ephemeralcontainers'] as const

const lowerVerb = (node: ast.Step, verb: string, env: Env): Step | undefined => {
  if (node.fence !== null && !['apply', 'create', 'replace', 'patch', 'put'].includes(verb))
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
      const resource = target === undefined ? undefined : resourceFor(target.noun, env)
      const part = words.find((one) => patchedParts.some((name) => name === one.word))
      if (part !== undefined && resource !== undefined && !resource.subresources.includes(part.word))
        env.reporter.report('K117', part.span, `${resource.plural} have no subresource \`${part.word}\``)
      const types = words.filter((one) => one !== part)
      const type = oneOf(types, ['merge', 'strategic', 'json'] as const, node, env)
      if (node.fence === null) {
        env.reporter.report('K117', node.span, '`patch` wants a YAML block', {
          help: `patch ${target?.noun.text ?? 'kind/name'} \`\`\`yaml`,
        })
        return undefined
      }
      const patched = type === 'json' || part?.word === 'scale' ? undefined : resource
      const patch = lowerPatch(node.fence, patched, env)
      if (target === undefined) return undefined
      return { verb, target: target.noun, type, patch, ...(part === undefined ? {} : { subresource: part.word }) }
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
      if (set.length === 0 && wordsAfterTarget(node, env).length === 0)
        env.reporter.report('K117', node.span, `\`${verb}\` wants at least one key=value, or key- to remove it`)
      return target === undefined ? undefined : { verb, target: target.noun, set }
    }
    case 'taint':
      return lowerTaint(node, env)
    case 'load':
      return lowerLoad(node, env)
    case 'metric':
      return lowerMetric(node, env)
    case 'upgrade':
      return lowerUpgrade(node, env)
    case 'put':
    case 'remove':
      return lowerManifest(node, verb, env)
    default:
      return undefined
  }
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
  else if (node.args.length > 0 && node.fence !== null && !node.clauses.some((one) => one.kind === 'overlay')) {
    env.reporter.report('K117', node.fence.open, 'a file and a block together need the word `overlay` between them')
    return undefined
  }
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

const lowerSetImage = (node: ast.Step, env: Env): Step | undefined => {
  const target = targetOf(node, env)
  const images: { readonly container: string; readonly image: Expression }[] = []
  for (const word of wordsAfterTarget(node, env)) {
    const pair = pairOf(word)
    if (pair === undefined) env.reporter.report('K117', word.span, `\`${word.word}\` is no container=image`)
    else images.push({ container: pair.key, image: textExpression(pair.value, word.span) })
  }
  if (images.length === 0 && wordsAfterTarget(node, env).length === 0)
    env.reporter.report('K117', node.span, '`set-image` wants container=image', {
      help: `set-image ${target?.noun.text ?? 'deployment/web'} app=web:v2`,
    })
  return target === undefined ? undefined : { verb: 'set-image', target: target.noun, images }
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
