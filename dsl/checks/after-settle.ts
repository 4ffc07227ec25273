import type { Reporter } from '../diagnostics/report.ts'
import { descend } from '../syntax/descend.ts'
import type * as ast from '../syntax/ast.ts'
import type { Check } from './check.ts'
import { removeClauseFix } from './remove-fix.ts'
import { eachOperation, fieldsOf } from './walk-plan.ts'

/** K206: a deadline right behind `settle`: nothing is on its way any more that it could wait for. */
export const afterSettle: Check = {
  name: 'after-settle',
  codes: ['K206'],
  always: false,
  scenario({ scenario, plans, module }, reporter) {
    // Tracks, faults that end, demand and schedules go on beside a settled cluster.
    let goesOn = false
    descend(scenario.body, (node) => {
      if (
        node.type === 'inject' ||
        (node.type === 'block' && (node['kind'] === 'background' || node['kind'] === 'parallel'))
      )
        goesOn = true
      if (node.type === 'step' && ['load', 'metric'].includes((node['verb'] as ast.Name).name)) goesOn = true
    })
    for (const plan of plans)
      eachOperation(plan.body, (operation) => {
        if (operation.kind === 'external' || operation.kind === 'plan' || operation.kind === 'background') goesOn = true
        if (operation.kind === 'step' && 'documents' in operation.step)
          for (const { value } of operation.step.documents)
            if (scheduled.includes(fieldsOf(value)['kind'])) goesOn = true
      })
    if (!goesOn) look(scenario.body.items, module.source.text, reporter)
  },
}

const scheduled: readonly unknown[] = ['CronJob', 'HorizontalPodAutoscaler']
const still: ReadonlySet<string> = new Set(['watch', 'mark', 'let', 'explain', 'user', 'behavior'])

const look = (items: ast.Body['items'], text: string, reporter: Reporter): void => {
  let settled: ast.Settle | undefined
  for (const item of items) {
    if (item.type === 'settle') {
      settled = item
      continue
    }
    if (still.has(item.type)) continue
    const within = item.type === 'expect' || item.type === 'matches' ? onlyWithin(item.clauses) : undefined
    if (settled !== undefined && within !== undefined) {
      reporter.report('K206', within.span, 'nothing is on its way any more that this could wait for', {
        severity: 'warning',
        help: 'behind `settle` a claim is true at once or stays false',
        labels: [{ span: settled.span, text: 'the cluster has settled here' }],
        fix: removeClauseFix(text, within.span),
      })
      continue
    }
    const judged =
      (item.type === 'expect' || item.type === 'matches') &&
      item.clauses.every((one) => one.kind === 'because' || one.kind === 'saying')
    if (!judged) settled = undefined
  }
}

const onlyWithin = (clauses: readonly ast.Clause[]): ast.Clause | undefined => {
  const timed = clauses.filter((one) => one.kind !== 'because' && one.kind !== 'saying')
  return timed.length === 1 && timed[0]?.kind === 'within' ? timed[0] : undefined
}
