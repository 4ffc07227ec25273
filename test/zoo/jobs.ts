/** What a worker of the zoo is asked, and answers. */
export type Job =
  /** Explore with one planted bug; `shrink`: make the failure small, write it down, and run what was written alone. */
  | { readonly kind: 'hunt'; readonly bug: string; readonly seed: string; readonly shrink: boolean }
  /** So many runs of a property on the control plane as it is. */
  | {
      readonly kind: 'clean'
      readonly chunk: number
      readonly property: string
      readonly seed: string
      readonly runs: number
    }

export type Answer = Hunt | Clean

export interface Hunt {
  readonly kind: 'hunt'
  readonly bug: string
  readonly seed: string
  /** The run that found it, from 1; undefined: none in the budget. */
  readonly run: number | undefined
  /** What was seen instead, or what broke. */
  readonly says: string
  readonly kept: Kept | undefined
}

/** The shrunk failure, written as a scenario and run alone. */
export interface Kept {
  readonly shrinks: number
  readonly milliseconds: number
  readonly size: { readonly faults: number; readonly holds: number; readonly steps: number; readonly objects: number }
  readonly lines: number
  readonly text: string
  /** What is wrong with it: it does not fail with the bug, or fails without it. */
  readonly wrong: string | undefined
}

export interface Clean {
  readonly kind: 'clean'
  readonly chunk: number
  readonly property: string
  readonly runs: number
  readonly alarm: string | undefined
}
