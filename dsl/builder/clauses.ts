import { quoted, type Value } from './print.ts'

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

const said = (words: readonly (readonly [string, unknown])[]): string =>
  words
    .filter(([, value]) => value !== undefined && value !== false)
    .map(([word, value]) => (value === true ? ` ${word}` : ` ${word} ${String(value)}`))
    .join('')

export const expectClauses = (given: ExpectClauses = {}): string =>
  said([
    ['because', given.because],
    ['saying', given.saying],
    ['within', given.within],
    ['for', given.for],
    ['until', given.until],
    ['eventually', given.eventually],
    ['from now', given.fromNow],
    ['seen by', given.seenBy],
  ])

export const stepClauses = (given: StepClauses = {}): string =>
  said([
    ['to', given.to],
    ['from', given.from],
    ['by', given.by],
    ['on', given.on],
    ['as', given.as],
    ['for', given.for],
    ['within', given.within],
    ['grace', given.grace],
    ['restart', given.restart],
    ['with probability', given.probability],
    ['fails', given.fails],
    ['may-fail', given.mayFail],
    ['saying', given.saying],
  ])

/** Text for `because` and `saying`: what the message contains. */
export const containing = (text: string): string => quoted(text)
