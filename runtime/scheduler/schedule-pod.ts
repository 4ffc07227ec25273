import type { KubeObject } from '../../api/object.ts'
import { blame, fitError, newDiagnosis, type Diagnosis } from './diagnosis.ts'
import { newCycle, type Cycle, type Preemption } from './framework.ts'
import type { PodInfo } from './pod-info.ts'
import type { Framework, PluginScores } from './runner.ts'
import { feasibleNodesToFind } from './sampling.ts'
import { selectHost } from './select-host.ts'
import { extenderName } from './runner.ts'
import { extenderScores, type ExtenderScores } from './extenders/extender-scores.ts'
import { passExtenders } from './extenders/pass-extenders.ts'
import { isRejected, status, statusMessage, type Status } from './status.ts'

/** Where the next search begins; it moves on with every attempt (nextStartNodeIndex). */
export interface SearchPosition {
  next: number
}

export type Decision =
  | {
      readonly kind: 'node'
      readonly cycle: Cycle
      readonly node: string
      readonly feasible: Int32Array
      readonly evaluated: number
      readonly diagnosis: Diagnosis
      /** Empty where one node was feasible: it is taken without scores. */
      readonly scores: readonly PluginScores[]
      readonly totals: Float64Array
      /** What extenders added. */
      readonly extended?: readonly ExtenderScores[]
    }
  | {
      readonly kind: 'unfit'
      readonly cycle: Cycle
      readonly diagnosis: Diagnosis
      readonly message: string
      /** As PostFilterAnswer's. */
      readonly nominate: string | undefined
      readonly preemption: Preemption | undefined
      /** An object whose status a plugin wants written. */
      readonly write: KubeObject | undefined
    }
  /** The scheduler itself failed: SchedulerError, or no node at all. */
  | {
      readonly kind: 'error'
      readonly reason: 'Unschedulable' | 'SchedulerError'
      readonly message: string
      readonly cycle: Cycle
    }

/** Up to so many nodes a verdict tells of each of them; beyond, of the one that was taken and of groups, unless somebody asks. */
export const fullyExplained = (nodes: number): boolean => nodes <= 50

interface Found {
  readonly feasible: Int32Array
  readonly error: Status | undefined
}

/** Looks at nodes from where the last search ended until enough are feasible (findNodesThatPassFilters). */
const search = (
  framework: Framework,
  cycle: Cycle,
  slots: ArrayLike<number>,
  found: { start: number; diagnosis: Diagnosis },
): Found => {
  const { extenders, percentageOfNodesToScore, hasScoring } = framework
  // Where nobody tells nodes apart the first one will do.
  const choosing = hasScoring || extenders.some((one) => one.filters)
  const enough = choosing ? feasibleNodesToFind(percentageOfNodesToScore, slots.length) : Math.min(1, slots.length)
  const feasible = new Int32Array(enough)
  let count = 0
  let last: Status | undefined
  const nominated = framework.handle.nominator.any
  const { diagnosis, start } = found
  const size = slots.length
  let at = size === 0 ? 0 : start % size
  for (let step = 0; step < size; step += 1) {
    const slot = slots[at]!
    at = at + 1 === size ? 0 : at + 1
    const verdict = nominated ? framework.filterWithNominated(cycle, slot) : framework.filter(cycle, slot)
    if (verdict === undefined) {
      // One more than enough ends the search, as upstream's workers notice it.
      if (count >= enough) break
      feasible[count] = slot
      count += 1
    } else if (!isRejected(verdict)) {
      return { feasible: feasible.subarray(0, count), error: verdict }
    } else {
      diagnosis.nodeStatus.set(slot, verdict)
      // Most nodes share their verdict with the one before.
      if (verdict !== last) blame(diagnosis, verdict)
      last = verdict
    }
  }
  return { feasible: feasible.subarray(0, count), error: undefined }
}

/** Nodes of which an extender speaks have a random number beside their total: it decides among the best of them, before place does. */
const selectDrawn = (
  totals: Float64Array,
  extended: readonly ExtenderScores[],
  draw: (n: number) => number,
): number | undefined => {
  let most = -Infinity
  for (const total of totals) most = Math.max(most, total)
  const best: number[] = []
  totals.forEach((total, at) => {
    if (total === most && extended.some(({ scores }) => !Number.isNaN(scores[at]!))) best.push(at)
  })
  return best.length < 2 ? best[0] : best[draw(best.length)]
}

const failure = (cycle: Cycle, verdict: Status): Decision => ({
  kind: 'error',
  reason: 'SchedulerError',
  message: statusMessage(verdict),
  cycle,
})

/** Scores the feasible nodes and takes the best. */
const choose = (framework: Framework, cycle: Cycle, slots: Int32Array, diagnosis: Diagnosis): Decision => {
  const nameOf = (slot: number): string => framework.handle.nodes.slots[slot]!.name
  const evaluated = slots.length + diagnosis.nodeStatus.size
  // Frozen: what is spread of it has one hidden class.
  const common = Object.freeze({ kind: 'node', cycle, feasible: slots, evaluated, diagnosis } as const)
  if (slots.length === 1) return { ...common, node: nameOf(slots[0]!), scores: [], totals: new Float64Array(0) }
  const failed = framework.preScore(cycle, slots)
  if (failed !== undefined) return failure(cycle, failed)
  const scores = framework.score(cycle, slots, cycle.explained || fullyExplained(slots.length))
  if ('code' in scores) return failure(cycle, scores)
  const totals = new Float64Array(slots.length)
  const extended = framework.extenders.length === 0 ? [] : extenderScores(framework.handle, cycle, slots)
  for (const { weight, normalized, zero } of scores) {
    if (zero) continue
    for (let at = 0; at < totals.length; at += 1) totals[at]! += normalized[at]! * weight
  }
  if (extended.length === 0) return { ...common, node: nameOf(slots[selectHost(totals)]!), scores, totals }
  for (const { scores: own } of extended)
    for (let at = 0; at < totals.length; at += 1) if (!Number.isNaN(own[at]!)) totals[at]! += own[at]!
  const best = selectDrawn(totals, extended, (n) => framework.handle.choose('scheduler/tie', n))
  return { ...common, node: nameOf(slots[best ?? selectHost(totals)]!), scores, totals, extended }
}

const unfit = (framework: Framework, cycle: Cycle, diagnosis: Diagnosis): Decision => {
  const nodes = framework.handle.nodes.order().length
  let nominate: string | undefined = ''
  let preemption: Preemption | undefined
  let write: KubeObject | undefined
  if (framework.hasPostFilter) {
    const answer = framework.postFilter(cycle, diagnosis)
    nominate = answer.nominate
    preemption = answer.preemption
    write = answer.write
    diagnosis.postFilterMessage = answer.status === undefined ? '' : statusMessage(answer.status)
  }
  return { kind: 'unfit', cycle, diagnosis, message: fitError(diagnosis, nodes), nominate, preemption, write }
}

/**
 * One scheduling decision, pure but for the search position: schedulePod and schedulingAlgorithm of
 * pkg/scheduler/schedule_one.go.
 */
export const schedulePod = (
  framework: Framework,
  pod: PodInfo,
  position: SearchPosition,
  explained = false,
): Decision => {
  const { nodes } = framework.handle
  const all = nodes.order()
  const cycle = newCycle(pod, explained)
  if (all.length === 0) {
    return { kind: 'error', reason: 'Unschedulable', message: 'no nodes available to schedule pods', cycle }
  }
  const diagnosis = newDiagnosis()
  const before = framework.preFilter(cycle)
  for (const plugin of before.plugins) diagnosis.unschedulablePlugins.add(plugin)
  if (before.status !== undefined) {
    if (!isRejected(before.status)) return failure(cycle, before.status)
    diagnosis.absent = before.status
    diagnosis.preFilterMessage = statusMessage(before.status)
    blame(diagnosis, before.status)
    return unfit(framework, cycle, diagnosis)
  }
  const nominated = pod.pod.status?.nominatedNodeName ?? ''
  const nominatedSlot = nominated === '' ? undefined : nodes.slotOf(nominated)
  if (nominatedSlot !== undefined) {
    const one = search(framework, cycle, [nominatedSlot], { start: position.next, diagnosis })
    const found =
      framework.extenders.length === 0 || one.error !== undefined
        ? one
        : passExtenders(framework.handle, cycle, one.feasible, diagnosis)
    if (found.error === undefined && found.feasible.length > 0)
      return choose(framework, cycle, found.feasible, diagnosis)
  }
  let slots: ArrayLike<number> = all
  if (before.nodes !== undefined) {
    const allowed = before.nodes
    slots = [...allowed].flatMap((name) => nodes.slotOf(name) ?? [])
    const text = `node(s) didn't satisfy plugin(s) [${[...before.plugins].sort().join(' ')}]`
    diagnosis.absent = status('', 'UnschedulableAndUnresolvable', text)
  }
  const passed = search(framework, cycle, slots, { start: position.next, diagnosis })
  position.next = (position.next + passed.feasible.length + diagnosis.nodeStatus.size) % all.length
  const found =
    framework.extenders.length === 0 || passed.error !== undefined
      ? passed
      : passExtenders(framework.handle, cycle, passed.feasible, diagnosis)
  if (found.error === undefined && found.feasible.length !== passed.feasible.length)
    diagnosis.unschedulablePlugins.add(extenderName)
  if (found.error !== undefined) return failure(cycle, found.error)
  if (found.feasible.length === 0) return unfit(framework, cycle, diagnosis)
  return choose(framework, cycle, found.feasible, diagnosis)
}
