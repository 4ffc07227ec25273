import type { Expression } from '../../dsl/plan/expression.ts'
import type { Expectation, Operation } from '../../dsl/plan/operation.ts'
import { nounOf } from '../../api/noun-of.ts'
import type { Cluster } from '../cluster/cluster.ts'
import { minute, second, type Micros } from '../kernel/micros.ts'
import type { LastWrite } from '../record/complaint.ts'
import type { Finding } from '../record/finding.ts'
import type { RequestNote } from '../record/request-note.ts'
import { blankFinding } from './blank-finding.ts'
import { isWrite, processOf } from './disturb.ts'
import type { ScriptContext } from './track.ts'
import type { Script } from './wait.ts'

/** What a restart sets going has so long to come to rest. */
const forkLimit: Micros = 10 * minute
const downTime: Micros = second
const told = 8

const says = (predicate: Expression, name: string): boolean =>
  (predicate.kind === 'invariant' && predicate.name === name) ||
  (predicate.kind === 'and' && predicate.operands.some((one) => says(one, name)))

/** Whether an expectation says outright, and of this instant, that nothing is left to do. */
export const claimsFixpoint = ({ claim, within, for: lasting, until, eventually }: Expectation): boolean =>
  claim.kind === 'predicate' &&
  within === undefined &&
  lasting === undefined &&
  until === undefined &&
  !eventually &&
  says(claim.predicate, 'settled-is-fixpoint')

const isController = (name: string): boolean => /^(?:controller-manager|scheduler|controller)(?:\/|$)/.test(name)

/** Everybody who reconciles dies with all that he knew, and lists again. */
const restartControllers = (cluster: Cluster): void => {
  const { kernel } = cluster
  // One of the cluster's actors: while somebody is dead, and will be back, nothing has settled.
  const actor = kernel.actor('restarts')
  for (const name of cluster.processes().filter(isController)) {
    const process = cluster.process(name)
    if (process === undefined || !process.up || process.within !== undefined) continue
    process.stop('crash')
    kernel.after(downTime, actor, () => {
      if (!process.up) process.start()
    })
  }
}

/** What controllers have changed since: requests that made a revision, in order. */
const changesSince = ({ timeline }: Cluster, from: number): readonly LastWrite[] => {
  const writes: LastWrite[] = []
  for (let entry = from; entry < timeline.length; entry += 1) {
    const cause = timeline.cause(entry)
    if (timeline.kind(entry) !== 'request' || cause < from || timeline.kind(cause) !== 'revision') continue
    const note = timeline.data(entry) as RequestNote
    const process = processOf(note)
    if (process === undefined || !isController(process) || !isWrite(note) || note.resource.startsWith('leases'))
      continue
    const part = note.subresource === undefined ? '' : `/${note.subresource}`
    writes.push({
      at: timeline.time(entry),
      what: `${process}: ${note.verb} ${nounOf(timeline.subject(entry))}${part}`,
      answer: String(note.code),
    })
  }
  return writes
}

/**
 * Of `expect settled-is-fixpoint`: in a fork every controller and the scheduler is restarted, and may not find anything to do.
 * Who does has kept in memory what the cluster's state must tell him (design/exploration.md 3.2).
 */
export const runFixpoint = function* (
  operation: Extract<Operation, { kind: 'expect' }>,
  context: ScriptContext,
): Script {
  const { run, track } = context
  const ordinal = run.forks.next()
  const { kernel, timeline } = run.cluster
  if (run.forks.here === undefined) {
    const { findings, settled, writes = [] } = run.forks.tryOut(ordinal)
    for (const finding of findings) run.report(finding)
    if (findings.length > 0 || (settled && writes.length === 0)) return
    const { span, text } = operation
    const [first] = writes
    const finding: Finding = {
      ...blankFinding({ span, sentence: text }, kernel.now),
      code: 'F101',
      severity: 'fail',
      message:
        first === undefined
          ? 'after a restart of all controllers the cluster never came to rest'
          : `after a restart of all controllers there was something to do: ${first.what}${writes.length > 1 ? `, and ${writes.length - 1} more` : ''}`,
      help: [
        'every controller and the scheduler was restarted, in a fork of this run: a controller that finds work then has kept in memory what it should read from the cluster',
      ],
      lastWrites: writes.slice(0, told),
    }
    run.report(finding)
    return
  }
  if (run.forks.here !== ordinal) return
  // This run is the fork: it stood still here in the other one.
  const from = timeline.length
  run.forks.freeze(track)
  restartControllers(run.cluster)
  const settled = (yield { kind: 'settle', deadline: kernel.now + forkLimit }) as boolean
  run.forks.end({ rows: [], lines: [], findings: [], settled, writes: changesSince(run.cluster, from) })
}
