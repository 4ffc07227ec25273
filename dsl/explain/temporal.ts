import type { Amount, Changes, Clause, Expect, Expr, Matches, Noun, Text, Watch } from '../syntax/ast.ts'
import { drawings } from './drawing.ts'
import type { Drawing } from './explanation.ts'
import type { Letters } from './formula.ts'
import { length, phrase, type Mood } from './phrase.ts'
import type { TextOf } from './source-text.ts'

/** What is said of a sentence beside its own words. */
export interface Said {
  readonly english: readonly string[]
  readonly formula: string | undefined
  readonly drawing: Drawing | undefined
}

interface Times {
  readonly within: Amount | undefined
  readonly for: Amount | undefined
  readonly until: Expr | undefined
  readonly eventually: boolean
  readonly fromNow: boolean
  readonly seenBy: Noun | undefined
  readonly texts: readonly Text[]
}

const timesOf = (clauses: readonly Clause[]): Times => {
  const find = <K extends Clause['kind']>(kind: K): Extract<Clause, { readonly kind: K }> | undefined =>
    clauses.find((one): one is Extract<Clause, { readonly kind: K }> => one.kind === kind)
  const amount = (kind: 'within' | 'for'): Amount | undefined =>
    clauses.map((one) => (one.kind === kind ? one.amount : undefined)).find((one) => one !== undefined)
  return {
    within: amount('within'),
    for: amount('for'),
    until: find('until')?.predicate,
    eventually: find('eventually') !== undefined,
    fromNow: find('from now') !== undefined,
    seenBy: find('seen by')?.noun,
    texts: clauses.flatMap((one) => (one.kind === 'because' || one.kind === 'saying' ? [one.text] : [])),
  }
}

const sentence = (text: string): string => `${text.charAt(0).toUpperCase()}${text.slice(1)}.`

const extras = (times: Times, textOf: TextOf): readonly string[] => [
  ...(times.seenBy === undefined ? [] : [`What counts is the cache of ${times.seenBy.text}, not the store.`]),
  ...times.texts.map((text) => `${textOf(text)} belongs to the last state word or event before the times.`),
]

export const explainExpect = (node: Expect, letters: Letters, textOf: TextOf): Said => {
  const times = timesOf(node.clauses)
  const [claim] = node.claims
  if (claim === undefined) return { english: [], formula: undefined, drawing: undefined }
  const words = (one: Amount): string => length(one, textOf)
  const said = ((): Said => {
    if (node.claims.length > 1) return explainSequence(node.claims, times, letters, textOf)
    if (claim.type === 'before') {
      const first = letters.of(claim.first, 'expect', true)
      const second = letters.of(claim.second, 'expect', true)
      const limit = times.within === undefined ? 'limit' : words(times.within)
      return {
        english: [
          `Within ${limit}, it comes true that ${phrase(claim.first, 'expect', textOf)}, and until then it is never so that ${phrase(claim.second, 'expect', textOf)}.`,
          'The script goes on at the first; the second before it, or neither in time, fails.',
        ],
        formula: `(¬${second}) U[0,${limit}] (${first} ∧ ¬${second})`,
        drawing: drawings.before(first, second, limit),
      }
    }
    if (claim.type === 'fact' && claim.claim.kind === 'goes') {
      const links = claim.claim.links.map((link) => (link.ellipsis ? '...' : textOf(link)))
      const limit = times.within === undefined ? undefined : words(times.within)
      return {
        english: [
          sentence(phrase(claim, 'expect', textOf)),
          times.fromNow
            ? 'Only what happens from now on counts.'
            : 'The history since the creation of the object counts, and what happens from now on.',
          limit === undefined ? 'It must be so already.' : `The last one must be reached within ${limit}.`,
        ],
        formula: `⟨${links.map((link) => (link === '...' ? 'any*' : `${link}⁺`)).join(' ; ')}⟩${limit === undefined ? '' : ` by t0+${limit}`}`,
        drawing: drawings.chain(links, limit, times.fromNow),
      }
    }
    return explainTimes(
      { letter: letters.of(claim, 'expect', true), words: phrase(claim, 'expect', textOf) },
      times,
      letters,
      textOf,
    )
  })()
  return { ...said, english: [...said.english, ...extras(times, textOf)] }
}

const explainSequence = (claims: readonly Expr[], times: Times, letters: Letters, textOf: TextOf): Said => {
  const limit = times.within === undefined ? 'limit' : length(times.within, textOf)
  const named = claims.map((one) => letters.of(one, 'expect', true))
  const nested = named.reduceRight((rest, one) => (rest === '' ? one : `${one} ∧ F (${rest})`), '')
  return {
    english: [
      `One after the other: ${claims.map((one) => phrase(one, 'expect', textOf)).join('; then ')}.`,
      `The last must have come ${limit} after the script got here; two may come at the same instant.`,
    ],
    formula: `F (${nested}), all in [0,${limit}]`,
    drawing: drawings.sequence(named, limit),
  }
}

interface Named {
  readonly letter: string
  readonly words: string
}

/** One predicate and its times: the table of the language reference, 3.6. */
const explainTimes = ({ letter, words }: Named, times: Times, letters: Letters, textOf: TextOf): Said => {
  const limit = times.within === undefined ? undefined : length(times.within, textOf)
  const lasting = times.for === undefined ? undefined : length(times.for, textOf)
  if (times.until !== undefined) {
    const other = letters.of(times.until, 'expect', true)
    const end = limit ?? 'limit'
    return {
      english: [
        `In every state until ${phrase(times.until, 'expect', textOf)}, ${words}; and that end comes within ${end}.`,
        'The script goes on at that end; a state with neither fails at once.',
      ],
      formula: `${letter} U[0,${end}] ${other}`,
      drawing: drawings.until(letter, other, end),
    }
  }
  if (times.eventually)
    return {
      english: [
        `At some time before the cluster settles, ${words}.`,
        'The script goes on at that state; when nothing but housekeeping is left to happen and it is still false, it fails.',
      ],
      formula: `F[0,settled] ${letter}`,
      drawing: drawings.eventually(letter),
    }
  if (limit !== undefined && lasting !== undefined)
    return {
      english: [
        `Within ${limit} a stretch of ${lasting} begins, in every state of which ${words}.`,
        'The script goes on at the end of the stretch; it fails when no stretch can begin in time any more.',
      ],
      formula: `F[0,${limit}] G[0,${lasting}) ${letter}`,
      drawing: drawings.withinFor(letter, limit, lasting),
    }
  if (limit !== undefined)
    return {
      english: [
        `In some state from now to ${limit} later, that instant included, ${words}.`,
        'The script goes on at the first such state; at the end of the window it fails.',
      ],
      formula: `F[0,${limit}] ${letter}`,
      drawing: drawings.within(letter, limit),
    }
  if (lasting !== undefined)
    return {
      english: [
        `In every state from now until just before ${lasting} later, ${words}.`,
        'The script goes on at the end; the first false state fails.',
      ],
      formula: `G[0,${lasting}) ${letter}`,
      drawing: drawings.for(letter, lasting),
    }
  return {
    english: [`Right now, ${words}.`, 'No time passes: nothing is waited for.'],
    formula: letter,
    drawing: drawings.now(letter),
  }
}

export const explainMatches = (node: Matches, letters: Letters, textOf: TextOf): Said => {
  const times = timesOf(node.clauses)
  const words = `${node.noun.text} has every field of the block, with its value`
  const said = explainTimes({ letter: letters.name(words), words }, times, letters, textOf)
  return {
    ...said,
    english: [
      ...said.english,
      'Fields that the block leaves out may have any value; keyed lists match by key in any order.',
    ],
  }
}

export const explainChanges = (node: Changes, letters: Letters): Said => {
  const what =
    node.if === null
      ? `what has changed since \`mark ${node.since?.name ?? ''}\``
      : 'what the block would change, tried in a copy of the cluster that runs until it settles'
  const words = `${what} is exactly what the block lists`
  const letter = letters.name(words)
  return {
    english: [
      sentence(words),
      'A change that is not listed fails, unless `~ ...` stands there; status, events, leases and server-kept metadata do not count unless named.',
      ...(node.if === null ? [] : ['Nothing of the block happens in this run.']),
    ],
    formula: letter,
    drawing: drawings.now(letter),
  }
}

export const explainWatch = (node: Watch, letters: Letters, textOf: TextOf): Said => {
  const times = timesOf(node.clauses)
  const limit = times.within === undefined ? undefined : length(times.within, textOf)
  const lasting = times.for === undefined ? undefined : length(times.for, textOf)
  const mood: Mood = node.kind === 'always' ? 'always' : 'never'
  const letter = letters.of(node.predicate, mood, true)
  const words = phrase(node.predicate, mood, textOf)
  const watching =
    'A monitor: the script goes on at once, and every state is watched until the end of the enclosing { }.'
  const said = ((): Said => {
    switch (node.kind) {
      case 'always':
        return limit === undefined
          ? {
              english: [`In every state from here on, ${words}.`, watching],
              formula: `G ${letter}`,
              drawing: drawings.always(letter),
            }
          : {
              english: [
                `From here on, ${words}; wherever that stops being so, it is so again within ${limit}.`,
                watching,
              ],
              formula: `G F[0,${limit}] ${letter}`,
              drawing: drawings.alwaysWithin(letter, limit),
            }
      case 'never':
        return lasting === undefined
          ? {
              english: [`In no state from here on is it so that ${words}.`, watching],
              formula: `G ¬${letter}`,
              drawing: drawings.never(letter),
            }
          : {
              english: [`From here on, it is never so for ${lasting} on end that ${words}.`, watching],
              formula: `G ¬G[0,${lasting}) ${letter}`,
              drawing: drawings.neverFor(letter, lasting),
            }
      case 'sometimes':
        return {
          english: [
            `In at least one of the explored runs it is so at some time that ${words}.`,
            'No run fails for it; if none gets there, the property fails for lack of coverage.',
          ],
          formula: `∃ run: F ${letter}`,
          drawing: drawings.sometimes(letter),
        }
      case 'whenever':
        return explainWhenever(node, letter, { limit, lasting, words, watching, textOf }, letters)
    }
  })()
  return { ...said, english: [...said.english, ...extras(times, textOf)] }
}

interface WheneverParts {
  readonly limit: string | undefined
  readonly lasting: string | undefined
  readonly words: string
  readonly watching: string
  readonly textOf: TextOf
}

const explainWhenever = (node: Watch, trigger: string, parts: WheneverParts, letters: Letters): Said => {
  const duty = node.then === null ? '' : letters.of(node.then, 'expect', true)
  const then = node.then === null ? '' : phrase(node.then, 'expect', parts.textOf)
  const { limit, lasting, words, watching } = parts
  const since = /^event |\bevent \S+ on /.test(node.then === null ? '' : parts.textOf(node.then))
    ? ['Of events, only those emitted since then count.']
    : []
  const when = `Each time it turns true that ${words}`
  return lasting === undefined
    ? {
        english: [`${when}: within ${limit ?? 'the limit'} after that, ${then}.`, ...since, watching],
        formula: `G (↑${trigger} → F[0,${limit ?? 'limit'}] ${duty})`,
        drawing: drawings.wheneverWithin(trigger, duty, limit ?? 'limit'),
      }
    : {
        english: [`${when}: in every state of the next ${lasting}, ${then}.`, ...since, watching],
        formula: `G (↑${trigger} → G[0,${lasting}) ${duty})`,
        drawing: drawings.wheneverFor(trigger, duty, lasting),
      }
}
