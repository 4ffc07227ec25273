import { didYouMean } from '../diagnostics/did-you-mean.ts'
import { refuse } from '../checks/unsupported.ts'
import type { ValueType } from '../names/value-info.ts'
import type { Noun } from '../plan/expression.ts'
import type { Ramp, Step } from '../plan/operation.ts'
import type * as ast from '../syntax/ast.ts'
import type { Env } from './env.ts'
import { lowerDuration } from './amount.ts'
import { lowerExpression } from './expression.ts'
import { resourceOf } from './fact.ts'
import { lowerNoun } from './noun.ts'
import { lowerRequestPath } from './request-path.ts'
import { targetOf, wordOf } from './step-words.ts'

const demands = ['cpu', 'memory', 'rps'] as const
/** What has pods. */
const bearers: ReadonlySet<string> = new Set([
  'pods',
  'services',
  'replicationcontrollers',
  'deployments.apps',
  'replicasets.apps',
  'statefulsets.apps',
  'daemonsets.apps',
  'jobs.batch',
])

/** `load deployment/web cpu 400m -> 3 over 2m` */
export const lowerLoad = (node: ast.Step, env: Env): Step | undefined => {
  const target = targetOf(node, env)
  const [, what, ...rest] = node.args
  const word = what === undefined ? undefined : wordOf(what, env).word
  const resource = demands.find((one) => one === word)
  if (resource === undefined) {
    env.reporter.report('K117', what?.span ?? node.span, '`load` wants cpu, memory or rps', {
      help: (word === undefined ? undefined : didYouMean(word, demands)) ?? 'load deployment/web cpu 3',
    })
    return undefined
  }
  if (target !== undefined) checkBearer(target.noun, resource, env)
  const { amounts, path } = lowerRequestPath(node, rest, env)
  if (resource !== 'rps' && path !== undefined)
    env.reporter.report('K117', path.span, `only requests take a way: \`load … ${resource}\` does not`, {
      help: 'load service/web rps 50 from pod/client',
    })
  const demand = rampOf(amounts, { node, env, expected: resource === 'rps' ? 'int' : 'quantity' })
  return target === undefined || demand === undefined
    ? undefined
    : { verb: 'load', target: target.noun, resource, demand, ...(path === undefined ? {} : { path: path.path }) }
}

const checkBearer = (noun: Noun, resource: (typeof demands)[number], env: Env): void => {
  const bearer = resourceOf(noun, env)
  if (resource === 'rps' && bearer !== 'services')
    env.reporter.report('K117', noun.span, `requests are sent to a service, not to ${noun.text}`, {
      help: 'load service/web rps 50',
    })
  else if (resource !== 'rps' && bearer !== undefined && !bearers.has(bearer))
    env.reporter.report('K117', noun.span, `${noun.text} has no pods that could share a load`, {
      help: `load deployment/web ${resource} 3`,
    })
}

/** `metric queue_depth 30 on service/x` */
export const lowerMetric = (node: ast.Step, env: Env): Step | undefined => {
  const [name, ...amounts] = node.args
  if (name === undefined) {
    env.reporter.report('K117', node.span, '`metric` wants a name and a value', { help: 'metric queue_depth 30' })
    return undefined
  }
  const value = rampOf(amounts, { node, env, expected: undefined })
  const clause = node.clauses.find((one) => one.kind === 'on')
  const of = clause?.kind === 'on' ? clause.value : undefined
  const on = of?.type === 'noun' ? lowerNoun(of, env) : undefined
  if (of !== undefined && of.type !== 'noun') env.reporter.report('K117', of.span, 'a noun is wanted behind `on`')
  return value === undefined ? undefined : { verb: 'metric', metric: wordOf(name, env).word, value, on }
}

/** `upgrade apiserver/0 to 1.36` */
export const lowerUpgrade = (node: ast.Step, env: Env): Step | undefined => {
  refuse('upgrade', node.verb.span, env.reporter)
  const target = targetOf(node, env)
  const clause = node.clauses.find((one) => one.kind === 'to')
  const to = clause?.kind === 'to' ? wordOf(clause.value, env).word.replace(/^v/, '') : undefined
  if (to === undefined || !/^1\.\d+(\.\d+)?$/.test(to)) {
    env.reporter.report('K117', clause?.span ?? node.span, '`upgrade` wants a version', {
      help: `upgrade ${target?.noun.text ?? 'pool/workers'} to 1.36`,
    })
    return undefined
  }
  if (target === undefined) return undefined
  const resource = resourceOf(target.noun, env)
  const able = ['apiserver', 'etcd', 'scheduler', 'controller-manager', 'kubelet', 'kube-proxy', 'nodes', 'pool']
  if (resource !== undefined && !able.includes(resource))
    env.reporter.report('K117', target.noun.span, `${target.noun.text} has no version of Kubernetes`, {
      help: 'it can: apiserver/0, scheduler, controller-manager, kubelet/workers-0, node/workers-0, pool/workers',
    })
  return { verb: 'upgrade', target: target.noun, to }
}

interface RampPlace {
  readonly node: ast.Step
  readonly env: Env
  readonly expected: ValueType | undefined
}

/** `3`, `400m -> 3`, `400m -> 3 over 2m` */
const rampOf = (args: readonly ast.StepArg[], { node, env, expected }: RampPlace): Ramp | undefined => {
  const [first, arrow, second, over, time, more] = args
  const example =
    node.verb.name === 'load' ? 'load deployment/web cpu 400m -> 3 over 2m' : 'metric queue_depth 10 -> 30 over 2m'
  const wrong = (at: ast.StepArg | undefined, message: string): undefined => {
    env.reporter.report('K117', at?.span ?? node.span, message, { help: `written: ${example}` })
    return undefined
  }
  if (first === undefined) return wrong(undefined, `\`${node.verb.name}\` wants an amount`)
  const from = lowerExpression(first, env, expected).expression
  if (arrow === undefined) return { from, to: from, over: undefined }
  if (wordOf(arrow, env).word !== '->' || second === undefined)
    return wrong(arrow, `\`${wordOf(arrow, env).word}\` says nothing here`)
  const to = lowerExpression(second, env, expected).expression
  if (over === undefined) return { from, to, over: undefined }
  if (wordOf(over, env).word !== 'over' || time === undefined || time.type === 'bare')
    return wrong(over, '`over` and a duration are wanted here')
  if (more !== undefined) return wrong(more, `\`${wordOf(more, env).word}\` says nothing here`)
  return { from, to, over: lowerDuration(time, env) }
}
