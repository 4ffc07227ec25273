import type { Json } from '../../api/object.ts'
import type { ExtenderSpec, ExtenderVerb, NodePattern } from '../plan/cluster-spec.ts'
import type * as ast from '../syntax/ast.ts'
import { blockName, scriptPath } from './cluster-blocks.ts'
import type { Env } from './env.ts'
import { choiceSetting, integerSetting, microsSetting, oneValue, settingText, unknownSetting } from './setting-value.ts'

const keys = ['url', 'deny', 'score', 'spare', 'error', 'latency', 'from'] as const
const verbs = ['filter', 'prioritize', 'preempt', 'bind'] as const

type Draft = { -readonly [K in keyof ExtenderSpec]: ExtenderSpec[K] }

/** `extender licences { deny name "gpu-*" saying "no licence left", score label "disk=ssd" 7 }` */
export const lowerExtender = (prop: ast.Prop, env: Env): ExtenderSpec | undefined => {
  const name = blockName(prop, env)
  if (name === undefined) return undefined
  const draft: Draft = {
    name, span: prop.span, url: undefined, urlPrefixes: [], deny: [], score: [], spare: [], errors: [], latency: 0, file: undefined,
  } // prettier-ignore
  for (const one of prop.props?.items ?? []) {
    switch (one.name.name as (typeof keys)[number]) {
      case 'url': {
        const value = oneValue(one, env)
        if (value !== undefined) draft.url = settingText(value, env, 'any').text
        break
      }
      case 'deny': {
        const denial = denialOf(one, env)
        if (denial !== undefined) draft.deny = [...draft.deny, denial]
        break
      }
      case 'score': {
        const score = scoreOf(one, env)
        if (score !== undefined) draft.score = [...draft.score, score]
        break
      }
      case 'spare': {
        const { nodes, rest } = patternOf(one.args, env)
        if (nodes !== undefined && rest.length === 0) draft.spare = [...draft.spare, nodes]
        else wants(one, '`spare` wants name or label with a pattern, or all', 'spare name "db-*"', env)
        break
      }
      case 'error': {
        const failure = failureOf(one, env)
        if (failure !== undefined) draft.errors = [...draft.errors.filter(({ verb }) => verb !== failure.verb), failure]
        break
      }
      case 'latency': {
        const value = oneValue(one, env)
        if (value !== undefined) draft.latency = microsSetting(value, env) ?? 0
        break
      }
      case 'from': {
        const value = oneValue(one, env)
        const file = value === undefined ? '' : scriptPath(value, env)
        if (file === '') break
        env.scenario.modules.add(file)
        draft.file = file
        break
      }
      default:
        unknownSetting(one, 'extender', keys, env)
    }
  }
  return draft
}

const wants = (prop: ast.Prop, message: string, help: string, env: Env): undefined => {
  env.reporter.report('K133', prop.span, message, { help })
  return undefined
}

interface Pattern {
  readonly nodes: NodePattern | undefined
  readonly rest: readonly ast.PropValue[]
}

/** `name "gpu-*"`, `label "disk=ssd"`, `all` */
const patternOf = (args: readonly ast.PropValue[], env: Env): Pattern => {
  const [first, second] = args
  const word = first === undefined ? '' : settingText(first, env, 'any').text
  if (word === 'all') return { nodes: { field: 'all', glob: '*' }, rest: args.slice(1) }
  if ((word !== 'name' && word !== 'label') || second === undefined) return { nodes: undefined, rest: [] }
  return { nodes: { field: word, glob: settingText(second, env, 'any').text }, rest: args.slice(2) }
}

/** `deny name "gpu-*" saying "no licence left"`; `unresolvable`: not even preemption would help. */
const denialOf = (prop: ast.Prop, env: Env): ExtenderSpec['deny'][number] | undefined => {
  const { nodes, rest } = patternOf(prop.args, env)
  const words = rest.map((one) => settingText(one, env, 'any').text)
  const unresolvable = words[words.length - 1] === 'unresolvable' && words[words.length - 2] !== 'saying'
  const left = unresolvable ? words.slice(0, -1) : words
  if (nodes === undefined || !(left.length === 0 || (left.length === 2 && left[0] === 'saying')))
    return wants(
      prop,
      '`deny` wants name or label with a pattern, or all',
      'deny name "gpu-*" saying "no licence left"',
      env,
    )
  return { nodes, message: left[1] ?? `node(s) refused by ${nodes.field} ${nodes.glob}`, unresolvable }
}

const scoreOf = (prop: ast.Prop, env: Env): ExtenderSpec['score'][number] | undefined => {
  const { nodes, rest } = patternOf(prop.args, env)
  const [value] = rest
  if (nodes === undefined || value === undefined || rest.length > 1)
    return wants(
      prop,
      '`score` wants name or label with a pattern, or all, and a score',
      'score label "disk=ssd" 7',
      env,
    )
  const score = integerSetting(value, env)
  return score === undefined ? undefined : { nodes, score }
}

/** `error filter saying "out of order"`, `error bind 503` */
const failureOf = (prop: ast.Prop, env: Env): ExtenderSpec['errors'][number] | undefined => {
  const [first, second, third] = prop.args
  const verb: ExtenderVerb | undefined = first === undefined ? undefined : choiceSetting(first, verbs, env)
  if (first !== undefined && verb === undefined) return undefined
  const word = second === undefined ? '' : settingText(second, env, 'any').text
  const speaks = verb === 'filter' || verb === 'bind'
  if (verb !== undefined && speaks && word === 'saying' && third !== undefined && prop.args.length === 3)
    return { verb, code: 200, message: settingText(third, env, 'any').text }
  if (verb !== undefined && /^[1-5][0-9][0-9]$/.test(word) && word !== '200' && third === undefined)
    return { verb, code: Number(word), message: '' }
  return wants(
    prop,
    '`error` wants the call that fails, and a status code or, for filter and bind, what it says',
    'error filter saying "out of order", error bind 503',
    env,
  )
}

const trimmed = (url: string): string => url.replace(/\/+$/, '')

/** By its `url`, or by a host that bears its name. */
const answersFor = ({ name, url }: ExtenderSpec, urlPrefix: string): boolean => {
  if (url !== undefined) return trimmed(url) === trimmed(urlPrefix)
  const host = /^[a-z]+:\/\/([^/:]+)/.exec(urlPrefix)?.[1] ?? ''
  return host === name || host.startsWith(`${name}.`)
}

interface Configured {
  readonly extenders?: readonly ExtenderSpec[] | undefined
  readonly schedulerConfig: Json | undefined
}

/** The extenders with the prefixes that they answer for; one that no configuration names would never be asked. */
export const boundExtenders = (
  { extenders, schedulerConfig }: Configured,
  env: Env,
): readonly ExtenderSpec[] | undefined => {
  const named = (schedulerConfig as { readonly extenders?: unknown } | undefined)?.extenders
  const prefixes = (Array.isArray(named) ? (named as readonly unknown[]) : []).flatMap((one) => {
    const prefix = (one as { readonly urlPrefix?: unknown } | null)?.urlPrefix
    return typeof prefix === 'string' ? [prefix] : []
  })
  return extenders?.map((one) => {
    const own = prefixes.filter((prefix) => answersFor(one, prefix))
    if (own.length === 0) {
      const { span, name, url = `http://${name}/` } = one
      env.reporter.report('K133', span, `the scheduler's configuration names no extender \`${name}\``, {
        help: `scheduler { config "profiles.yaml" }, and there extenders: [{ urlPrefix: ${url}, … }]`,
      })
    }
    return { ...one, urlPrefixes: own }
  })
}
