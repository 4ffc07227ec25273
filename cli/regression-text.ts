import { format } from '../dsl/format/format.ts'
import { childrenOf, type AnyNode } from '../dsl/format/walk.ts'
import type { ScenarioPlan } from '../dsl/plan/plan.ts'
import { parseFile } from '../dsl/syntax/parse.ts'
import type * as ast from '../dsl/syntax/ast.ts'
import type { ExplorationFailure } from '../runtime/record/exploration.ts'

export interface RegressionSource {
  /** The property's file. */
  readonly path: string
  readonly text: string
  readonly scenario: ScenarioPlan
  readonly failure: ExplorationFailure
  readonly seed: string
  /** Lines above the scenario: what broke, and where it came from. */
  readonly head: readonly string[]
  /** An import of the property's file, as the new file names it. */
  readonly importPath: (path: string) => string
}

interface Edit {
  readonly from: number
  readonly to: number
  readonly text: string
}

const applyEdits = (text: string, from: number, to: number, edits: readonly Edit[]): string => {
  let out = ''
  let at = from
  for (const edit of [...edits].sort((a, b) => a.from - b.from)) {
    if (edit.from < at || edit.to > to) continue
    out += text.slice(at, edit.from) + edit.text
    at = edit.to
  }
  return out + text.slice(at, to)
}

/** `at 1.2s inject …` counts from the beginning of `do x`; alone it is a wait since the statement before. */
const microsOf = (text: string): number => {
  let total = 0
  for (const [, number, unit] of text.matchAll(/([0-9.]+)(ms|s|m|h)/g))
    total += Number(number) * { ms: 1, s: 1000, m: 60_000, h: 3_600_000 }[unit as 'ms' | 's' | 'm' | 'h']
  return total
}

const stepLines = (steps: readonly string[]): string => {
  let elapsed = 0
  return steps
    .flatMap((step) => {
      const timed = /^at ((?:[0-9.]+(?:ms|s|m|h))+) (.*)$/s.exec(step)
      if (timed === null) return [step]
      const at = microsOf(timed[1]!)
      const wait = at > elapsed ? [`wait ${(at - elapsed) / 1000}s`] : []
      elapsed = at
      return [...wait, timed[2]!]
    })
    .join('\n')
}

/**
 * A scenario of its own for one failure of a property: the statements that are left, with the inputs in their places and the
 * schedule as a tag. In `fmt`'s form; undefined if the property is not found in the text.
 */
export const regressionText = (given: RegressionSource): string | undefined => {
  const { path, text, scenario, failure } = given
  const { file } = parseFile({ path, text })
  const declarations = (file?.items ?? []).filter((one) => one.type === 'declaration')
  const declared = declarations.find(
    (one) => one.item.type === 'scenario' && one.item.span.start === scenario.span.start,
  )
  if (declared?.item.type !== 'scenario') return undefined
  const property = declared.item
  const cut = (node: { readonly span: { readonly start: number; readonly end: number } }, by = ''): Edit => ({
    from: node.span.start,
    to: node.span.end,
    text: by,
  })
  const dropped = new Set(failure.dropped)
  const edits: Edit[] = [
    { from: property.span.start, to: property.span.start + 'property'.length, text: 'scenario' },
    cut(property.title, JSON.stringify(`${scenario.title}: run ${failure.run}`)),
  ]
  const values = failure.inputs.filter((one) => one.steps === undefined)
  const { items } = property.body
  const [first] = items
  if (first !== undefined)
    edits.push({
      from: first.span.start,
      to: first.span.start,
      text: values.map((one) => `let ${one.name} = ${one.text}\n  `).join(''),
    })
  for (const one of items) {
    const node = one as AnyNode & { readonly kind?: string; readonly span: { start: number; end: number } }
    const covers = node.type === 'explore' || text.slice(node.span.start, node.span.end).startsWith('sometimes ')
    if (covers || dropped.has(node.span.start)) edits.push(cut(node))
  }
  const visit = (node: AnyNode): void => {
    if (node.type === 'do') {
      const done = node as unknown as ast.Do
      const input = failure.inputs.find((one) => one.name === done.name.name && one.steps !== undefined)
      if (input?.steps !== undefined) edits.push(cut(done, stepLines(input.steps)))
    }
    for (const child of childrenOf(node)) visit(child)
  }
  visit(property.body)
  // An insertion before a statement that goes belongs before both.
  const inside = applyEdits(
    text,
    property.span.start,
    property.span.end,
    first === undefined ? edits : mergeFirst(edits, first.span.start),
  )
  const prelude = declarations
    .filter((one) => one.item.type !== 'scenario')
    .map((one) =>
      one.item.type === 'import'
        ? applyEdits(text, one.span.start, one.span.end, [
            cut(
              one.item.path,
              JSON.stringify(given.importPath(text.slice(one.item.path.span.start + 1, one.item.path.span.end - 1))),
            ),
          ])
        : text.slice(one.span.start, one.span.end),
    )
  const tags = [
    `@seed(${JSON.stringify(given.seed)})`,
    ...(failure.schedule.length === 0
      ? []
      : [`@schedule(${failure.schedule.map((one) => JSON.stringify(one)).join(', ')})`]),
  ]
  const made = [
    ...prelude,
    given.head.map((line) => `# ${line}`.trimEnd()).join('\n') + `\n${tags.join(' ')}\n${inside}`,
  ].join('\n\n')
  return format(`${made}\n`, path)
}

/** Two edits at one place are one. */
const mergeFirst = (edits: readonly Edit[], at: number): readonly Edit[] => {
  const there = edits.filter((one) => one.from === at)
  if (there.length < 2) return edits
  const text = there.map((one) => one.text).join('')
  return [...edits.filter((one) => one.from !== at), { from: at, to: Math.max(...there.map((one) => one.to)), text }]
}
