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
  /** A path that the property's file names, as the new file names it. */
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

/** Statements that a failure does without, wherever they stand; of a statement that writes several documents, some of them. */
const cuts = (body: AnyNode, text: string, dropped: ReadonlySet<number>): readonly Edit[] => {
  const edits: Edit[] = []
  const visit = (node: AnyNode): void => {
    if (node.type === 'body')
      for (const item of (node as ast.Body).items) {
        const covers = item.type === 'explore' || (item.type === 'watch' && item.kind === 'sometimes')
        if (covers || dropped.has(item.span.start)) edits.push(cut(item))
        else visit(item)
      }
    else {
      if (node.type === 'step') edits.push(...documentCuts(node as ast.Step, text, dropped))
      for (const child of childrenOf(node)) visit(child)
    }
  }
  visit(body)
  return edits
}

const documentCuts = ({ fence }: ast.Step, text: string, dropped: ReadonlySet<number>): readonly Edit[] => {
  if (fence === null) return []
  const { start, end } = fence.span
  if (![...dropped].some((offset) => offset >= start && offset < end)) return []
  const from = text.indexOf('\n', start) + 1
  const to = text.lastIndexOf('\n', end - 1) + 1
  const kept: string[] = []
  let at = from
  for (const part of text.slice(from, to).split(/^[ \t]*---[ \t]*\n/m)) {
    const after = at + part.length
    if (![...dropped].some((offset) => offset >= at && offset < after)) kept.push(part)
    at = text.indexOf('\n', after) + 1
  }
  return [{ from, to, text: kept.join(`${/^[ \t]*/.exec(kept[0] ?? '')![0]}---\n`) }]
}

/** `pool workers 3 { … }` of fewer nodes. */
const poolEdits = (
  clusters: readonly AnyNode[],
  pools: Readonly<Record<string, number>>,
  text: string,
): readonly Edit[] =>
  clusters.flatMap((node) =>
    node.type !== 'cluster'
      ? []
      : ((node as ast.Cluster).props?.items ?? []).flatMap((prop) => {
          const [name, count] = prop.args
          if (prop.name.name !== 'pool' || name === undefined || count === undefined) return []
          const size = pools[text.slice(name.span.start, name.span.end)]
          return size === undefined ? [] : [{ from: count.span.start, to: count.span.end, text: String(size) }]
        }),
  )

/** Files that statements and settings name, from where the new file lies. */
const pathEdits = (node: AnyNode, given: RegressionSource): readonly Edit[] => {
  const { text } = given
  const edits: Edit[] = []
  const move = (one: AnyNode): void => {
    if (one.type !== 'string' || one.span === undefined) return
    const written = text.slice(one.span.start + 1, one.span.end - 1)
    edits.push({ from: one.span.start, to: one.span.end, text: JSON.stringify(given.importPath(written)) })
  }
  const visit = (one: AnyNode): void => {
    if (one.type === 'step' && ['apply', 'create', 'replace'].includes((one as ast.Step).verb.name))
      (one as ast.Step).args.forEach(move)
    else if (one.type === 'prop' && ['config', 'plugin', 'from', 'patch'].includes((one as ast.Prop).name.name))
      (one as ast.Prop).args.forEach(move)
    for (const child of childrenOf(one)) visit(child)
  }
  visit(node)
  return edits
}

const cut = ({ span }: { readonly span: { readonly start: number; readonly end: number } }, by = ''): Edit => ({
  from: span.start,
  to: span.end,
  text: by,
})

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
  const edits: Edit[] = [
    { from: property.span.start, to: property.span.start + 'property'.length, text: 'scenario' },
    cut(property.title, JSON.stringify(`${scenario.title}: run ${failure.run}`)),
    ...cuts(property.body, text, new Set(failure.dropped)),
    ...poolEdits(property.body.items, failure.pools, text),
    ...pathEdits(property.body, given),
  ]
  const visit = (node: AnyNode): void => {
    if (node.type === 'do') {
      const done = node as unknown as ast.Do
      const input = failure.inputs.find((one) => one.name === done.name.name && one.steps !== undefined)
      if (input?.steps !== undefined) edits.push(cut(done, stepLines(input.steps)))
    }
    for (const child of childrenOf(node)) visit(child)
  }
  visit(property.body)
  const inside = applyEdits(text, property.span.start, property.span.end, edits)
  // What only a dropped statement asked for is given no more.
  const lets = failure.inputs
    .filter((one) => one.steps === undefined && new RegExp(`(?<![\\w-])${one.name}(?![\\w-])`).test(inside))
    .map((one) => `let ${one.name} = ${one.text}\n`)
  const open = inside.indexOf(
    '{',
    inside.indexOf(JSON.stringify(`${scenario.title}: run ${failure.run}`)) + scenario.title.length,
  )
  const bound = lets.length === 0 ? inside : `${inside.slice(0, open + 1)}\n${lets.join('')}${inside.slice(open + 1)}`
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
        : applyEdits(text, one.span.start, one.span.end, pathEdits(one, given)),
    )
  const tags = [
    ...scenario.tags.filter((tag) => tag.name === 'limit').map((tag) => text.slice(tag.span.start, tag.span.end)),
    `@seed(${JSON.stringify(given.seed)})`,
    ...(failure.schedule.length === 0
      ? []
      : [`@schedule(${failure.schedule.map((one) => JSON.stringify(one)).join(', ')})`]),
  ]
  const made = [
    ...prelude,
    given.head.map((line) => `# ${line}`.trimEnd()).join('\n') + `\n${tags.join(' ')}\n${bound}`,
  ].join('\n\n')
  return format(`${made}\n`, path)
}
