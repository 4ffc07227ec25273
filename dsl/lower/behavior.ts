import { contradictoryBehavior } from '../checks/contradictory-behavior.ts'
import type { BehaviorSpec, ProbeScript, PullSpec, RunEnd, UsageSegment } from '../plan/behavior-spec.ts'
import type { Duration } from '../plan/cluster-spec.ts'
import { milliValue, wholeValue } from '../../api/quantity/quantity-values.ts'
import type * as ast from '../syntax/ast.ts'
import type { Env } from './env.ts'
import { durationSetting, integerSetting, quantitySetting, settingText, unknownSetting } from './setting-value.ts'
import { interpolate, plainText, stringParts } from './text.ts'

type Draft = { -readonly [K in keyof BehaviorSpec]: BehaviorSpec[K] }

const lines = [
  'pull',
  'start',
  'ready',
  'unready',
  'never',
  'live',
  'started',
  'exit',
  'crash',
  'oom',
  'memory',
  'cpu',
  'stop',
  'ignores-sigterm',
  'writes',
  'log',
] as const

/** `behavior image "web:*" { … }`; undefined if its target says nothing. */
export const lowerBehavior = (node: ast.Behavior, env: Env): BehaviorSpec | undefined => {
  const target = targetOf(node, env)
  if (target === undefined) return undefined
  const draft: Draft = {
    target,
    span: node.span,
    pull: undefined,
    start: undefined,
    ready: undefined,
    live: undefined,
    started: undefined,
    runs: [],
    memory: [],
    cpu: [],
    writes: undefined,
    stop: undefined,
    ignoresSigterm: false,
  }
  for (const prop of node.props.items) {
    if (prop.props !== null) env.reporter.report('K133', prop.props.span, `\`${prop.name.name}\` takes no braces`)
    lowerLine(prop, draft, env)
  }
  contradictoryBehavior(node.props, draft, env.reporter)
  return draft
}

const targetOf = (node: ast.Behavior, env: Env): BehaviorSpec['target'] | undefined => {
  if (node.image !== null)
    return { kind: 'image', glob: plainText(stringParts(node.image.raw, node.image.span, env)) ?? '' }
  const noun = node.noun
  if (noun === null) return undefined
  if (noun.form !== 'ref' || env.kinds.byName(noun.kind)?.plural !== 'pods') {
    env.reporter.report('K117', noun.span, 'a behavior is for an image or a pod', {
      help: 'behavior image "web:*" { … }, or behavior pod/db-0 container app { … }',
    })
    return undefined
  }
  const name = plainText(interpolate(noun.name ?? '', noun.span, env)) ?? ''
  return {
    kind: 'pod',
    namespace: noun.namespace ?? undefined,
    pod: name.replace(/^"|"$/g, ''),
    container: node.container?.name,
  }
}

/** The words of a line, read one after the other. */
interface Line {
  /** Takes the next value if it is this word. */
  word(word: string): boolean
  next(what: string): ast.PropValue | undefined
  end(): void
}

const readLine = (prop: ast.Prop, env: Env): Line => {
  let at = 0
  const peek = (): ast.PropValue | undefined => prop.args[at]
  return {
    word(word) {
      const value = peek()
      if (value?.type !== 'bare' || value.text !== word) return false
      at += 1
      return true
    },
    next(what) {
      const value = peek()
      if (value === undefined) env.reporter.report('K133', prop.span, `\`${prop.name.name}\` wants ${what}`)
      else at += 1
      return value
    },
    end() {
      const value = peek()
      if (value === undefined) return
      const text = env.module.source.text.slice(value.span.start, value.span.end)
      env.reporter.report('K133', value.span, `\`${prop.name.name}\` takes no \`${text}\` here`)
    },
  }
}

const instantly: Duration = { base: 0, spread: 0 }

const lowerLine = (prop: ast.Prop, draft: Draft, env: Env): void => {
  const line = readLine(prop, env)
  const duration = (): Duration | undefined => {
    const value = line.next('a duration')
    return value === undefined ? undefined : durationSetting(value, env)
  }
  const integer = (): number | undefined => {
    const value = line.next('a number')
    return value === undefined ? undefined : integerSetting(value, env)
  }
  const probe = (script: ProbeScript | undefined): ProbeScript => script ?? { after: instantly, outages: [] }
  switch (prop.name.name as (typeof lines)[number]) {
    case 'pull':
      draft.pull = lowerPull(line, duration, integer, env)
      break
    case 'start':
      draft.start = duration()
      break
    case 'stop':
      draft.stop = duration()
      break
    case 'ready':
    case 'started': {
      const name = prop.name.name as 'ready' | 'started'
      if (!line.word('after')) {
        env.reporter.report('K133', prop.span, `\`${name}\` wants \`after\``, {
          help: `${name} after 5s, or never ${name}`,
        })
        return
      }
      draft[name] = { ...probe(draft[name]), after: duration() }
      break
    }
    case 'unready':
    case 'live': {
      const name = prop.name.name === 'live' ? 'live' : 'ready'
      if (name === 'live' && !line.word('fails')) {
        env.reporter.report('K133', prop.span, '`live` wants `fails after`', { help: 'live fails after 2m' })
        return
      }
      const after = line.word('after') ? duration() : instantly
      const lasts = line.word('for') ? duration() : undefined
      const script = probe(draft[name])
      draft[name] = { ...script, outages: [...script.outages, { after: after ?? instantly, lasts }] }
      break
    }
    case 'never': {
      if (line.word('ready')) draft.ready = { after: undefined, outages: [] }
      else if (line.word('started')) draft.started = { after: undefined, outages: [] }
      else {
        env.reporter.report('K133', prop.span, '`never` wants `ready` or `started`')
        return
      }
      break
    }
    case 'exit': {
      const exitCode = integer()
      const after = line.word('after') ? duration() : instantly
      addRun(draft, {
        exitCode: exitCode ?? 0,
        reason: 'exit',
        after: after ?? instantly,
        times: line.word('times') ? (integer() ?? 1) : 1,
      })
      break
    }
    case 'crash':
    case 'oom': {
      const reason = prop.name.name as 'crash' | 'oom'
      if (reason === 'oom' && line.word('at')) {
        const value = line.next('an amount of memory')
        addRun(draft, {
          exitCode: 137,
          reason,
          after: instantly,
          atMemory: value === undefined ? 0 : wholeValue(quantitySetting(value, env) ?? '0'),
          times: line.word('times') ? (integer() ?? 1) : 1,
        })
        break
      }
      const after = line.word('after') ? duration() : instantly
      addRun(draft, {
        exitCode: reason === 'oom' ? 137 : 1,
        reason,
        after: after ?? instantly,
        times: line.word('times') ? (integer() ?? 1) : 1,
      })
      break
    }
    case 'memory':
      draft.memory = usage(line, (value) => wholeValue(quantitySetting(value, env) ?? '0'), duration)
      break
    case 'cpu':
      draft.cpu = usage(line, (value) => milliValue(quantitySetting(value, env) ?? '0'), duration)
      break
    case 'writes': {
      const value = line.next('a quantity')
      const bytes = value === undefined ? 0 : wholeValue(quantitySetting(value, env) ?? '0')
      draft.writes = { bytes, over: (line.word('over') ? duration() : instantly) ?? instantly }
      break
    }
    case 'log': {
      const value = line.next('the line in quotes')
      if (value === undefined) return
      if (value.type !== 'string') {
        env.reporter.report('K133', value.span, '`log` wants the line in quotes', {
          help: 'log "listening" after 2s, log "tick" every 10s, log "bye" at exit',
        })
        return
      }
      const { text } = settingText(value, env)
      if (line.word('at')) {
        if (!line.word('exit')) {
          env.reporter.report('K133', prop.span, '`log … at` wants `exit`', { help: 'log "bye" at exit' })
          return
        }
        draft.logs = [...(draft.logs ?? []), { kind: 'exit', text }]
        break
      }
      const after = line.word('after') ? duration() : undefined
      const every = line.word('every') ? duration() : undefined
      if (every !== undefined && every.base - every.spread <= 0)
        env.reporter.report('K133', prop.span, 'a line cannot come again at once', { help: 'log "tick" every 10s' })
      draft.logs = [...(draft.logs ?? []), { kind: 'running', text, after: after ?? every ?? instantly, every }]
      break
    }
    case 'ignores-sigterm':
      draft.ignoresSigterm = true
      break
    default:
      unknownSetting(prop, 'behavior', lines, env)
      return
  }
  line.end()
}

/** `times 0` means that the line does not happen: a table may say so. */
const addRun = (draft: Draft, run: RunEnd): void => {
  if (run.times > 0) draft.runs = [...draft.runs, run]
}

const lowerPull = (
  line: Line,
  duration: () => Duration | undefined,
  integer: () => number | undefined,
  env: Env,
): PullSpec | undefined => {
  if (line.word('size')) {
    const value = line.next('a quantity')
    return value === undefined ? undefined : { kind: 'size', bytes: wholeValue(quantitySetting(value, env) ?? '0') }
  }
  if (line.word('fails')) {
    const times = line.word('times') ? integer() : undefined
    return { kind: 'fails', times, then: line.word('then') ? duration() : undefined }
  }
  const time = duration()
  return time === undefined ? undefined : { kind: 'takes', time }
}

/** `100m for 2m then 800m`, `50Mi -> 300Mi over 5m` */
const usage = (
  line: Line,
  amount: (value: ast.PropValue) => number,
  duration: () => Duration | undefined,
): readonly UsageSegment[] => {
  const segments: UsageSegment[] = []
  do {
    const value = line.next('an amount')
    if (value === undefined) break
    const from = amount(value)
    if (line.word('->')) {
      const end = line.next('an amount')
      const to = end === undefined ? from : amount(end)
      segments.push({ from, to, over: line.word('over') ? duration() : instantly })
    } else segments.push({ from, to: from, over: line.word('for') ? duration() : undefined })
  } while (line.word('then'))
  const last = segments.at(-1)
  // What a ramp or a step reaches stays.
  if (last?.over !== undefined && last.to !== last.from) segments.push({ from: last.to, to: last.to, over: undefined })
  return segments
}

export const behaviorImage = (node: ast.Behavior, env: Env): string | undefined =>
  node.image === null ? undefined : settingText(node.image, env).text
