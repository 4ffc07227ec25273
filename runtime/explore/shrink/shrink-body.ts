import type { Expectation, Operation } from '../../../dsl/plan/operation.ts'
import type { ScenarioPlan } from '../../../dsl/plan/plan.ts'
import type { Finding } from '../../record/finding.ts'
import { brokenOf } from '../fingerprint.ts'
import { minimize } from '../minimize.ts'
import type { Attempt } from './attempt.ts'
import { without } from './without.ts'

/** Bindings go with their users, and are nothing by themselves. */
const named = new Set<Operation['kind']>(['let', 'let-any', 'mark', 'namespace', 'user'])
/** Gives the cluster time. */
const waits = new Set<Operation['kind']>(['settle', 'wait', 'at', 'every'])

const bodyOf = (operation: Operation): readonly Operation[] => ('body' in operation ? operation.body.operations : [])

const isPatient = ({ within, eventually, for: lasting, until }: Expectation): boolean =>
  within !== undefined || eventually || lasting !== undefined || until !== undefined

const isWaiting = (operation: Operation): boolean =>
  waits.has(operation.kind) ||
  (operation.kind === 'expect' && isPatient(operation.expectation)) ||
  bodyOf(operation).some(isWaiting)

const holds = (operation: Operation, offset: number): boolean =>
  operation.span.start <= offset && offset < operation.span.end

/** Whether the sentence may be judged whenever it likes: it waits itself. */
const waitsItself = (finding: Finding): boolean => finding.deadline !== undefined

/** What besides its place keeps a statement: that no run is known that holds, and inputs that the claim speaks of too. */
interface Keeping {
  readonly witnessed: boolean
  readonly shared: readonly string[]
}

const word = (name: string): RegExp => new RegExp(`(?<![\\w-])${name}(?![\\w-])`)
const mentions = (operation: Operation, name: string): boolean => word(name).test(JSON.stringify(operation))

/**
 * Which statements may go. A claim behind a wait means: when the cluster has had that time. So of what gives time, the last
 * before the claim stays, and so does each `heal`; without them the claim would be another one, that breaks of itself.
 */
export const droppable = (
  operations: readonly Operation[],
  finding: Finding,
  { witnessed, shared }: Keeping,
): readonly Operation[] => {
  const broken = operations.findIndex((one) => holds(one, finding.span.start))
  if (broken < 0) return []
  const anchor = waitsItself(finding) ? broken : operations.slice(0, broken).findLastIndex(isWaiting)
  return operations.flatMap((one, index): readonly Operation[] => {
    if (index === broken) {
      const inside = bodyOf(one)
      return inside.length === 0 ? [] : droppable(inside, finding, { witnessed, shared })
    }
    if (named.has(one.kind)) return []
    if (index > broken) return [one]
    if (!witnessed) return []
    // Time that is given outright, and what the claim itself is given, are part of what it says.
    if (one.kind === 'heal' || index === anchor || one.kind === 'wait' || one.kind === 'at') return []
    if (shared.some((name) => mentions(one, name))) return []
    return isWaiting(one) && index > anchor ? [] : [one]
  })
}

/** Whole statements first, then what stands in those that stay. */
export const shrinkBody = (attempt: Attempt): void => {
  const finding = brokenOf(attempt.record)
  if (finding === undefined) return
  const { scenario } = attempt.now
  const shared = attempt.property.inputs.map((one) => one.name).filter((name) => word(name).test(finding.sentence))
  const keeping = { witnessed: attempt.witnessed, shared }
  const own = (operations: readonly Operation[]): readonly Operation[] =>
    operations.filter((one) => one.span.file === scenario.span.file)
  const among = (candidates: readonly Operation[]): void => {
    const before = attempt.now.scenario
    minimize(candidates, (kept) => {
      const staying = new Set(kept)
      return attempt.take({ scenario: without(before, new Set(candidates.filter((one) => !staying.has(one)))) })
    })
  }
  among(own(droppable(scenario.body.operations, finding, keeping)))
  if (!attempt.witnessed) return
  const nested = attempt.now.scenario.body.operations.flatMap((one) =>
    holds(one, finding.span.start)
      ? []
      : own(bodyOf(one)).filter((inner) => !isWaiting(inner) && !named.has(inner.kind)),
  )
  if (nested.length > 0) among(nested)
}

/** Fewer nodes in each pool, and fewer of the documents that one statement writes. */
export const shrinkObjects = (attempt: Attempt): void => {
  for (const { name } of attempt.now.scenario.cluster.pools) {
    const sizeOf = (scenario: ScenarioPlan): number =>
      scenario.cluster.nodes.filter((node) => node.pool === name).length
    for (let size = sizeOf(attempt.now.scenario); size > 1; size = sizeOf(attempt.now.scenario)) {
      const { scenario } = attempt.now
      const last = scenario.cluster.nodes.findLast((node) => node.pool === name)
      const nodes = scenario.cluster.nodes.filter((node) => node !== last)
      if (!attempt.take({ scenario: { ...scenario, cluster: { ...scenario.cluster, nodes } } })) break
    }
  }
  const { scenario } = attempt.now
  const documents = scenario.body.operations.flatMap((one) =>
    one.kind === 'step' && 'documents' in one.step && one.step.documents.length > 1 ? one.step.documents : [],
  )
  if (documents.length === 0) return
  minimize(documents, (kept) => {
    const staying = new Set(kept)
    const operations = scenario.body.operations.map((one): Operation =>
      one.kind === 'step' && 'documents' in one.step && one.step.documents.length > 1
        ? { ...one, step: { ...one.step, documents: one.step.documents.filter((document) => staying.has(document)) } }
        : one,
    )
    return attempt.take({ scenario: { ...scenario, body: { operations } } })
  })
}
