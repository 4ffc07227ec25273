import { didYouMean } from '../diagnostics/did-you-mean.ts'
import type { Tag } from '../plan/plan.ts'
import type * as ast from '../syntax/ast.ts'
import type { Env } from './env.ts'
import { durationMicros } from './measure.ts'

/** Tags with a meaning; any other name is a label to select by. */
const meaningful = ['skip', 'only', 'limit', 'seed', 'live', 'fails', 'schedule']

export interface Tags {
  readonly tags: readonly Tag[]
  readonly limit: { readonly time: number; readonly events: number }
  readonly seed: string | undefined
}

const hour = 3_600_000_000

export const lowerTags = (tags: readonly ast.Tag[], env: Env): Tags => {
  let limit = { time: hour, events: 10_000_000 }
  let seed: string | undefined
  const text = env.module.source.text
  const lowered = tags.map((tag): Tag => {
    const args = tag.args.map((one) => text.slice(one.span.start, one.span.end).replace(/^"(.*)"$/s, '$1'))
    const name = tag.name.name
    const near = meaningful.includes(name) ? undefined : didYouMean(name, meaningful)
    if (near !== undefined && name.length > 3)
      env.reporter.report('K117', tag.name.span, `\`@${name}\` has no meaning of its own`, {
        severity: 'warning',
        help: near,
      })
    if (name === 'limit') limit = lowerLimit(tag, args, limit, env)
    if (name === 'seed') {
      seed = args[0]
      if (args.length !== 1) env.reporter.report('K117', tag.span, '`@seed` wants one value', { help: '@seed(42)' })
    }
    return { name, args, span: tag.span }
  })
  return { tags: lowered, limit, seed }
}

const lowerLimit = (tag: ast.Tag, args: readonly string[], before: Tags['limit'], env: Env): Tags['limit'] => {
  let { time, events } = before
  for (const [index, arg] of args.entries()) {
    const span = tag.args[index]?.span ?? tag.span
    const amount = /^([0-9]+(?:\.[0-9]+)?)([kKMG]?)\s+events$/.exec(arg)
    const micros = durationMicros(arg)
    if (amount !== null)
      events = Math.round(Number(amount[1]) * ({ '': 1, k: 1e3, K: 1e3, M: 1e6, G: 1e9 }[amount[2] ?? ''] ?? 1))
    else if (micros !== undefined) time = micros
    else
      env.reporter.report('K107', span, `\`${arg}\` is neither a duration nor a number of events`, {
        help: '@limit(30m), @limit(30m, 50M events)',
      })
  }
  if (args.length === 0)
    env.reporter.report('K117', tag.span, '`@limit` wants a duration', { help: '@limit(30m, 50M events)' })
  return { time, events }
}
