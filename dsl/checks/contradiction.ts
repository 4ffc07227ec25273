import type { Reporter } from '../diagnostics/report.ts'
import { positionAt } from '../source/line-map.ts'
import { descend } from '../syntax/descend.ts'
import type * as ast from '../syntax/ast.ts'
import type { Check } from './check.ts'
import { boundsOf, exclude, type Bound } from './claim-bounds.ts'

/** K202: two claims about one instant that cannot both hold, in one sentence or in sentences between which nothing happens. */
export const contradiction: Check = {
  name: 'contradiction',
  codes: ['K202'],
  always: false,
  file({ module }, reporter) {
    const { text } = module.source
    for (const one of module.file?.items ?? []) {
      descend(one, (node) => {
        if (node.type === 'body') sentences((node as unknown as ast.Body).items, text, reporter)
        else if (node.type === 'and') {
          const bounds = boundsOf(node as unknown as ast.Logic, text)
          bounds.forEach((later, index) => clash(bounds.slice(0, index), later, { text, reporter, apart: false }))
        }
      })
    }
  },
}

const sentences = (items: ast.Body['items'], text: string, reporter: Reporter): void => {
  let known: readonly Bound[] = []
  for (const item of items) {
    if (item.type === 'expect') {
      const passes = item.clauses.some((one) => one.kind !== 'because' && one.kind !== 'saying')
      const claim = item.claims.at(-1)
      if (passes || item.claims.length > 1) known = []
      if (claim === undefined || claim.type === 'before') continue
      // Behind `within` alone the script goes on in the very state in which the claim came true.
      if (item.clauses.some((one) => !['within', 'because', 'saying'].includes(one.kind))) continue
      const bounds = boundsOf(claim, text)
      for (const one of bounds) clash(known, one, { text, reporter, apart: true })
      known = [...known, ...bounds]
    } else if (!still.has(item.type)) known = []
  }
}

/** Statements that let neither time pass nor change anything. */
const still: ReadonlySet<string> = new Set([
  'watch',
  'mark',
  'let',
  'explain',
  'cases',
  'matrix',
  'cluster',
  'behavior',
  'user',
])

interface Place {
  readonly text: string
  readonly reporter: Reporter
  /** Two sentences, not one. */
  readonly apart: boolean
}

const clash = (known: readonly Bound[], later: Bound, { text, reporter, apart }: Place): void => {
  const earlier = known.find((one) => exclude(one, later))
  if (earlier === undefined) return
  const said = text.slice(earlier.span.start, earlier.span.end).replace(/\s+/g, ' ')
  const { line } = positionAt(text, earlier.span.start)
  reporter.report('K202', later.span, 'this cannot hold together with what is claimed before it', {
    help: apart
      ? `line ${line} claims \`${said}\`, and nothing happens in between: a step or a \`within\` is missing`
      : `\`${said}\` is claimed of the same state`,
    labels: [{ span: earlier.span, text: 'claimed here' }],
  })
}
