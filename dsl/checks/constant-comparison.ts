import type { Reporter } from '../diagnostics/report.ts'
import { descend } from '../syntax/descend.ts'
import type * as ast from '../syntax/ast.ts'
import type { Check } from './check.ts'

/** K140: a comparison that is true in every state, or in none: it says nothing about the cluster. */
export const constantComparison: Check = {
  name: 'constant-comparison',
  codes: ['K140'],
  always: true,
  file({ module }, reporter) {
    for (const item of module.file?.items ?? [])
      descend(item, (node) => {
        if (node.type === 'compare') compare(node as unknown as ast.Compare, reporter)
        else if (node.type === 'count') count(node as unknown as ast.Count, reporter)
      })
  },
}

const say = (span: ast.Compare['span'], truth: boolean, why: string, reporter: Reporter): void => {
  reporter.report('K140', span, `this is always ${truth ? 'true' : 'false'}`, { severity: 'warning', help: why })
}

const compare = (node: ast.Compare, reporter: Reporter): void => {
  const left = plain(node.left)
  const right = plain(node.right)
  if (left !== undefined && right !== undefined) {
    const truth = typeof left === typeof right ? holds(left, node.operator, right) : undefined
    if (truth !== undefined)
      say(node.span, truth, 'both sides are written out: one of them should come from the cluster', reporter)
    return
  }
  if (typeof right !== 'number' || !countsSomething(node.left)) return
  // What is counted is a whole number from 0 on.
  const { operator } = node
  const truth =
    (operator === '>=' && right <= 0) || (operator === '>' && right < 0) || (operator === '!=' && right < 0)
      ? true
      : (operator === '<' && right <= 0) || ((operator === '<=' || operator === '==') && right < 0)
        ? false
        : operator === '==' && !Number.isInteger(right)
          ? false
          : undefined
  if (truth !== undefined)
    say(node.span, truth, Number.isInteger(right) ? 'a count is never below 0' : 'a count is a whole number', reporter)
}

const counting: ReadonlySet<string> = new Set(['count', 'attempts', 'errors', 'requests', 'skew', 'revision'])
const countsSomething = (node: ast.Expr): boolean => node.type === 'call' && counting.has(node.name.name)

/** `at least 0` holds of anything. */
const count = (node: ast.Count, reporter: Reporter): void => {
  const { value } = node
  if (node.kind === 'at least' && value !== null && plain(value) === 0)
    say(node.span, true, '`at least 0` holds of anything; none at all is `no`', reporter)
}

const plain = (node: ast.Expr): number | string | undefined => {
  if (node.type === 'number') return node.value
  if (node.type === 'string' && !node.raw.includes('${')) return node.raw
  return undefined
}

const holds = (a: number | string, operator: ast.Compare['operator'], b: number | string): boolean | undefined => {
  switch (operator) {
    case '==':
      return a === b
    case '!=':
      return a !== b
    case '<':
      return a < b
    case '<=':
      return a <= b
    case '>':
      return a > b
    case '>=':
      return a >= b
    default:
      return undefined
  }
}
