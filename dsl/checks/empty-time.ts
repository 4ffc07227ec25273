import type { Reporter } from '../diagnostics/report.ts'
import { descend } from '../syntax/descend.ts'
import type * as ast from '../syntax/ast.ts'
import type { Check } from './check.ts'
import { removeClauseFix } from './remove-fix.ts'

/** K203: an amount of time that is none: `for 0s` claims nothing, `within 0s` and `wait 0s` do nothing. */
export const emptyTime: Check = {
  name: 'empty-time',
  codes: ['K203'],
  always: true,
  file({ module }, reporter) {
    const { text } = module.source
    for (const item of module.file?.items ?? [])
      descend(item, (node) => look(node as unknown as ast.Statement, text, reporter))
  },
}

const look = (node: ast.Statement, text: string, reporter: Reporter): void => {
  switch (node.type) {
    case 'expect':
    case 'watch':
    case 'matches':
      for (const one of node.clauses) clause(one, text, reporter)
      break
    case 'wait':
      if (isZero(node.amount))
        reporter.report('K203', node.span, 'this waits for no time at all', {
          severity: 'warning',
          help: 'what is due at this instant happens anyway',
        })
      break
    case 'every':
      if (isZero(node.interval))
        reporter.report('K203', node.interval.span, 'no time passes between two rounds: this never ends', {
          help: 'such as every 10s',
        })
      break
    default:
      break
  }
}

const clause = (one: ast.Clause, text: string, reporter: Reporter): void => {
  if ((one.kind !== 'for' && one.kind !== 'within') || !isZero(one.amount)) return
  if (one.kind === 'for')
    reporter.report('K203', one.span, 'in no time at all nothing can break this', {
      help: 'without a clause it is judged at once; with `for 30s` throughout that time',
      fix: removeClauseFix(text, one.span),
    })
  else
    reporter.report('K203', one.span, '`within 0s` is what no clause says too', {
      severity: 'warning',
      help: 'leave it out, or give it time',
      fix: removeClauseFix(text, one.span),
    })
}

/** `0s`, `0m30ms` is none. */
const isZero = (amount: ast.Amount): boolean =>
  amount.type === 'measure' ? /^(?:0+(?:\.0+)?[a-z]+)+$/.test(amount.text) : false
