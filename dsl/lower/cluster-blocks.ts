import { refuse } from '../checks/unsupported.ts'
import type { ControllerSpec, StorageClassSpec } from '../plan/cluster-spec.ts'
import type * as ast from '../syntax/ast.ts'
import type { Env } from './env.ts'
import { measureLiteral } from './measure.ts'
import { choiceSetting, integerSetting, microsSetting, oneValue, settingText, unknownSetting } from './setting-value.ts'

/** The name behind `storageclass`, `webhook`, `registry`, `controller`. */
export const blockName = (prop: ast.Prop, env: Env): string | undefined => {
  const [name, more] = prop.args
  if (name === undefined) {
    env.reporter.report('K133', prop.span, `\`${prop.name.name}\` wants a name`)
    return undefined
  }
  if (more !== undefined) env.reporter.report('K133', more.span, `\`${prop.name.name}\` takes one name`)
  return settingText(name, env, 'any').text
}

/** A word that stands alone: `default`, `zonal`. */
const flag = (prop: ast.Prop, env: Env): true => {
  const [first] = prop.args
  if (first !== undefined) env.reporter.report('K133', first.span, `\`${prop.name.name}\` takes no value`)
  return true
}

type Draft<T> = { -readonly [K in keyof T]: T[K] }

const storageKeys = ['default', 'provision', 'attach', 'zonal', 'bind', 'limit', 'fails'] as const

/** `storageclass ssd { provision 3s, zonal }` */
export const lowerStorageClass = (prop: ast.Prop, env: Env): StorageClassSpec | undefined => {
  const name = blockName(prop, env)
  if (name === undefined) return undefined
  const draft: Draft<StorageClassSpec> = {
    name, isDefault: false, provision: 0, attach: 0, zonal: false, bind: 'immediate', limit: undefined, fails: 0,
  } // prettier-ignore
  for (const one of prop.props?.items ?? []) {
    const key = one.name.name as (typeof storageKeys)[number]
    if (key === 'default') draft.isDefault = flag(one, env)
    else if (key === 'zonal') draft.zonal = flag(one, env)
    else if (!storageKeys.includes(key)) unknownSetting(one, 'storageclass', storageKeys, env)
    else {
      const value = oneValue(one, env)
      if (value === undefined) continue
      if (key === 'bind') draft.bind = choiceSetting(value, ['immediate', 'wait'], env) ?? 'immediate'
      else if (key === 'limit') draft.limit = integerSetting(value, env)
      else if (key === 'fails') draft.fails = percentSetting(value, env)
      else draft[key] = microsSetting(value, env) ?? 0
      if (key === 'attach' && draft.attach > 0) refuse('attach', one.span, env.reporter)
    }
  }
  return draft
}

const percentSetting = (value: ast.PropValue, env: Env): number => {
  const { text, span } = settingText(value, env)
  const literal = measureLiteral(text)
  if (literal?.type === 'percent' && literal.value <= 100) return literal.value / 100
  env.reporter.report('K107', span, `\`${text}\` is no share`, { help: 'written 10%' })
  return 0
}

const controllerKeys = ['from', 'replicas', 'as'] as const

/** `controller widgets { from "./widgets.ts", replicas 2, as serviceaccount/widgets@apps }` */
export const lowerController = (prop: ast.Prop, env: Env): ControllerSpec | undefined => {
  const name = blockName(prop, env)
  if (name === undefined) return undefined
  const draft: Draft<ControllerSpec> = { name, span: prop.span, file: '', replicas: 1, as: undefined }
  for (const one of prop.props?.items ?? []) {
    if (!(controllerKeys as readonly string[]).includes(one.name.name)) {
      unknownSetting(one, 'controller', controllerKeys, env)
      continue
    }
    const value = oneValue(one, env)
    if (value === undefined) continue
    if (one.name.name === 'replicas') draft.replicas = integerSetting(value, env) ?? 1
    else if (one.name.name === 'as') draft.as = accountOf(value, env)
    else draft.file = scriptPath(value, env)
  }
  if (draft.file === '')
    env.reporter.report('K133', prop.span, `\`controller ${name}\` wants a module`, {
      help: `controller ${name} { from "./${name}.ts" }`,
    })
  return draft
}

export const scriptPath = (value: ast.PropValue, env: Env): string => {
  const { text, span } = settingText(value, env, 'any')
  const file = env.host.read(text, env.module.source.path)
  if (!('error' in file)) return file.path
  env.reporter.report('K102', span, `${text} cannot be read: ${file.error}`, {
    help: 'paths are relative to the .kscn file',
  })
  return ''
}

const accountOf = (value: ast.PropValue, env: Env): ControllerSpec['as'] => {
  const { text, span } = settingText(value, env, 'any')
  const found = /^serviceaccount\/([a-z0-9.-]+)(?:@([a-z0-9-]+))?$/.exec(text)
  if (found !== null) return { name: found[1] ?? '', namespace: found[2] ?? 'default' }
  env.reporter.report('K107', span, `\`${text}\` is no service account`, { help: 'as serviceaccount/widgets@apps' })
  return undefined
}
