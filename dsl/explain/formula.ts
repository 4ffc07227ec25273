import type { Expr } from '../syntax/ast.ts'
import type { Letter } from './explanation.ts'
import { phrase, type Mood } from './phrase.ts'
import type { TextOf } from './source-text.ts'

/** Names the simple predicates of a sentence P, Q, R … as they come, each once. */
export interface Letters {
  /** A predicate over them; in parentheses where it stands below an operator and is not a single letter. */
  of(node: Expr, mood: Mood, below?: boolean): string
  /** A letter for something that has no predicate of its own. */
  name(meaning: string): string
  readonly all: () => readonly Letter[]
}

const alphabet = [...'PQRSTUVWABCDEGHKLMNO']

export const createLetters = (textOf: TextOf): Letters => {
  const known = new Map<string, Letter>()
  const letterOf = (key: string, meaning: string): string => {
    let letter = known.get(key)
    if (letter === undefined) {
      const round = Math.floor(known.size / alphabet.length)
      letter = { letter: `${alphabet[known.size % alphabet.length]!}${round === 0 ? '' : round}`, meaning }
      known.set(key, letter)
    }
    return letter.letter
  }
  const write = (node: Expr, mood: Mood): { readonly text: string; readonly tight: boolean } => {
    const inside = (one: Expr, how: Mood = mood): string => {
      const { text, tight } = write(one, how)
      return tight ? text : `(${text})`
    }
    switch (node.type) {
      case 'and':
      case 'or':
        return { text: node.operands.map((one) => inside(one)).join(node.type === 'and' ? ' ∧ ' : ' ∨ '), tight: false }
      case 'not':
        return { text: `¬${inside(node.operand, 'never')}`, tight: true }
      case 'quantifier': {
        const sign = { all: '∀', exists: '∃', no: '¬∃' }[node.quantifier]
        return { text: `${sign} ${node.variable.name} ∈ ${textOf(node.of)}: ${inside(node.body)}`, tight: false }
      }
      case 'before':
        return { text: `(¬${inside(node.second)}) U ${inside(node.first)}`, tight: false }
      default:
        return { text: letterOf(`${mood} ${textOf(node)}`, phrase(node, mood, textOf)), tight: true }
    }
  }
  return {
    of(node, mood, below = false) {
      const { text, tight } = write(node, mood)
      return below && !tight ? `(${text})` : text
    },
    name: (meaning) => letterOf(meaning, meaning),
    all: () => [...known.values()],
  }
}
