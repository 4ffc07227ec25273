import type { Expected } from './grammar.generated.js'

/** What single characters mean together: a reader wants "a name", not forty letters. */
const describe = (one: Expected): string | undefined => {
  switch (one.type) {
    case 'literal': {
      const text = one.text ?? ''
      if (text === '' || /^\s+$/.test(text)) return undefined
      if (text === '"') return 'a string'
      if (text === '```') return 'a ``` block'
      if (text === '/') return undefined
      if (text === '#' || text === '-' || text === '@' || text === '$' || text === '${' || text === '*')
        return undefined
      return `\`${text}\``
    }
    case 'class': {
      const parts = (one.parts ?? [])
        .map((part) => (typeof part === 'string' ? part : `${part[0]}-${part[1]}`))
        .join('')
      if (parts.includes('0-9') && !parts.includes('a-z')) return 'a number'
      if (parts.includes('a-z')) return 'a name'
      return undefined
    }
    case 'end':
      return 'the end of the line'
    default:
      return undefined
  }
}

/** `expected a name, a string or }` from peggy's expectations; undefined if they say nothing useful. */
export const expectedText = (expected: readonly Expected[]): string | undefined => {
  const words = [...new Set(expected.map(describe).filter((one) => one !== undefined))].sort()
  const clauses = words.filter((one) =>
    /^`(within|for|until|because|saying|eventually|from|seen|then|before|and|or|matches)`$/.test(one),
  )
  const operators = words.filter((one) => /^`([-+*/%<>=!]+|in|contains)`$/.test(one))
  const rest = words.filter((one) => !clauses.includes(one) && !operators.includes(one))
  const shown = [
    ...rest.slice(0, 6),
    ...(clauses.length > 3 ? ['a clause such as `within 30s`'] : clauses),
    ...(operators.length > 3 ? ['an operator'] : operators),
  ]
  if (shown.length === 0) return undefined
  return `expected ${shown.length === 1 ? (shown[0] ?? '') : `${shown.slice(0, -1).join(', ')} or ${shown.at(-1) ?? ''}`}`
}
