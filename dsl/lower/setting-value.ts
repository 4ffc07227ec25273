import { grouped } from '../diagnostics/grouped.ts'
import { didYouMean, nearest } from '../diagnostics/did-you-mean.ts'
import type { Duration } from '../plan/cluster-spec.ts'
import type { Span } from '../source/span.ts'
import type * as ast from '../syntax/ast.ts'
import { constantNamed, constantOf } from './constant.ts'
import type { Env } from './env.ts'
import { reportUnknownName } from './expression.ts'
import { durationMicros, measureAdvice, quantityText } from './measure.ts'
import { interpolate, plainText, stringParts } from './text.ts'

/** One value of a setting as text, with a binding in its place if it names one. */
export interface SettingText {
  readonly text: string
  readonly span: Span
}

/**
 * The text of a setting's value. A bare word is a binding where the schema knows no such keyword (`keywords`); `${name}`
 * always is one. Settings are needed before the run, so a value that only the run knows is refused.
 */
export const settingText = (value: ast.PropValue, env: Env, keywords: 'any' | readonly string[] = []): SettingText => {
  const { span } = value
  if (value.type === 'bare') {
    const parts = interpolate(value.text, span, env)
    const text = plainText(parts)
    if (text === undefined) return late(span, env)
    const known = keywords === 'any' || keywords.includes(value.text)
    const constant = known || !/^[A-Za-z_]/.test(value.text) ? undefined : constantNamed(value.text, env)
    return { text: constant?.text ?? text, span }
  }
  if (value.type === 'string') {
    const text = plainText(stringParts(value.raw, span, env))
    return text === undefined ? late(span, env) : { text, span }
  }
  if (value.type === 'noun') {
    const constant =
      value.form === 'bare' && keywords !== 'any' && !keywords.includes(value.text)
        ? constantNamed(value.text, env)
        : undefined
    return { text: constant?.text ?? value.text, span }
  }
  if (value.type === 'spread') return settingText(value.base, env, keywords)
  const constant = constantOf(value, env)
  if (constant !== undefined) return { text: constant.text, span }
  if (value.type === 'measure') return { text: value.text, span }
  return late(span, env)
}

const late = (span: Span, env: Env): SettingText => {
  env.reporter.report('K132', span, 'a setting must be known before the run')
  return { text: '', span }
}

/** The items of `[a, b]`, or the value itself. */
export const settingItems = (values: readonly ast.PropValue[]): readonly ast.PropValue[] =>
  values.flatMap((one): readonly ast.PropValue[] =>
    one.type === 'list' ? one.items.map((item) => (item as ast.Arg).value) : [one],
  )

const wrong = (value: SettingText, what: string, examples: string, env: Env): void => {
  if (value.text === '') return
  if (/^[A-Za-z_][A-Za-z0-9_-]*$/.test(value.text)) {
    reportUnknownName(value.text, value.span, env)
    return
  }
  env.reporter.report('K107', value.span, `\`${value.text}\` is not a ${what}`, {
    help: measureAdvice(value.text) ?? examples,
  })
}

export const quantitySetting = (value: ast.PropValue, env: Env): string | undefined => {
  const text = settingText(value, env)
  const quantity = quantityText(text.text)
  if (quantity === undefined) wrong(text, 'quantity', 'quantities are written 250m, 2, 64Mi, 1Gi, 1G', env)
  return quantity
}

export const microsSetting = (value: ast.PropValue, env: Env): number | undefined => {
  const text = settingText(value, env)
  const micros = durationMicros(text.text)
  if (micros === undefined)
    wrong(
      text,
      'duration',
      /^[0-9]+$/.test(text.text) ? `a unit is missing: ${text.text}s?` : 'durations are written 500ms, 30s, 5m, 1h30m',
      env,
    )
  return micros
}

export const durationSetting = (value: ast.PropValue, env: Env): Duration | undefined => {
  if (value.type === 'spread') {
    const base = microsSetting(value.base, env)
    const spread = microsSetting(value.by, env)
    return base === undefined || spread === undefined ? undefined : { base, spread }
  }
  const base = microsSetting(value, env)
  return base === undefined ? undefined : { base, spread: 0 }
}

export const integerSetting = (value: ast.PropValue, env: Env): number | undefined => {
  const text = settingText(value, env)
  if (/^[0-9]+$/.test(text.text)) return Number(text.text)
  wrong(text, 'whole number', 'digits only', env)
  return undefined
}

/** How many of something a cluster can have. */
export const countSetting = (
  value: ast.PropValue,
  of: { readonly least: number; readonly most: number; readonly what: string },
  env: Env,
): number | undefined => {
  const count = integerSetting(value, env)
  if (count === undefined || (count >= of.least && count <= of.most)) return count
  env.reporter.report('K107', value.span, `${grouped(count)} ${of.what} cannot be simulated`, {
    help: `${of.least} to ${grouped(of.most)} can`,
  })
  return undefined
}

export const choiceSetting = <T extends string>(
  value: ast.PropValue,
  choices: readonly T[],
  env: Env,
): T | undefined => {
  const text = settingText(value, env, choices)
  const found = choices.find((one) => one === text.text)
  if (found === undefined)
    env.reporter.report('K134', text.span, `\`${text.text}\` is not one of ${choices.join(', ')}`, {
      help: didYouMean(text.text, choices),
    })
  return found
}

/** Reports a setting without value, or with too many. */
export const oneValue = (prop: ast.Prop, env: Env): ast.PropValue | undefined => {
  const [first, second] = prop.args
  if (first === undefined) env.reporter.report('K133', prop.name.span, `\`${prop.name.name}\` wants a value`)
  else if (second !== undefined) env.reporter.report('K133', second.span, `\`${prop.name.name}\` takes one value`)
  return first
}

/** K103. Returns the setting as it was probably meant, so that its value is checked too. */
export const unknownSetting = (
  prop: ast.Prop,
  block: string,
  known: readonly string[],
  env: Env,
): ast.Prop | undefined => {
  const best = nearest(prop.name.name, known)
  env.reporter.report('K103', prop.name.span, `unknown setting \`${prop.name.name}\` in ${block}`, {
    help:
      best === undefined
        ? `settings: ${known.slice(0, 14).join(', ')}${known.length > 14 ? ', …' : ''}`
        : `did you mean \`${best}\`?`,
    fix: best === undefined ? undefined : { span: prop.name.span, text: best },
  })
  return best === undefined ? undefined : { ...prop, name: { ...prop.name, name: best } }
}
