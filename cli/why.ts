import { nounOf } from '../api/noun-of.ts'
import { objectSubject } from '../api/object-key.ts'
import { whyState } from '../reporters/why-state.ts'
import type { History } from '../runtime/record/decode-history.ts'
import { causesOf } from '../runtime/runner/causes.ts'
import { worldAt } from '../runtime/runner/why/world-at.ts'
import { exitCode, type ExitCode } from './exit-code.ts'
import { parseInstant } from './instant.ts'
import { chooseRun, readRun } from './read-run.ts'
import { createSourceHost } from './source-host.ts'
import { terminalOf } from './terminal.ts'
import { UsageError } from './usage-error.ts'

export interface WhyFlags {
  readonly at?: string
  readonly scenario?: string
  readonly color?: boolean
}

/** Timeline subjects whose noun it is; a trailing `*` matches the rest of the name. */
const subjectsOf = ({ timeline, start }: History, noun: string): readonly string[] => {
  const matches = noun.endsWith('*')
    ? (text: string): boolean => text.startsWith(noun.slice(0, -1))
    : (text: string): boolean => text === noun
  const found = new Set<string>()
  for (const { resource, object } of start.objects) {
    const subject = objectSubject(resource, object.metadata.namespace, object.metadata.name)
    if (matches(nounOf(subject))) found.add(subject)
  }
  for (let entry = 0; entry < timeline.length; entry += 1)
    if (timeline.kind(entry) === 'revision' && matches(nounOf(timeline.subject(entry))))
      found.add(timeline.subject(entry))
  return [...found].sort()
}

/** What the noun may have meant: objects of its kind that there were. */
const nearby = (history: History, noun: string): string => {
  const kind = noun.slice(0, noun.indexOf('/') + 1)
  const names = subjectsOf(history, `${kind}*`).map(nounOf)
  if (kind === '' || names.length === 0) return 'an object is named as in scenarios: pod/web-0, deployment/web@prod'
  return `there were ${names.slice(0, 5).join(', ')}${names.length > 5 ? ` and ${names.length - 5} more` : ''}`
}

/** `kscn why run.json pod/web-0 --at 41s` */
export const why = (path: string, noun: string, flags: WhyFlags): ExitCode => {
  const source = createSourceHost().read(path, '')
  if ('error' in source) throw new UsageError(`${path} cannot be read: ${source.error}`)
  const runs = readRun(path, source.text)
  if (runs === undefined)
    throw new UsageError(`${path} is no record of a run`, 'write one with: kscn run FILE --reporter json:run.json')
  const run = chooseRun(runs, path, flags.scenario)
  const at = flags.at === undefined ? run.duration : parseInstant(flags.at, '--at')
  if (at > run.duration)
    throw new UsageError(`--at ${flags.at!}: the run ended at t=${run.duration / 1e6}s`, 'name an instant before that')
  const history = run.history()
  const subjects = subjectsOf(history, noun.replace(/^(pods|po)\//, 'pod/'))
  if (subjects.length === 0)
    throw new UsageError(`nothing called ${noun} was ever stored in "${run.title}"`, nearby(history, noun))
  const positions = new Map(run.behaviors.map((one) => [`${one.span.file}:${one.span.start}`, one.position]))
  const world = worldAt(history, at, run.behaviors)
  const terminal = terminalOf(process.stdout, flags.color)
  const texts = subjects.map((subject) =>
    whyState(
      {
        title: run.title,
        subject,
        at,
        timeline: world.cluster.timeline,
        why: causesOf([subject], world),
        positionOf: ({ span }) => (span === undefined ? '' : (positions.get(`${span.file}:${span.start}`) ?? '')),
        pending: at === run.duration ? run.pending : [],
      },
      terminal,
    ),
  )
  process.stdout.write(texts.join('\n'))
  return exitCode.held
}
