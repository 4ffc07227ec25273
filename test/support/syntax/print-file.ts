import type {
  Body,
  Clause,
  Declaration,
  ExploreStatement,
  Fence,
  File,
  Param,
  Props,
  Statement,
  Step,
  StepArg,
  StepClause,
  Tag,
} from '../../../dsl/syntax/ast.ts'
import {
  printAmount,
  printArg,
  printExpr,
  printList,
  printPropValue,
  printText,
  printWord,
} from './print-expression.ts'

/** What stands in a fence; a tree only knows its place. */
export type FenceText = (fence: Fence) => string

/** The text of a whole syntax tree: plain, one statement a line, no comments. */
export const printFile = (file: File, fenceText: FenceText): string =>
  file.items.map((item) => (item.type === 'declaration' ? `${printDeclaration(item, fenceText)}\n` : '')).join('\n')

const printTag = ({ name, args }: Tag): string => {
  const texts = args.map((one) => (one.type === 'amount-of' ? `${one.value.text} ${one.unit.name}` : printArg(one)))
  return `@${name.name}${texts.length === 0 ? '' : `(${texts.join(', ')})`}`
}

const printParams = (params: readonly Param[]): string =>
  params.length === 0
    ? ''
    : `(${params
        .map(({ name, annotation, value }) => {
          const type = annotation === null ? '' : `: ${annotation.name}`
          return `${name.name}${type}${value === null ? '' : ` = ${printExpr(value, 6)}`}`
        })
        .join(', ')})`

const printDeclaration = ({ tags, item }: Declaration, fenceText: FenceText): string => {
  const head = tags.map((tag) => `${printTag(tag)}\n`).join('')
  switch (item.type) {
    case 'import':
      return `${head}import ${item.path.raw}${item.alias === null ? '' : ` as ${item.alias.name}`}`
    case 'invariant':
      return `${head}invariant ${item.name.name}${printParams(item.params)} = ${printExpr(item.predicate)}`
    case 'steps':
      return `${head}steps ${item.name.name}${printParams(item.params)} ${printBody(item.body, fenceText)}`
    case 'scenario':
      return `${head}${item.property ? 'property' : 'scenario'} ${item.title.raw} ${printBody(item.body, fenceText)}`
    default:
      return head + printStatement(item, fenceText)
  }
}

const printProps = ({ items }: Props): string =>
  `{ ${items
    .map(({ name, args, props }) => {
      const values = args.map((one) => ` ${printPropValue(one)}`).join('')
      return `${name.name}${values}${props === null ? '' : ` ${printProps(props)}`}`
    })
    .join(', ')} }`

const printBody = (body: Body, fenceText: FenceText): string =>
  `{\n${body.items.map((one) => (one.type === 'bad' ? '' : `  ${printStatement(one, fenceText)}\n`)).join('')}}`

const printClause = (clause: Clause): string => {
  switch (clause.kind) {
    case 'within':
    case 'for':
      return ` ${clause.kind} ${printAmount(clause.amount)}`
    case 'until':
      return ` until ${printExpr(clause.predicate, 1)}`
    case 'eventually':
    case 'from now':
      return ` ${clause.kind}`
    case 'seen by':
      return ` seen by ${clause.noun.text}`
    case 'because':
    case 'saying':
      return printText(clause.kind, clause.text)
  }
}
const printClauses = (clauses: readonly Clause[]): string => clauses.map(printClause).join('')

const printFence = (fence: Fence, fenceText: FenceText): string =>
  `\`\`\`\`${fence.info}\n${fenceText(fence)
    .split('\n')
    .map((line) => `    ${line}`)
    .join('\n')}\n  \`\`\`\``

const printStepArg = (node: StepArg): string => {
  switch (node.type) {
    case 'noun':
    case 'bare':
      return node.text
    case 'string':
      return node.raw
    case 'list':
      return printList(node)
    default:
      return printAmount(node)
  }
}

const printStepClause = (clause: StepClause): string => {
  switch (clause.kind) {
    case 'to':
    case 'from':
    case 'by':
    case 'on':
    case 'as':
      return ` ${clause.kind} ${printStepArg(clause.value)}`
    case 'for':
    case 'within':
    case 'grace':
    case 'restart':
      return ` ${clause.kind} ${printAmount(clause.value)}`
    case 'probability':
      return ` with probability ${clause.value.text}`
    case 'overlay':
      return ' overlay'
    case 'fails':
    case 'may-fail':
      return ` ${clause.kind}${clause.reason === null ? '' : ` ${printWord(clause.reason)}`}${printText('saying', clause.saying)}`
  }
}

const printStep = ({ verb, args, clauses, fence }: Step, fenceText: FenceText): string => {
  // `overlay` stands right before the block: what follows it in the tree followed the block in the text.
  const overlay = clauses.findIndex((one) => one.kind === 'overlay')
  const before = overlay === -1 ? clauses : clauses.slice(0, overlay + 1)
  const after = overlay === -1 ? [] : clauses.slice(overlay + 1)
  const head = verb.name + args.map((one) => ` ${printStepArg(one)}`).join('') + before.map(printStepClause).join('')
  const block = fence === null ? '' : ` ${printFence(fence, fenceText)}`
  return head + block + after.map(printStepClause).join('')
}

const printExplore = (node: ExploreStatement, fenceText: FenceText): string => {
  switch (node.kind) {
    case 'forall': {
      const args = node.args.length === 0 ? '' : `(${node.args.map(printArg).join(', ')})`
      const values = node.plan === null ? printExpr(node.of!, 6) : `plan${args} ${printBody(node.plan, fenceText)}`
      return `forall ${node.name.name} in ${values}`
    }
    case 'explore': {
      const varying = node.varying.map((one) => one.name).join(', ')
      return `explore ${node.runs.text} runs${varying === '' ? '' : ` varying ${varying}`}`
    }
    case 'example':
      return `example { ${node.args.map(printArg).join(', ')} }`
  }
}

const printStatement = (node: Statement, fenceText: FenceText): string => {
  const body = (one: Body): string => printBody(one, fenceText)
  switch (node.type) {
    case 'let': {
      const value = node.value.type === 'any' ? `any ${node.value.noun.text}` : printExpr(node.value)
      return `let ${node.name.name}${node.annotation === null ? '' : `: ${node.annotation.name}`} = ${value}`
    }
    case 'user':
      return `user ${node.name.name}${node.props === null ? '' : ` ${printProps(node.props)}`}`
    case 'cluster': {
      const name = node.name === null ? '' : ` ${node.name.name}`
      const from = node.from === null ? '' : ` from ${node.from.name}`
      return `cluster${name}${from}${node.props === null ? '' : ` ${printProps(node.props)}`}`
    }
    case 'behavior': {
      const container = node.container === null ? '' : ` container ${node.container.name}`
      const target = node.image === null ? `${node.noun!.text}${container}` : `image ${node.image.raw}`
      return `behavior ${target} ${printProps(node.props)}`
    }
    case 'namespace':
      return `namespace ${node.name.name}`
    case 'wait':
      return `wait ${printAmount(node.amount)}`
    case 'at':
      return `at ${node.time.type === 'instant' ? node.time.text : printAmount(node.time)}`
    case 'settle':
      return `settle${node.within === null ? '' : ` within ${printAmount(node.within)}`}`
    case 'every': {
      const length = node.for === null ? '' : ` for ${printAmount(node.for)}`
      return `every ${printAmount(node.interval)}${length} ${body(node.body)}`
    }
    case 'repeat':
      return `repeat ${printExpr(node.times, 6)} ${body(node.body)}`
    case 'each':
      return `each ${node.variable.name} in ${printExpr(node.in, 6)} ${body(node.body)}`
    case 'do':
      return `do ${node.name.name}${node.args.length === 0 ? '' : `(${node.args.map(printArg).join(', ')})`}`
    case 'block':
      return `${node.kind} ${body(node.body)}`
    case 'on':
      return `on ${node.where} ${body(node.body)}`
    case 'changes':
      return `expect changes ${node.if === null ? `since ${node.since!.name}` : `if ${body(node.if)}`} are ${printFence(node.fence, fenceText)}`
    case 'matches':
      return `expect ${node.noun.text}${printClauses(node.clauses)} matches ${printFence(node.fence, fenceText)}`
    case 'expect': {
      const [only, ...more] = node.claims
      const claims = more.length === 0 ? printExpr(only!) : node.claims.map((one) => printExpr(one, 1)).join(' then ')
      return `expect ${claims}${printClauses(node.clauses)}`
    }
    case 'watch': {
      const then = node.then === null ? '' : ` then ${printExpr(node.then)}`
      return `${node.kind} ${printExpr(node.predicate)}${then}${printClauses(node.clauses)}`
    }
    case 'explore':
      return printExplore(node, fenceText)
    case 'snapshot':
      return `snapshot ${node.name.raw} of ${node.nouns.map((one) => one.text).join(', ')}`
    case 'matrix':
      return `matrix ${node.name.name} in ${printList(node.values)}`
    case 'cases':
      return `cases\n${node.rows.map((row) => `    |${row.map((cell) => ` ${cell.text} |`).join('')}`).join('\n')}`
    case 'mark':
      return `mark ${node.name.name}`
    case 'explain':
      return `explain ${node.noun.text}`
    case 'inject':
      return `inject${node.args.map((one) => ` ${printStepArg(one)}`).join('')}${node.clauses.map(printStepClause).join('')}`
    case 'heal':
      return `heal ${node.noun.text}`
    case 'step':
      return printStep(node, fenceText)
  }
}
