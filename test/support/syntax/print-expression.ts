import type {
  Amount,
  Arg,
  Comprehension,
  Count,
  Expr,
  Fact,
  Link,
  List,
  Path,
  PropValue,
  Text,
} from '../../../dsl/syntax/ast.ts'

/** How tightly a form binds, by the grammar's rules: Temporal, Disj, Conj, Unit, Sum, Term, Atom. */
const level = (node: Expr): number => {
  switch (node.type) {
    case 'before':
      return 0
    case 'or':
      return 1
    case 'and':
      return 2
    case 'not':
    case 'quantifier':
    case 'event':
    case 'fact':
    case 'presence':
    case 'compare':
      return 3
    case 'arithmetic':
      return node.operator === '+' || node.operator === '-' ? 4 : 5
    default:
      return 6
  }
}

/** The text of a syntax tree, with the parentheses that it needs and no other. */
export const printExpr = (node: Expr, at = 0): string => {
  const text = bare(node)
  // `3 before …` would begin with a count.
  if (node.type === 'number' && 1 <= at && at <= 3) return `(${text})`
  return level(node) < at ? `(${text})` : text
}

const bare = (node: Expr): string => {
  switch (node.type) {
    case 'before':
      return `${printExpr(node.first, 1)} before ${printExpr(node.second, 1)}`
    case 'or':
      return node.operands.map((one) => printExpr(one, 2)).join(' or ')
    case 'and':
      return node.operands.map((one) => printExpr(one, 3)).join(' and ')
    case 'not':
      return `not ${printExpr(node.operand, 3)}`
    case 'quantifier':
      return `${node.quantifier} ${node.variable.name} in ${printExpr(node.of, 6)}: ${printExpr(node.body, 3)}`
    case 'event':
      return `event ${printWord(node.reason)} on ${node.on.text}${printText('saying', node.saying)}`
    case 'fact':
      return printFact(node)
    case 'presence':
      // `pod/x is absent` would be a state word.
      return `${node.operand.type === 'noun' ? `(${node.operand.text})` : printExpr(node.operand, 4)} is ${node.presence}`
    case 'compare':
      return `${printExpr(node.left, 4)} ${node.operator} ${printExpr(node.right, 4)}`
    case 'arithmetic': {
      const own = level(node)
      return `${printExpr(node.left, own)} ${node.operator} ${printExpr(node.right, own + 1)}`
    }
    case 'call': {
      const since = node.since === null ? '' : ` since ${node.since.name}`
      return `${node.name.name}(${node.args.map(printArg).join(', ')}${since})`
    }
    case 'comprehension':
      return `[${printArg(node)}]`
    case 'path': {
      const direct = node.of.type === 'noun' || node.of.type === 'call'
      return `${direct ? printExpr(node.of) : `(${printExpr(node.of)})`}${printPath(node.path)}`
    }
    case 'list':
      return printList(node)
    case 'range':
      return `${printExpr(node.from)}..${printExpr(node.to)}`
    case 'measure':
    case 'number':
    case 'noun':
      return node.text
    case 'string':
      return node.raw
    case 'regex':
      return `/${node.source}/${node.flags ?? ''}`
  }
}

export const printArg = (node: Arg | Comprehension): string =>
  node.type === 'comprehension'
    ? `${node.variable.name} in ${printExpr(node.of, 6)}: ${printExpr(node.where)}`
    : `${node.name === null ? '' : `${node.name.name}: `}${printExpr(node.value)}`

export const printList = (node: List): string => `[${node.items.map(printArg).join(', ')}]`

export const printPath = ({ steps }: Path): string => {
  const texts = steps.map((step) => {
    switch (step.kind) {
      case 'field':
        return /^[A-Za-z_][A-Za-z0-9_]*(-[A-Za-z0-9_]+)*$/.test(step.name)
          ? `.${step.name}`
          : `[${JSON.stringify(step.name)}]`
      case 'every':
        return '.*'
      case 'index':
        return `[${step.index}]`
      case 'key':
        return `[${step.key}=${step.value}]`
    }
  })
  return `{${texts.join('')}}`
}

export const printWord = (
  node: { readonly type: 'word'; readonly name: string } | { readonly type: 'string'; readonly raw: string },
): string => (node.type === 'word' ? node.name : node.raw)

export const printText = (keyword: string, text: Text | null): string => {
  if (text === null) return ''
  const value = text.value.type === 'regex' ? bare(text.value) : printWord(text.value)
  return ` ${keyword} ${text.kind === 'exactly' ? 'exactly ' : ''}${value}`
}

const printCount = ({ kind, value }: Count): string => {
  if (kind === 'number') return `${printExpr(value!, 6)} `
  return value === null ? `${kind} ` : `${kind} ${printExpr(value, 6)} `
}

const printLink = ({ ellipsis, word, action }: Link): string =>
  ellipsis ? '...' : printWord(word!) + (action === null ? '' : `:${printWord(action)}`)

const printFact = ({ count, subject, over, claim }: Fact): string => {
  const head = `${count === null ? '' : printCount(count)}${over === 'states' ? '' : `${over} on `}${subject.text} ${claim.verb}`
  const not = claim.negated ? ' not' : ''
  const because = printText('because', claim.because)
  switch (claim.kind) {
    case 'gone':
      return `${head}${not} gone${because}`
    case 'exists':
      return head
    case 'state':
      return `${head}${not} ${printWord(claim.word)}${because}`
    case 'on':
      return `${head}${not} on ${claim.place.text}${because}`
    case 'goes':
      return `${head} ${claim.links.map(printLink).join(' -> ')}`
    case 'can':
      return `${head} ${printWord(claim.word)} ${claim.object.text}`
  }
}

/** Where only an amount can stand: products of plain values, everything else in parentheses. */
export const printAmount = (node: Amount): string =>
  node.type === 'spread'
    ? `${printProduct(node.base as Expr)} +/- ${printProduct(node.by as Expr)}`
    : printProduct(node)

const printProduct = (node: Expr): string =>
  node.type === 'arithmetic' && (node.operator === '*' || node.operator === '/')
    ? `${printProduct(node.left)} ${node.operator} ${printPlain(node.right)}`
    : printPlain(node)

const printPlain = (node: Expr): string => {
  const plain =
    node.type === 'range' ||
    node.type === 'measure' ||
    node.type === 'number' ||
    (node.type === 'noun' && node.form === 'bare' && node.namespace === null)
  return plain ? bare(node) : `(${printExpr(node, 4)})`
}

/** A setting's value. */
export const printPropValue = (node: PropValue): string => {
  if (node.type === 'spread') return `${printPropValue(node.base)} +/- ${printPropValue(node.by)}`
  if (node.type === 'bare') return node.text
  return node.type === 'list' || node.type === 'string' || node.type === 'regex' ? bare(node) : `(${printExpr(node)})`
}
