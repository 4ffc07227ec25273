import { nearest } from '../diagnostics/did-you-mean.ts'
import type { Reporter } from '../diagnostics/report.ts'
import type * as ast from '../syntax/ast.ts'
import type { Check } from './check.ts'
import { eachOperation } from './walk-plan.ts'

/** Tags with a meaning, the number of arguments they take, and how they are written. */
const meanings: Readonly<Record<string, { readonly from: number; readonly to: number; readonly written: string }>> = {
  only: { from: 0, to: 0, written: '@only' },
  skip: { from: 0, to: 1, written: '@skip("why, ticket")' },
  fails: { from: 1, to: 1, written: '@fails("always no-overcommit")' },
  live: { from: 1, to: 1, written: '@live(safe)' },
  schedule: { from: 1, to: 1000, written: '@schedule("hold kube-scheduler at 1.2s for 300ms")' },
}

/** K117: arguments that a tag does not take, and `@fails` of a sentence that is not there. K112: a tag twice. */
export const tagArguments: Check = {
  name: 'tag-arguments',
  codes: ['K117', 'K112'],
  always: true,
  scenario({ declaration, plans, module }, reporter) {
    const seen = new Map<string, ast.Tag>()
    for (const tag of declaration.tags) {
      const name = tag.name.name
      const before = seen.get(name)
      if (before !== undefined && (Object.hasOwn(meanings, name) || name === 'limit' || name === 'seed'))
        reporter.report('K112', tag.span, `\`@${name}\` stands twice`, {
          labels: [{ span: before.span, text: 'first here' }],
        })
      seen.set(name, tag)
      look(tag, reporter)
    }
    const fails = seen.get('fails')
    const arg = fails?.args[0]
    if (fails === undefined || arg === undefined) return
    const text = module.source.text.slice(arg.span.start, arg.span.end).replace(/^"(.*)"$/s, '$1')
    const sentences: string[] = []
    for (const plan of plans) eachOperation(plan.body, (operation) => void sentences.push(operation.text))
    if (sentences.some((one) => one.startsWith(text))) return
    const begun = nearest(text, new Set(sentences.map((one) => one.slice(0, text.length))))
    const best = begun === undefined ? undefined : sentences.find((one) => one.startsWith(begun))
    reporter.report('K117', arg.span, 'no sentence of this scenario begins so', {
      help:
        best === undefined
          ? '`@fails` names the beginning of the sentence that should break'
          : `did you mean "${best}"?`,
      fix: best === undefined ? undefined : { span: arg.span, text: JSON.stringify(best) },
    })
  },
}

const span = String.raw`(?:[0-9]+(?:\.[0-9]+)?(?:ms|s|m|h))+`
/** What `@schedule` may say: the texts that runtime/runner/schedule-text.ts writes and reads. */
const disturbances = new RegExp(
  String.raw`^(?:interleaving|latency|slow \S+ by ${span}|hold \S+ at ${span} for ${span}|(?:stale-cache|drop-watch) \S+ at ${span} for ${span}|refuse \S+ write [0-9]+|crash \S+ after write [0-9]+ for ${span})$`,
)

const lookAtSchedule = (tag: ast.Tag, reporter: Reporter): void => {
  for (const arg of tag.args) {
    const text = arg.type === 'arg' && arg.value.type === 'string' ? arg.value.raw.slice(1, -1) : ''
    if (!disturbances.test(text))
      reporter.report('K117', arg.span, 'a schedule does not say that', {
        help: '"interleaving", "latency", "slow A by 200ms", "hold A at 1.2s for 300ms", "stale-cache P at 1s for 2s", "drop-watch P at 1s for 2s", "refuse P write 2", "crash P after write 2 for 1s"',
      })
  }
}

const look = (tag: ast.Tag, reporter: Reporter): void => {
  const name = tag.name.name
  const meaning = Object.hasOwn(meanings, name) ? meanings[name] : undefined
  if (meaning === undefined) return
  const { from, to, written } = meaning
  if (tag.args.length < from || tag.args.length > to)
    reporter.report(
      'K117',
      tag.span,
      `\`@${name}\` takes ${to === 0 ? 'no argument' : from === to ? 'one argument' : 'at most one argument'}`,
      {
        help: `written ${written}`,
      },
    )
  else if (name === 'skip' && tag.args.length === 0)
    reporter.report('K117', tag.span, 'a scenario is skipped without a reason', {
      severity: 'warning',
      help: `written ${written}`,
    })
  if (name === 'schedule') return lookAtSchedule(tag, reporter)
  const arg = tag.args[0]
  if (name !== 'live' || arg?.type !== 'arg') return
  const word = arg.value.type === 'noun' ? arg.value.text : ''
  if (word !== 'safe' && word !== 'cluster')
    reporter.report('K117', arg.span, '`@live` takes `safe` or `cluster`', {
      help: 'safe: touches only its own namespace; cluster: touches nodes too',
    })
}
