import { didYouMean } from '../diagnostics/did-you-mean.ts'
import type * as ast from '../syntax/ast.ts'
import type { Env } from './env.ts'

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
