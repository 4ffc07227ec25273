import { resourceName } from '../../api/object-key.ts'
import type { Json } from '../../api/object.ts'
import { didYouMean } from '../diagnostics/did-you-mean.ts'
import type { WebhookDenial, WebhookOperation, WebhookSpec } from '../plan/cluster-spec.ts'
import type * as ast from '../syntax/ast.ts'
import { blockName } from './cluster-blocks.ts'
import { jsonDocuments } from './documents.ts'
import type { Env } from './env.ts'
import { choiceSetting, microsSetting, oneValue, settingItems, settingText, unknownSetting } from './setting-value.ts'

const keys = ['on', 'deny', 'patch', 'latency', 'timeout', 'failure-policy'] as const
const operations = ['create', 'update', 'delete', 'connect'] as const

type Draft = { -readonly [K in keyof WebhookSpec]: WebhookSpec[K] }

/** `webhook image-policy { on pods [create, update], deny image "*:latest" saying "…" }` */
export const lowerWebhook = (prop: ast.Prop, env: Env): WebhookSpec | undefined => {
  const name = blockName(prop, env)
  if (name === undefined) return undefined
  const draft: Draft = {
    name, span: prop.span, on: [], deny: [], patch: [], latency: 0, timeout: undefined, failurePolicy: undefined,
  } // prettier-ignore
  for (const one of prop.props?.items ?? []) {
    switch (one.name.name as (typeof keys)[number]) {
      case 'on': {
        const rule = ruleOf(one, env)
        if (rule !== undefined) draft.on = [...draft.on, rule]
        break
      }
      case 'deny': {
        const denial = denialOf(one, env)
        if (denial !== undefined) draft.deny = [...draft.deny, denial]
        break
      }
      case 'patch':
        draft.patch = [...draft.patch, ...patchOf(one, env)]
        break
      case 'latency':
      case 'timeout': {
        const value = oneValue(one, env)
        if (value !== undefined) draft[one.name.name as 'latency'] = microsSetting(value, env) ?? 0
        break
      }
      case 'failure-policy': {
        const value = oneValue(one, env)
        if (value !== undefined) draft.failurePolicy = choiceSetting(value, ['Fail', 'Ignore'], env)
        break
      }
      default:
        unknownSetting(one, 'webhook', keys, env)
    }
  }
  return draft
}

const ruleOf = (prop: ast.Prop, env: Env): WebhookSpec['on'][number] | undefined => {
  const [kind, ...rest] = prop.args
  if (kind === undefined) {
    env.reporter.report('K133', prop.span, '`on` wants a kind', { help: 'on pods [create, update]' })
    return undefined
  }
  const { text, span } = settingText(kind, env, 'any')
  const resource = env.kinds.byName(text)
  if (resource === undefined) {
    env.reporter.report('K101', span, `unknown kind \`${text}\``, { help: didYouMean(text, env.kinds.words()) })
    return undefined
  }
  const named = settingItems(rest).map((one) => choiceSetting(one, operations, env))
  const chosen = named.filter((one) => one !== undefined)
  return {
    resource: resourceName(resource),
    operations: (chosen.length === 0 ? (['create'] as const) : chosen).map(
      (one): WebhookOperation => one.toUpperCase() as WebhookOperation,
    ),
  }
}

/** `deny image "*:latest" saying "…"`, `deny all saying "…"` */
const denialOf = (prop: ast.Prop, env: Env): WebhookDenial | undefined => {
  const words = prop.args.map((one) => settingText(one, env, 'any'))
  const [first] = words
  const field = (['image', 'name', 'label', 'all'] as const).find((one) => one === first?.text)
  const glob = field === 'all' ? '*' : words[1]?.text
  const rest = words.slice(field === 'all' ? 1 : 2)
  if (field === undefined || glob === undefined || (rest.length > 0 && rest[0]?.text !== 'saying') || rest.length > 2) {
    env.reporter.report('K133', prop.span, '`deny` wants image, name or label with a pattern, or all', {
      help: 'deny image "*:latest" saying "use an immutable tag"',
    })
    return undefined
  }
  return { field, glob, message: rest[1]?.text ?? '' }
}

const patchOf = (prop: ast.Prop, env: Env): readonly Json[] => {
  const [value] = prop.args
  if (value?.type === 'string') return jsonDocuments(value, env)
  env.reporter.report('K133', prop.span, '`patch` wants a file', { help: 'patch "manifests/add-label.yaml"' })
  return []
}
