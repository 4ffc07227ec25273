import type { Scheme } from '../../api/scheme/scheme.ts'
import type { Expression } from '../../dsl/plan/expression.ts'
import type { Micros } from '../../dsl/plan/micros.ts'
import type { InvariantPlan } from '../../dsl/plan/plan.ts'
import type { State } from '../record/state.ts'
import type { Timeline } from '../record/timeline.ts'
import type { ExternalFunction } from './external.ts'
import type { Kept } from './fact-tally.ts'
import type { Value } from './value.ts'

/** What a plural without a number means: all and at least one; all; any (language reference 3.6). */
export type PluralMode = 'expect' | 'always' | 'never'

/** What a run knows besides its state. */
export interface World {
  readonly state: State
  readonly timeline: Timeline
  scheme(): Scheme
  /** Components by the names that scenarios use: `kubelet/workers-0`. */
  components(): readonly string[]
  /** Wall clock at t=0 in microseconds since 1970. */
  readonly epoch: number
  /** The network plugin, where the cluster names one. */
  readonly network?: string | undefined
  readonly invariants: Readonly<Record<string, InvariantPlan>>
  /** The invariants that come with the language; undefined where none are kept. */
  readonly library?: LibraryView
  /** Nouns that once found something and paths that once had a value, by identity: the rest may be vacuous. */
  readonly seen?: Set<object>
  /** Groups of the users that the scenario declares. */
  readonly users: ReadonlyMap<string, readonly string[]>
  /** Functions of imported TypeScript modules, by path and export; undefined where none are loaded. */
  readonly external?: (module: string, name: string) => ExternalFunction | undefined
  /** Whose caches `state` stands for; undefined for the store itself. */
  readonly observer?: string
  /** State as a component's caches hold it; undefined where nothing can tell. */
  readonly seenBy?: (component: string) => SeenState | undefined
}

/** The invariants of the library, as a sentence asks for them. */
export interface LibraryView {
  has(name: string): boolean
  holds(name: string): boolean
  /** What it has to be asked again after; `*` is every commit. */
  reads(name: string): readonly string[]
  /** The next instant at which it may break by the clock alone; asked after `holds`. */
  wakes?(name: string): Micros | undefined
  violations(name: string): readonly { readonly subject: string; readonly message: string }[]
}

/** What a component knows, and how to hear that this has changed. */
export interface SeenState {
  readonly state: State
  subscribe(changed: () => void): () => void
}

export interface AccessQuery {
  readonly user: string
  readonly groups: readonly string[]
  readonly verb: string
  readonly resource: string
  readonly namespace: string | undefined
  readonly name: string | undefined
}

/** The scope that a sentence stands in. */
export interface Scope {
  readonly namespace: string
  readonly bindings: ReadonlyMap<string, Value>
  /** mark → number of timeline entries at that point. */
  readonly marks: ReadonlyMap<string, number>
}

/** One sentence being judged in the present state. Keeps what it read, so that it is judged again only when that changes. */
export interface Moment {
  readonly world: World
  readonly state: State
  readonly namespace: string
  readonly marks: ReadonlyMap<string, number>
  readonly bindings: Map<string, Value>
  mode: PluralMode
  /** Only what was emitted at or after this entry counts. */
  since: number
  /** Number of timeline entries when the sentence began. */
  readonly began: number
  /** `from now`: histories begin there too. */
  readonly fromNow: boolean
  /** Keys of all that was ever read: a resource, a subject, a prefix of ground truth, a kind of timeline entry. */
  readonly reads: Set<string>
  /** Next instant at which the sentence may change by the clock alone. */
  wake: Micros | undefined
  /** Counts of the facts in the sentence; undefined for a fact that looks at more than its objects one by one. */
  tallies?: Map<unknown, Kept | undefined>
  evaluate(expression: Expression): Value
}
