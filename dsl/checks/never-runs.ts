import type { Reporter } from '../diagnostics/report.ts'
import { descend } from '../syntax/descend.ts'
import type * as ast from '../syntax/ast.ts'
import type { Check } from './check.ts'

/** K204: statements that no run reaches. */
export const neverRuns: Check = {
  name: 'never-runs',
  codes: ['K204'],
  always: true,
  file({ module }, reporter) {
    for (const item of module.file?.items ?? [])
      descend(item, (node) => {
        if (node.type === 'body') body((node as unknown as ast.Body).items, reporter)
      })
  },
}

const body = (items: ast.Body['items'], reporter: Reporter): void => {
  for (const [index, item] of items.entries()) {
    if (item.type === 'repeat' && item.times.type === 'number' && item.times.value <= 0)
      reporter.report('K204', item.times.span, 'this block is repeated not once', { severity: 'warning' })
    if (item.type === 'each' && item.in.type === 'list' && item.in.items.length === 0)
      reporter.report('K204', item.in.span, 'this list is empty: the block never runs', { severity: 'warning' })
    if ('body' in item && item.body.items.length === 0)
      reporter.report('K204', item.body.span, 'this block is empty', { severity: 'warning' })
    const next = items[index + 1]
    if (item.type === 'every' && item.for === null && next !== undefined)
      reporter.report('K204', next.span, 'no run reaches this', {
        help: 'the `every` before it goes on until the scenario ends',
        labels: [{ span: item.span, text: 'never ends' }],
      })
  }
}
