import { child, flag, list, number, struct, text, type View } from '../../../api/validation/view.ts'
import { ageOf, nameOf, objectAge, orElse, type Cell, type RowContext } from './cell-texts.ts'

interface Tally {
  restarts: number
  lastRestart: string
}

const count = (tally: Tally, status: View): void => {
  tally.restarts += number(status, 'restartCount')
  const finished = text(child(child(status, 'lastState'), 'terminated'), 'finishedAt')
  if (finished > tally.lastRestart) tally.lastRestart = finished
}

const exitText = (terminated: View): string =>
  text(terminated, 'reason') !== ''
    ? text(terminated, 'reason')
    : number(terminated, 'signal') !== 0
      ? `Signal:${number(terminated, 'signal')}`
      : `ExitCode:${number(terminated, 'exitCode')}`

const isTrue = (status: View, type: string): boolean =>
  list(status, 'conditions').some((one) => text(one, 'type') === type && text(one, 'status') === 'True')

const restartable = (spec: View): ReadonlySet<string> =>
  new Set(
    list(spec, 'initContainers')
      .filter((one) => text(one, 'restartPolicy') === 'Always')
      .map((one) => text(one, 'name')),
  )

interface Init {
  readonly reason: string | undefined
  readonly ready: number
  readonly all: Tally
  readonly ofRestartable: Tally
}

/** How far initialization has come: `Init:1/2`, `Init:Error`; undefined once it is over. */
const initState = (spec: View, status: View): Init => {
  const sidecars = restartable(spec)
  const all: Tally = { restarts: 0, lastRestart: '' }
  const ofRestartable: Tally = { restarts: 0, lastRestart: '' }
  let ready = 0
  for (const [i, one] of list(status, 'initContainerStatuses').entries()) {
    const sidecar = sidecars.has(text(one, 'name'))
    count(all, one)
    if (sidecar) count(ofRestartable, one)
    const terminated = child(child(one, 'state'), 'terminated')
    if (terminated !== undefined && number(terminated, 'exitCode') === 0) continue
    if (sidecar && flag(one, 'started')) {
      if (flag(one, 'ready')) ready += 1
      continue
    }
    const waiting = text(child(child(one, 'state'), 'waiting'), 'reason')
    const what =
      terminated !== undefined
        ? exitText(terminated)
        : waiting !== '' && waiting !== 'PodInitializing'
          ? waiting
          : `${i}/${list(spec, 'initContainers').length}`
    return { reason: `Init:${what}`, ready, all, ofRestartable }
  }
  return { reason: undefined, ready, all, ofRestartable }
}

/** What the containers make of the pod's reason, last container first. */
const runningState = (
  status: View,
  before: string,
  tally: Tally,
): { readonly reason: string; readonly ready: number } => {
  let reason = before
  let failed = ''
  let running = false
  let ready = 0
  for (const one of [...list(status, 'containerStatuses')].reverse()) {
    count(tally, one)
    const state = child(one, 'state')
    const waiting = text(child(state, 'waiting'), 'reason')
    const terminated = child(state, 'terminated')
    if (waiting !== '') reason = waiting
    else if (terminated !== undefined) {
      reason = exitText(terminated)
      if (number(terminated, 'exitCode') !== 0) failed = reason
    } else if (flag(one, 'ready') && child(state, 'running') !== undefined) {
      running = true
      ready += 1
    }
  }
  if (reason === 'Completed') {
    if (running && isTrue(status, 'Ready')) reason = 'Running'
    else if (failed !== '') reason = failed
    else if (running) reason = 'NotReady'
  }
  return { reason, ready }
}

const gatesText = (spec: View, status: View): string => {
  const gates = list(spec, 'readinessGates')
  if (gates.length === 0) return '<none>'
  const met = gates.filter((gate) => {
    const found = list(status, 'conditions').find((one) => text(one, 'type') === text(gate, 'conditionType'))
    return text(found, 'status') === 'True'
  })
  return `${met.length}/${gates.length}`
}

/** pkg/printers/internalversion/printers.go, printPod */
export const podCells = (pod: View, context: RowContext): readonly Cell[] => {
  const spec = struct(pod, 'spec')
  const status = struct(pod, 'status')
  const phase = text(status, 'phase')
  let reason = orElse(text(status, 'reason'), phase)
  if (
    list(status, 'conditions').some(
      (one) => text(one, 'type') === 'PodScheduled' && text(one, 'reason') === 'SchedulingGated',
    )
  ) {
    reason = 'SchedulingGated'
  }
  const init = initState(spec, status)
  let tally = init.all
  let { ready } = init
  if (init.reason !== undefined) reason = init.reason
  if (init.reason === undefined || isTrue(status, 'Initialized')) {
    tally = init.ofRestartable
    const running = runningState(status, reason, tally)
    reason = running.reason
    ready += running.ready
  }
  if (text(struct(pod, 'metadata'), 'deletionTimestamp') !== '') {
    if (text(status, 'reason') === 'NodeLost') reason = 'Unknown'
    else if (phase !== 'Failed' && phase !== 'Succeeded') reason = 'Terminating'
  }
  const restarts =
    tally.restarts !== 0 && tally.lastRestart !== ''
      ? `${tally.restarts} (${ageOf(tally.lastRestart, context)} ago)`
      : String(tally.restarts)
  return [
    nameOf(pod),
    `${ready}/${list(spec, 'containers').length + restartable(spec).size}`,
    reason,
    restarts,
    objectAge(pod, context),
    orElse(text(list(status, 'podIPs')[0], 'ip'), '<none>'),
    orElse(text(spec, 'nodeName'), '<none>'),
    orElse(text(status, 'nominatedNodeName'), '<none>'),
    gatesText(spec, status),
  ]
}

const completed = (reason: string, message: string): readonly object[] =>
  Object.freeze([{ type: 'Completed', status: 'True', reason, message }])
const succeeded = completed('Succeeded', 'The pod has completed successfully.')
const failed = completed('Failed', 'The pod failed.')

export const podConditions = (pod: View): readonly object[] | undefined => {
  const phase = text(struct(pod, 'status'), 'phase')
  return phase === 'Succeeded' ? succeeded : phase === 'Failed' ? failed : undefined
}
