import type { Value } from './print.ts'

export interface ExpectClauses {
  readonly within?: string
  readonly for?: string
  readonly until?: string
  readonly eventually?: true
  readonly fromNow?: true
  readonly seenBy?: string
  /** A reason word, `"…"`, `/…/` or `exactly "…"`, as the language writes it. */
  readonly because?: string
  readonly saying?: string
}

export interface StepClauses {
  readonly as?: string
  readonly to?: Value
  readonly within?: string
  readonly grace?: string
  /** true: however it is refused. */
  readonly fails?: string | true
  readonly mayFail?: string | true
  readonly saying?: string
  readonly for?: string
  readonly on?: string
  readonly from?: string
  readonly by?: string
  readonly restart?: string
  readonly probability?: string
}

/** The words of the clauses, in the order in which they were given: a sentence reads as its author wrote it. */
const said = (given: object, words: Readonly<Record<string, string>>): string =>
  Object.entries(given)
    .filter(([key, value]) => key in words && value !== undefined && value !== false)
    .map(([key, value]) => (value === true ? ` ${words[key]!}` : ` ${words[key]!} ${String(value)}`))
    .join('')

const expectWords: Readonly<Record<keyof ExpectClauses, string>> = {
  within: 'within',
  for: 'for',
  until: 'until',
  eventually: 'eventually',
  fromNow: 'from now',
  seenBy: 'seen by',
  because: 'because',
  saying: 'saying',
}

export const expectClauses = (given: ExpectClauses = {}): string => said(given, expectWords)

const stepWords: Readonly<Record<Exclude<keyof StepClauses, 'saying'>, string>> = {
  as: 'as',
  to: 'to',
  within: 'within',
  grace: 'grace',
  fails: 'fails',
  mayFail: 'may-fail',
  for: 'for',
  on: 'on',
  from: 'from',
  by: 'by',
  restart: 'restart',
  probability: 'with probability',
}

/** What a refusal says is part of the clause that expects it, which therefore comes last. */
export const stepClauses = ({ fails, mayFail, saying, ...others }: StepClauses = {}): string =>
  said(others, stepWords) + said({ fails, mayFail }, stepWords) + (saying === undefined ? '' : ` saying ${saying}`)
