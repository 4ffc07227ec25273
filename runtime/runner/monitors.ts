import type { Monitor, Operation } from '../../dsl/plan/operation.ts'
import { monitorJudge } from '../expect/expectation-judge.ts'
import type { Micros } from '../kernel/micros.ts'
import { brokenFinding, monitorFinding } from './findings.ts'
import { noteSentence } from './vacuity.ts'
import type { ScriptContext } from './track.ts'
import { timeClauses } from './time-clauses.ts'

/** A monitor that is up. */
export interface MonitorHandle {
  /** Its scope ends: it watches for nothing new; an obligation stays open. */
  close(): void
  readonly open: boolean
}

type MonitorOperation = Extract<Operation, { kind: 'monitor' }>

/** Puts a monitor up. It judges every state from the present one on. */
export const startMonitor = (operation: MonitorOperation, context: ScriptContext): void => {
  const { run, scope } = context
  const monitor: Monitor = operation.monitor
  const times = timeClauses(monitor.kind === 'sometimes' ? {} : monitor, context)
  const { judge, margin } = monitorJudge(monitor, times, run.world, scope)
  const began: Micros = run.cluster.kernel.now
  noteSentence(operation, run, monitor.kind === 'whenever' ? () => judge.operator.triggered ?? 0 : undefined)
  let decided = false
  let closed = false
  const settle = (held: boolean): void => {
    if (decided) return
    decided = true
    const seen = margin()
    run.sentences.push({
      text: operation.text,
      span: operation.span,
      began,
      ended: run.cluster.kernel.now,
      deadline: undefined,
      held,
      ...(seen === undefined ? {} : { margin: seen }),
      ...(monitor.kind === 'sometimes' ? { coverage: true as const } : {}),
    })
  }
  const remove = run.board.add(judge, {
    ruled(ruling) {
      settle(ruling.held)
      if (!ruling.held) run.report(monitorFinding({ operation, judge, ruling, began, run }))
    },
    broken(error) {
      settle(false)
      run.report(brokenFinding(operation, error, run))
    },
    observed() {
      if (closed && judge.operator.open !== true) {
        settle(true)
        remove()
      }
    },
  })
  const handle: MonitorHandle = {
    close() {
      if (closed || decided) return
      closed = true
      judge.operator.close?.()
      if (judge.operator.open === true) return
      settle(monitor.kind !== 'sometimes')
      remove()
    },
    get open() {
      return !decided
    },
  }
  scope.monitors.push(handle)
  run.monitors.push(handle)
}
