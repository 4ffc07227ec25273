import type { Expression, NamePattern, TextPattern } from '../../dsl/plan/expression.ts'
import type { Moment } from './moment.ts'
import { textOf } from './text-of.ts'

/** Text with `${…}` in it, as it reads now. */
export const renderParts = (parts: readonly (string | Expression)[], moment: Moment): string => {
  let text = ''
  for (const part of parts) text += typeof part === 'string' ? part : textOf(moment.evaluate(part))
  return text
}

const globs = new Map<string, RegExp>()

/** A glob (`web-*`, `*:v1`) as a pattern of the whole text. */
export const globRegex = (glob: string): RegExp => {
  let regex = globs.get(glob)
  if (regex === undefined) {
    regex = new RegExp(`^${glob.replace(/[.+?^${}()|[\]\\]/g, '\\$&').replaceAll('*', '.*')}$`)
    globs.set(glob, regex)
  }
  return regex
}

/** The predicate of a name pattern; `exact` holds the name where there is only one. */
export const nameMatcher = (
  pattern: NamePattern,
  moment: Moment,
): { readonly exact: string | undefined; matches(name: string): boolean } => {
  const text = renderParts(pattern.parts, moment)
  if (pattern.kind === 'exact') return { exact: text, matches: (name) => name === text }
  const regex = globRegex(text)
  return { exact: undefined, matches: (name) => regex.test(name) }
}

const regexes = new Map<string, RegExp>()

const cachedRegex = (source: string, flags: string): RegExp => {
  const key = `${flags}/${source}`
  let regex = regexes.get(key)
  if (regex === undefined) {
    regex = new RegExp(source, flags)
    regexes.set(key, regex)
  }
  return regex
}

/** Whether a reason and its message are what `because` or `saying` asks for. */
export const textMatches = (pattern: TextPattern, reason: string, message: string, moment: Moment): boolean => {
  if (pattern.kind === 'regex') {
    const regex = cachedRegex(pattern.source, pattern.flags)
    return regex.test(message) || regex.test(reason)
  }
  const text = renderParts(pattern.parts, moment)
  switch (pattern.kind) {
    case 'word':
      return reason === text
    case 'contains':
      return message.includes(text) || reason.includes(text)
    case 'exactly':
      return message === text
  }
}

/** The pattern as a report shows it. */
export const patternText = (pattern: TextPattern, moment: Moment): string => {
  if (pattern.kind === 'regex') return `/${pattern.source}/${pattern.flags}`
  const text = renderParts(pattern.parts, moment)
  return pattern.kind === 'word' ? text : pattern.kind === 'exactly' ? `exactly "${text}"` : `"${text}"`
}
