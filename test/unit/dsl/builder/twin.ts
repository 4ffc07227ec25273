import { property, scenario, type ScenarioBuilder } from '../../../../dsl/builder/scenario.ts'
import type { ExpectClauses, StepClauses } from '../../../../dsl/builder/clauses.ts'
import type { Body, Statements } from '../../../../dsl/builder/statements.ts'
import type { SourceFile } from '../../../../dsl/source/source-file.ts'
import type { Span } from '../../../../dsl/source/span.ts'
import type * as ast from '../../../../dsl/syntax/ast.ts'
import { parseFile } from '../../../../dsl/syntax/parse.ts'

/** For each scenario of a file, the builder calls that say the same: the tree decides which methods, its slices are the arguments. */
export const twins = (source: SourceFile): readonly ScenarioBuilder[] => {
  const file = parseFile(source).file
  if (file === undefined) throw new Error('no tree')
  const of = (span: Span): string => source.text.slice(span.start, span.end)
  const declarations = file.items.filter((one) => one.type === 'declaration')
  return declarations.flatMap((one) => {
    const { item } = one
    if (item.type !== 'scenario') return []
    const title = JSON.parse(item.title.raw) as string
    const builder = item.property ? property(title) : scenario(title)
    for (const other of declarations) {
      if (other.item.type === 'import')
        builder.import(JSON.parse(other.item.path.raw) as string, other.item.alias?.name)
      else if (other.item.type !== 'scenario') builder.declare(of(other.span))
    }
    builder.tag(...one.tags.map((tag) => of(tag.span).slice(1)))
    for (const statement of item.body.items) addScenarioStatement(statement as ast.Statement, builder, of)
    return [builder]
  })
}

type Slice = (span: Span) => string

const addScenarioStatement = (node: ast.Statement, to: ScenarioBuilder, of: Slice): void => {
  switch (node.type) {
    case 'cluster':
      to.cluster(node.name?.name, node.props === null ? undefined : of(node.props.span))
      return
    case 'cases': {
      const [head = [], ...rows] = node.rows.map((row) => row.map((cell) => cell.text.trim()))
      to.cases(rows.map((row) => Object.fromEntries(head.map((name, index) => [name, row[index] ?? '']))))
      return
    }
    case 'matrix':
      to.matrix(
        node.name.name,
        node.values.items.map((one) => of(one.span)),
      )
      return
    case 'explore':
      if (node.kind === 'explore')
        to.explore(
          node.runs.value,
          node.varying.map((one) => one.name as 'latency'),
        )
      else if (node.kind === 'forall' && node.of !== null) to.forall(node.name.name, of(node.of.span))
      else to.statement(of(node.span))
      return
    default:
      addStatement(node, to, of)
  }
}

const bodyOf =
  (body: ast.Body, of: Slice): Body =>
  (to) => {
    for (const one of body.items) addStatement(one as ast.Statement, to, of)
  }

const expectWords = (clauses: readonly ast.Clause[], of: Slice): ExpectClauses => {
  const out: Record<string, string | true> = {}
  for (const one of clauses) {
    switch (one.kind) {
      case 'within':
      case 'for':
        out[one.kind] = of(one.amount.span)
        break
      case 'until':
        out[one.kind] = of(one.predicate.span)
        break
      case 'eventually':
        out[one.kind] = true
        break
      case 'from now':
        out['fromNow'] = true
        break
      case 'seen by':
        out['seenBy'] = of(one.noun.span)
        break
      case 'because':
      case 'saying':
        out[one.kind] = of(one.text.span)
    }
  }
  return out
}

const stepWords = (clauses: readonly ast.StepClause[], of: Slice): StepClauses => {
  const out: Record<string, string | true> = {}
  for (const one of clauses) {
    switch (one.kind) {
      case 'overlay':
        break
      case 'fails':
      case 'may-fail':
        out[one.kind === 'fails' ? 'fails' : 'mayFail'] = one.reason === null ? true : of(one.reason.span)
        if (one.saying !== null) out['saying'] = of(one.saying.span)
        break
      default:
        out[one.kind] = of(one.value.span)
    }
  }
  return out
}

/** The text between the ticks. */
const inside = (fence: ast.Fence, of: Slice): string => of(fence.content).replace(/\n$/, '')

const addStatement = (node: ast.Statement, to: Statements, of: Slice): void => {
  switch (node.type) {
    case 'wait':
      to.wait(of(node.amount.span))
      return
    case 'at':
      to.at(of(node.time.span))
      return
    case 'settle':
      to.settle(node.within === null ? undefined : of(node.within.span))
      return
    case 'every':
      to.every(of(node.interval.span), bodyOf(node.body, of), node.for === null ? undefined : of(node.for.span))
      return
    case 'repeat':
      to.repeat(of(node.times.span), bodyOf(node.body, of))
      return
    case 'each':
      to.each(node.variable.name, of(node.in.span), bodyOf(node.body, of))
      return
    case 'block':
      to[node.kind === 'do' ? 'scope' : node.kind](bodyOf(node.body, of))
      return
    case 'on':
      to.on(node.where, bodyOf(node.body, of))
      return
    case 'do': {
      const named = node.args.every((one) => one.name !== null)
      if (named)
        to.do(
          node.name.name,
          Object.fromEntries(node.args.map((one): [string, string] => [one.name?.name ?? '', of(one.value.span)])),
        )
      else to.statement(of(node.span))
      return
    }
    case 'changes': {
      const lines = inside(node.fence, of).split('\n')
      if (node.if !== null) to.expectChangesIf(bodyOf(node.if, of), lines)
      else to.expectChangesSince(node.since?.name ?? '', lines)
      return
    }
    case 'matches':
      to.expectMatches(of(node.noun.span), inside(node.fence, of), expectWords(node.clauses, of))
      return
    case 'expect':
      to.expect(node.claims.map((one) => of(one.span)).join(' then '), expectWords(node.clauses, of))
      return
    case 'watch': {
      const words = expectWords(node.clauses, of)
      if (node.kind === 'whenever') to.whenever(of(node.predicate.span), of(node.then!.span), words)
      else if (node.kind === 'sometimes') to.sometimes(of(node.predicate.span))
      else to[node.kind](of(node.predicate.span), words)
      return
    }
    case 'mark':
      to.mark(node.name.name)
      return
    case 'explain':
      to.explain(of(node.noun.span))
      return
    case 'snapshot':
      to.snapshot(
        JSON.parse(node.name.raw) as string,
        node.nouns.map((one) => of(one.span)),
      )
      return
    case 'inject':
      to.inject(node.args.map((one) => of(one.span)).join(' '), stepWords(node.clauses, of))
      return
    case 'heal':
      to.heal(of(node.noun.span))
      return
    case 'step':
      addStep(node, to, of)
      return
    case 'let':
      if (node.annotation === null)
        to.let(node.name.name, node.value.type === 'any' ? `any ${of(node.value.noun.span)}` : of(node.value.span))
      else to.statement(of(node.span))
      return
    case 'namespace':
      to.namespace(node.name.name)
      return
    case 'behavior': {
      const target = node.image === null ? of(node.noun!.span) : `image ${node.image.raw}`
      to.behavior(`${target}${node.container === null ? '' : ` container ${node.container.name}`}`, of(node.props.span))
      return
    }
    default:
      to.statement(of(node.span))
  }
}

const pairs = (args: readonly ast.StepArg[], of: Slice): Readonly<Record<string, string>> =>
  Object.fromEntries(args.map((one) => of(one.span).split(/=(.*)/s).slice(0, 2) as [string, string]))

const addStep = (node: ast.Step, to: Statements, of: Slice): void => {
  const words = stepWords(node.clauses, of)
  const [first, ...rest] = node.args
  const noun = first === undefined ? '' : of(first.span)
  const overlay = node.clauses.some((one) => one.kind === 'overlay')
  switch (node.verb.name) {
    case 'apply':
    case 'create':
    case 'replace':
      if (first === undefined && node.fence?.info === 'yaml') to[node.verb.name](inside(node.fence, of), words)
      else if (first?.type === 'string' && (node.fence === null || node.fence.info === 'yaml'))
        to[node.verb.name](
          { file: JSON.parse(first.raw) as string },
          { ...words, ...(overlay && node.fence !== null ? { overlay: inside(node.fence, of) } : {}) },
        )
      else to.statement(of(node.span))
      return
    case 'patch':
      if (rest.length === 0 && node.fence !== null) to.patch(noun, inside(node.fence, of), words)
      else to.statement(of(node.span))
      return
    case 'scale':
      to.scale(noun, words.to ?? '', words)
      return
    case 'set-image':
      to.setImage(noun, pairs(rest, of), words)
      return
    case 'rollout':
      to.rollout(noun as 'undo', of(rest[0]!.span), words)
      return
    case 'cordon':
    case 'uncordon':
    case 'evict':
      if (rest.length === 0) to[node.verb.name](noun)
      else to.statement(of(node.span))
      return
    case 'drain':
      to.drain(noun, { ...words, force: rest.length > 0 })
      return
    default:
      to.statement(of(node.span))
  }
}
