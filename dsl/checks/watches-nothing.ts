import type { Reporter } from '../diagnostics/report.ts'
import { descend } from '../syntax/descend.ts'
import type * as ast from '../syntax/ast.ts'
import type { Check } from './check.ts'

/** K207: a monitor behind which its block ends: it watches a single instant. */
export const watchesNothing: Check = {
  name: 'watches-nothing',
  codes: ['K207'],
  always: false,
  file({ module }, reporter) {
    for (const one of module.file?.items ?? []) {
      if (one.type !== 'declaration' || (one.item.type !== 'scenario' && one.item.type !== 'steps')) continue
      let tracks = false
      descend(one.item.body, (node) => {
        if (node.type === 'block' && node['kind'] === 'background') tracks = true
      })
      // Tracks in the background outlive the statements, and are waited for at the end.
      if (!tracks)
        descend(one.item.body, (node) => {
          if (node.type === 'body') look((node as unknown as ast.Body).items, reporter)
        })
    }
  },
}

const still: ReadonlySet<string> = new Set([
  'watch',
  'mark',
  'let',
  'explain',
  'user',
  'behavior',
  'snapshot',
  'changes',
  'cases',
  'matrix',
  'explore',
])

const look = (items: ast.Body['items'], reporter: Reporter): void => {
  for (const item of [...items].reverse()) {
    if (item.type === 'watch' && item.kind !== 'sometimes')
      reporter.report('K207', item.span, `nothing happens behind this \`${item.kind}\`: it watches a single instant`, {
        severity: 'warning',
        help: 'a monitor stands before what it watches; for one instant there is `expect`',
      })
    else if (still.has(item.type)) continue
    else if (
      (item.type === 'expect' || item.type === 'matches') &&
      item.clauses.every((one) => one.kind === 'because' || one.kind === 'saying')
    )
      continue
    else return
  }
}
