import { wholeValue } from '../../api/quantity/quantity-values.ts'
import type { RegistryImage, RegistryLayer, RegistrySpec } from '../plan/cluster-spec.ts'
import type * as ast from '../syntax/ast.ts'
import { blockName } from './cluster-blocks.ts'
import type { Env } from './env.ts'
import {
  integerSetting,
  microsSetting,
  oneValue,
  quantitySetting,
  settingItems,
  settingText,
  unknownSetting,
} from './setting-value.ts'

type Draft = { -readonly [K in keyof RegistrySpec]: RegistrySpec[K] }

const keys = ['host', 'latency', 'bandwidth', 'rate-limit', 'login', 'image', 'missing', 'forbid'] as const

/** Where images without a host come from. */
const hub = 'docker.io'
const hostShape =
  /^(?:[a-zA-Z0-9](?:[a-zA-Z0-9-]*[a-zA-Z0-9])?)(?:\.[a-zA-Z0-9](?:[a-zA-Z0-9-]*[a-zA-Z0-9])?)*(?::\d+)?$/
const isHost = (name: string): boolean => hostShape.test(name) && (/[.:]/.test(name) || name === 'localhost')

/** `registry ghcr.io { latency 20ms, bandwidth 50Mi, rate-limit 100 per 1h }` */
export const lowerRegistry = (prop: ast.Prop, env: Env): RegistrySpec | undefined => {
  const name = blockName(prop, env)
  if (name === undefined) return undefined
  const draft: Draft = {
    name, span: prop.span, host: isHost(name) ? name : hub, latency: 0, bandwidth: undefined, rateLimit: undefined,
    logins: [], images: [], missing: [], forbidden: [],
  } // prettier-ignore
  for (const one of prop.props?.items ?? []) lowerLine(one, draft, env)
  const forbids = prop.props?.items.find((one) => one.name.name === 'forbid')
  if (forbids !== undefined && draft.logins.length === 0)
    env.reporter.report('K152', forbids.span, '`forbid` refuses who has logged in, and this registry asks nobody to', {
      help: 'add login USER "PASSWORD", or say that the images are not there: missing "web:v9"',
    })
  return draft
}

const lowerLine = (one: ast.Prop, draft: Draft, env: Env): void => {
  const { reporter } = env
  if (one.props !== null && one.name.name !== 'image')
    reporter.report('K133', one.props.span, `\`${one.name.name}\` takes no braces`)
  switch (one.name.name as (typeof keys)[number]) {
    case 'host': {
      const value = oneValue(one, env)
      if (value === undefined) return
      const { text, span } = settingText(value, env, 'any')
      if (isHost(text)) draft.host = text
      else
        reporter.report('K107', span, `\`${text}\` is no host of a registry`, {
          help: 'as image names begin: ghcr.io, registry.example.com:5000',
        })
      return
    }
    case 'latency': {
      const value = oneValue(one, env)
      if (value !== undefined) draft.latency = microsSetting(value, env) ?? 0
      return
    }
    case 'bandwidth': {
      const value = oneValue(one, env)
      const bytes = value === undefined ? undefined : bytesSetting(value, env)
      if (bytes === 0)
        reporter.report('K152', value!.span, 'a registry without bandwidth never delivers an image', {
          help: 'a registry that is away is a fault: inject down registry/x',
        })
      else draft.bandwidth = bytes
      return
    }
    case 'rate-limit':
      draft.rateLimit = rateOf(one, env) ?? draft.rateLimit
      return
    case 'login': {
      const [user, password, more] = one.args
      if (user === undefined || password === undefined || more !== undefined) {
        reporter.report('K133', one.span, '`login` wants a user and a password', { help: 'login robot "s3cret"' })
        return
      }
      const login = { user: settingText(user, env, 'any').text, password: settingText(password, env, 'any').text }
      draft.logins = [...draft.logins.filter((known) => known.user !== login.user), login]
      return
    }
    case 'image': {
      const image = imageOf(one, env)
      if (image !== undefined) draft.images = [...draft.images, image]
      return
    }
    case 'missing':
      draft.missing = [...draft.missing, ...globsOf(one, env)]
      return
    case 'forbid':
      draft.forbidden = [...draft.forbidden, ...globsOf(one, env)]
      return
    default:
      unknownSetting(one, 'registry', keys, env)
  }
}

const bytesSetting = (value: ast.PropValue, env: Env): number | undefined => {
  const quantity = quantitySetting(value, env)
  return quantity === undefined ? undefined : wholeValue(quantity)
}

const rateOf = (prop: ast.Prop, env: Env): RegistrySpec['rateLimit'] => {
  const [pulls, per, time, more] = prop.args
  const help = 'rate-limit 100 per 1h'
  if (pulls === undefined || time === undefined || more !== undefined || settingText(per!, env, 'any').text !== 'per') {
    env.reporter.report('K133', prop.span, '`rate-limit` wants a number of pulls and a time', { help })
    return undefined
  }
  const count = integerSetting(pulls, env)
  const window = microsSetting(time, env)
  if (count === undefined || window === undefined) return undefined
  if (window > 0) return { pulls: count, per: window }
  env.reporter.report('K152', time.span, 'a rate limit over no time allows any number of pulls', { help })
  return undefined
}

const globsOf = (prop: ast.Prop, env: Env): readonly string[] => {
  if (prop.args.length === 0)
    env.reporter.report('K133', prop.span, `\`${prop.name.name}\` wants an image`, {
      help: `${prop.name.name} "web:v9"`,
    })
  return settingItems(prop.args).map((one) => settingText(one, env, 'any').text)
}

/** `image "web:*" 250Mi`, `image "web:v1" { layer base 200Mi, layer web 50Mi }` */
const imageOf = (prop: ast.Prop, env: Env): RegistryImage | undefined => {
  const [glob, size, more] = prop.args
  const help = 'image "web:v1" 250Mi, or image "web:v1" { layer base 200Mi, layer web 50Mi }'
  if (glob === undefined || more !== undefined || (size !== undefined && prop.props !== null)) {
    env.reporter.report('K133', prop.span, '`image` wants a name, and a size or layers', { help })
    return undefined
  }
  const name = settingText(glob, env, 'any').text
  if (prop.props !== null) return { glob: name, layers: prop.props.items.flatMap((one) => layerOf(one, env)) }
  if (size === undefined) return { glob: name, layers: [] }
  const bytes = bytesSetting(size, env)
  return bytes === undefined ? undefined : { glob: name, layers: [{ name: '', size: bytes }] }
}

const layerOf = (prop: ast.Prop, env: Env): readonly RegistryLayer[] => {
  if (prop.name.name !== 'layer') {
    unknownSetting(prop, 'image', ['layer'], env)
    return []
  }
  const [name, size, more] = prop.args
  if (name === undefined || size === undefined || more !== undefined) {
    env.reporter.report('K133', prop.span, '`layer` wants a name and a size', { help: 'layer base 200Mi' })
    return []
  }
  const bytes = bytesSetting(size, env)
  return bytes === undefined ? [] : [{ name: settingText(name, env, 'any').text, size: bytes }]
}
