import type { Reporter } from '../diagnostics/report.ts'
import type { BehaviorSpec, ProbeScript } from '../plan/behavior-spec.ts'
import type { Span } from '../source/span.ts'
import type * as ast from '../syntax/ast.ts'

type Lines = Pick<BehaviorSpec, 'ready' | 'live' | 'runs'>

/** K151: lines of one behavior that cannot both be true, or that the container never lives to see. */
export const contradictoryBehavior = (props: ast.Props, lines: Lines, reporter: Reporter): void => {
  const found = wordsOf(props)
  const first = (words: string): ast.Prop | undefined => found.find((one) => one.words === words)?.prop
  const clash = (prop: ast.Prop, other: ast.Prop, message: string, help: string): void => {
    const [earlier, later] = prop.span.start < other.span.start ? [prop, other] : [other, prop]
    reporter.report('K151', later.span, message, { help, labels: [{ span: earlier.span, text: 'said here' }] })
  }
  const never = first('never ready')
  const ready = first('ready') ?? first('unready')
  if (never !== undefined && ready !== undefined)
    clash(never, ready, 'what is never ready neither becomes ready nor stops being it', 'leave one of them out')
  const neverStarted = first('never started')
  const started = first('started')
  if (neverStarted !== undefined && started !== undefined)
    clash(neverStarted, started, 'what never starts is not started after a while', 'leave one of them out')
  const stop = first('stop')
  const ignores = first('ignores-sigterm')
  if (stop !== undefined && ignores !== undefined)
    clash(
      stop,
      ignores,
      'what ignores SIGTERM is not stopped by it',
      'it ends when its grace period does: leave `stop` out',
    )
  if (never === undefined) outages('unready', lines.ready, found, reporter)
  outages('live', lines.live, found, reporter)
  unseen(lines, found, reporter)
  for (const { prop, words } of found) if (words === 'exit') exitCode(prop, reporter)
}

interface Found {
  readonly prop: ast.Prop
  /** `never ready`, otherwise its first word. */
  readonly words: string
}

const wordsOf = (props: ast.Props): readonly Found[] =>
  props.items.map((prop) => {
    const [word] = prop.args
    const name = prop.name.name
    return { prop, words: name === 'never' && word?.type === 'bare' ? `never ${word.text}` : name }
  })

/** What the line at this place says; each adds one outage. */
const nth = (name: string, index: number, found: readonly Found[]): Span | undefined =>
  found.filter((one) => one.words === name)[index]?.prop.span

/** An outage without an end hides those behind it, and one that ends before the container is ready hides itself. */
const outages = (
  name: 'unready' | 'live',
  script: ProbeScript | undefined,
  found: readonly Found[],
  reporter: Reporter,
): void => {
  const word = name === 'unready' ? 'unready after 1m for 20s' : 'live fails after 2m for 20s'
  const begins = script?.after?.base ?? 0
  let endless: { readonly after: number; readonly span: Span } | undefined
  script?.outages.forEach(({ after, lasts }, index) => {
    const span = nth(name, index, found)
    if (span === undefined) return
    if (endless !== undefined && after.base >= endless.after)
      reporter.report('K151', span, 'it never comes to this: what is said before it has no end', {
        help: `how long it lasts stands behind it: ${word}`,
        labels: [{ span: endless.span, text: 'lasts for ever' }],
      })
    else if (name === 'unready' && begins > 0 && after.base + (lasts?.base ?? Number.POSITIVE_INFINITY) <= begins)
      reporter.report('K151', span, 'it is not ready yet at that time, so this changes nothing', {
        help: 'times are counted from the start of the container',
      })
    else if (name === 'unready' && lasts === undefined && begins > 0 && after.base <= begins)
      reporter.report('K151', span, 'it is unready from before it becomes ready, and for ever', {
        help: 'never ready says so; how long it is unready stands behind it: unready after 1m for 20s',
      })
    if (lasts === undefined) endless ??= { after: after.base, span }
  })
}

/** A liveness probe that would fail when every run has ended before. */
const unseen = ({ live, runs }: Lines, found: readonly Found[], reporter: Reporter): void => {
  if (runs.length === 0 || runs.some((one) => one.atMemory !== undefined)) return
  const longest = Math.max(...runs.map(({ after }) => after.base + after.spread))
  live?.outages.forEach(({ after }, index) => {
    const span = nth('live', index, found)
    if (span !== undefined && after.base - after.spread >= longest)
      reporter.report('K151', span, 'every run of the container has ended by then', {
        help: 'times are counted from the start of each run',
      })
  })
}

const exitCode = (prop: ast.Prop, reporter: Reporter): void => {
  const [code] = prop.args
  const text = code === undefined ? '' : 'text' in code ? code.text : ''
  if (!/^\d+$/.test(text) || Number(text) <= 255) return
  reporter.report('K151', prop.span, `no process ends with ${text}`, {
    help: 'exit codes are 0 to 255; 128 and the number of a signal for what a signal ends',
  })
}
