export interface FieldRequirement {
  readonly field: string
  readonly operator: '=' | '!='
  readonly value: string
}

export interface FieldSelector {
  /** Sorted by their text. */
  readonly requirements: readonly FieldRequirement[]
  readonly empty: boolean
  readonly text: string
  /** `read` answers a field's value, '' if it has none. */
  matches(read: (field: string) => string): boolean
}

export interface FieldSelectorProblem {
  readonly error: string
}

/** splitTerms: at commas that no backslash precedes. */
const splitTerms = (text: string): string[] => {
  const terms: string[] = []
  let start = 0
  let escaped = false
  for (let i = 0; i < text.length; i += 1) {
    if (escaped) escaped = false
    else if (text[i] === '\\') escaped = true
    else if (text[i] === ',') {
      terms.push(text.slice(start, i))
      start = i + 1
    }
  }
  terms.push(text.slice(start))
  return terms
}

const unescape = (text: string): { value: string } | FieldSelectorProblem => {
  let value = ''
  let escaped = false
  for (const char of text) {
    if (escaped) {
      if (char !== '\\' && char !== ',' && char !== '=') {
        return { error: `invalid field selector: invalid escape sequence: \\${char}` }
      }
      value += char
      escaped = false
    } else if (char === '\\') escaped = true
    else if (char === ',' || char === '=') {
      return { error: `invalid field selector: unescaped character in value: ${char.charCodeAt(0)}` }
    } else value += char
  }
  return escaped ? { error: 'invalid field selector: invalid escape sequence: \\' } : { value }
}

/** fields.EscapeValue. */
export const escapeFieldValue = (value: string): string => value.replace(/[\\,=]/g, '\\$&')

const requirementText = ({ field, operator, value }: FieldRequirement): string =>
  `${field}${operator}${escapeFieldValue(value)}`

export const fieldSelectorOf = (requirements: readonly FieldRequirement[]): FieldSelector =>
  Object.freeze({
    requirements: Object.freeze([...requirements]),
    empty: requirements.length === 0,
    text: requirements.map(requirementText).join(','),
    matches: (read: (field: string) => string) => {
      for (const { field, operator, value } of requirements) {
        if ((read(field) === value) !== (operator === '=')) return false
      }
      return true
    },
  })

const parse = (text: string): FieldSelector | FieldSelectorProblem => {
  const requirements: FieldRequirement[] = []
  for (const term of splitTerms(text).sort()) {
    if (term === '') continue
    const match = /^([^!=]|!(?!=))*/.exec(term)
    const field = match?.[0] ?? ''
    const rest = term.slice(field.length)
    if (rest === '') return { error: `invalid selector: '${text}'; can't understand '${term}'` }
    const sign = rest.startsWith('!=') ? '!=' : rest.startsWith('==') ? '==' : '='
    const value = unescape(rest.slice(sign.length))
    if ('error' in value) return value
    // A term without field and value is dropped by Transform.
    if (field === '' && value.value === '') continue
    requirements.push({ field, operator: sign === '!=' ? '!=' : '=', value: value.value })
  }
  return fieldSelectorOf(requirements)
}

const remembered = new Map<string, FieldSelector | FieldSelectorProblem>()

/** fields.ParseSelector. Remembered by text. */
export const parseFieldSelector = (text: string): FieldSelector | FieldSelectorProblem => {
  const known = remembered.get(text)
  if (known !== undefined) return known
  const result = Object.freeze(parse(text))
  if (remembered.size >= 1000) remembered.clear()
  remembered.set(text, result)
  return result
}
