/** What is meant by a word or sign that no rule reads where it stands. Offsets are in the statement. */
export interface SignAdvice {
  readonly start: number
  readonly end: number
  readonly message: string
  readonly help: string
  /** What to put in its place, if that is sure. */
  readonly fix: string | undefined
}

interface Sign {
  /** Tried where the parser stopped, and shortly before it. */
  readonly pattern: RegExp
  readonly message?: string
  readonly help: string
  readonly fix?: (found: RegExpExecArray) => string
}

const signs: readonly Sign[] = [
  { pattern: /&&?/y, help: 'written `and`', fix: () => 'and' },
  { pattern: /\|\|?/y, help: 'written `or`', fix: () => 'or' },
  { pattern: /<>/y, help: 'written `!=`', fix: () => '!=' },
  { pattern: /===?(?!=)/y, help: 'equality is written `==`', fix: () => '==' },
  { pattern: /=(?!=)/y, help: 'equality is written `==`', fix: () => '==' },
  { pattern: /!(?!=)\s*/y, help: 'written `not`', fix: () => 'not ' },
  { pattern: /(?:in|after|before)(?=\s+\d)/y, help: 'deadlines are written `within 30s`', fix: () => 'within' },
  { pattern: /,(?=\s*(?:within|for|until|because|saying|from|eventually)\b)/y, help: 'clauses follow each other without a comma', fix: () => '' },
  { pattern: /:(?=\s*[0-9])/y, help: 'a clause takes its time without a colon', fix: () => '' },
  { pattern: /;/y, help: 'a line holds one statement: put the next one on a line of its own' },
  { pattern: /[?.]$/y, help: 'a sentence ends with its line, without a mark', fix: () => '' },
  { pattern: /else\b/y, help: 'there are no conditionals: a table (`cases`) with a column for what is expected says it' },
  { pattern: /'[^'\n]*'/y, help: 'strings stand in double quotes', fix: (found) => JSON.stringify(found[0].slice(1, -1)) },
  { pattern: /has\b|have\b/y, help: 'written `is` and a state word, or a path: pod/web{.status.phase} == "Running"' },
  { pattern: /should\b|must\b|will\b/y, help: 'a claim is written as it is: `pod/web is Ready`' },
  { pattern: /does\b|do\b|isn|aren|don/y, help: 'negation is written `is not`' },
  { pattern: /equals\b/y, help: 'equality is written `==`', fix: () => '==' },
  { pattern: /greater\b|more\b|less\b|fewer\b/y, help: 'comparisons are written `>`, `>=`, `<`, `<=`; counts `at least 3 pods`, `at most 3 pods`' },
  { pattern: /eventually\b/y, help: '`eventually` stands alone, without `within` or `for`' },
] // prettier-ignore

const claims = /^(?:expect|always|never|whenever|sometimes)\b/

/** Advice for the place where the parser stopped; undefined: nothing typical stands there. */
export const signAdvice = (statement: string, at: number): SignAdvice | undefined => {
  const selector = selectorAdvice(statement, at)
  if (selector !== undefined) return selector
  // The parser may have gone one sign further than the mistake: `<>`, `&&`, `||`.
  for (const from of [at, at - 1]) {
    if (from < 0) continue
    for (const { pattern, message, help, fix } of signs) {
      pattern.lastIndex = from
      const found = pattern.exec(statement)
      if (found === null || (from < at && found[0].length < 2)) continue
      // Where a value is bound, one sign is right.
      if (found[0].startsWith('=') && !claims.test(statement)) continue
      const end = from + found[0].length
      return {
        start: from,
        end,
        message: message ?? `\`${found[0].trim()}\` cannot stand here`,
        help,
        fix: fix?.(found),
      }
    }
  }
  return shapeAdvice(statement, at)
}

/** A selector in parentheses, or behind a word of its own. */
const selectorAdvice = (statement: string, at: number): SignAdvice | undefined => {
  const forms =
    /\b([a-z][a-z.]*)(?:\(([\w./-]+!?==?[^()\s]*)\)|[ \t]+(?:where|with|having)[ \t]+([\w./-]+!?==?[^\s,()]*))/g
  for (const found of statement.matchAll(forms)) {
    const end = found.index + found[0].length
    const [whole, kind = '', inside, behind] = found
    if (at < found.index || at > end || little.has(kind)) continue
    const text = `${kind}[${(inside ?? behind ?? '').replace('==', '=')}]`
    return {
      start: found.index,
      end,
      message: `\`${whole}\` is no noun: a selector stands in brackets`,
      help: `write \`${text}\``,
      fix: text,
    }
  }
  return undefined
}

/** Words that belong together otherwise than they are written. */
const shapeAdvice = (statement: string, at: number): SignAdvice | undefined => {
  const rest = statement.slice(at)
  const before = statement.slice(0, at)
  const word = /^[A-Za-z_][\w-]*/.exec(rest)?.[0]
  const unit = /^(?:ms|s|m|h|d|Ki|Mi|Gi|Ti|K|k|M|G|T|sec|secs|seconds|min|mins|minutes|hours)\b/.exec(rest)?.[0]
  const number = /(\d+)([ \t]+)$/.exec(before)
  if (unit !== undefined && number !== null) {
    const start = at - number[0].length
    const short = /^(?:ms|[smhd]|[KMGT]i?|k)$/.test(unit)
      ? unit
      : unit.startsWith('s')
        ? 's'
        : unit.startsWith('m')
          ? 'm'
          : 'h'
    const text = `${number[1] ?? ''}${short}`
    return {
      start,
      end: at + unit.length,
      message: 'a number and its unit are one word',
      help: `write \`${text}\``,
      fix: text,
    }
  }
  // A word is part of a longer one when the parser stops inside it.
  const inside = /[\w-]$/.test(before)
  const noun = /(?:^|\s)([a-z][a-z]*)[ \t]+$/.exec(before)
  if (
    !inside &&
    word !== undefined &&
    noun !== null &&
    /^[a-z]/.test(word) &&
    /^\s+(?:is|are|exists?|goes|go|can|cannot|within|matches)\b/.test(rest.slice(word.length)) &&
    !little.has(noun[1] ?? '')
  ) {
    const start = at - noun[0].trimStart().length
    const text = `${noun[1] ?? ''}/${word}`
    return { start, end: at + word.length, message: 'kind and name are one word', help: `write \`${text}\``, fix: text }
  }
  const subject = /(?:^|\s)(\d+[ \t]+)?([a-z][\w.-]*(?:\/[^\s]+|\[[^\]\n]*\])?)[ \t]+$/.exec(before)
  if (!inside && word !== undefined && /^[A-Z]/.test(word) && subject !== null && !little.has(subject[2] ?? '')) {
    const verb = /\//.test(subject[2] ?? '') ? 'is' : 'are'
    return {
      start: at,
      end: at + word.length,
      message: 'a state word stands behind `is` or `are`',
      help: `write \`${verb} ${word}\``,
      fix: `${verb} ${word}`,
    }
  }
  if (/^[+-]$/.test(rest[0] ?? '') && /^(?:wait|at)\b|\b(?:within|for|every|by)\s+\S+\s+$/.test(before))
    return {
      start: at,
      end: at + 1,
      message: `\`${rest[0] ?? ''}\` cannot stand here`,
      help: 'a sum of times stands in parentheses: wait (a + 3s)',
      fix: undefined,
    }
  const key = /[^\s"]+=$/.exec(before)
  const quotedValue = /^"((?:[^"\\\n]|\\.)*)"/.exec(rest)
  if (key !== null && quotedValue !== null) {
    const text = `"${key[0]}${quotedValue[1] ?? ''}"`
    return {
      start: at - key[0].length,
      end: at + quotedValue[0].length,
      message: 'the quotes stand around the whole of it',
      help: `write \`${text}\``,
      fix: text,
    }
  }
  const path = /^[A-Za-z_]\w*/.exec(rest)
  if (path !== null && /\{$/.test(before))
    return {
      start: at,
      end: at + path[0].length,
      message: 'a path begins with a point',
      help: `write \`{.${path[0]}\``,
      fix: `.${path[0]}`,
    }
  return undefined
}

/** Words of the language before which a name is no part of a noun. */
const little: ReadonlySet<string> = new Set([
  'expect', 'always', 'never', 'whenever', 'sometimes', 'not', 'and', 'or', 'then', 'before', 'until', 'is', 'are', 'on', 'in', 'of', 'to', 'all', 'no', 'any',
  'exactly', 'least', 'most', 'at', 'exists', 'exist', 'goes', 'go', 'can', 'cannot', 'within', 'for', 'from', 'by', 'seen', 'because', 'saying', 'event', 'events', 'hops',
]) // prettier-ignore
