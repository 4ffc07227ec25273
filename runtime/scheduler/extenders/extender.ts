import type { Node } from '../../../api/types/core-v1.generated.ts'
import type { Micros } from '../../kernel/micros.ts'
import type { PodInfo } from '../pod-info.ts'
import type { MetaVictims, Victims } from './extender-bodies.ts'

export type Answer<A> = { readonly ok: true; readonly value: A } | { readonly ok: false; readonly error: string }
/** An answer, and the virtual time that the scheduler waited for it. */
export type Timed<A> = Answer<A> & { readonly took: Micros }

export interface Filtered {
  readonly nodes: readonly string[]
  readonly failed: Readonly<Record<string, string>>
  readonly unresolvable: Readonly<Record<string, string>>
}

/** One extender of the configuration, as the scheduler asks it (fwk.Extender). */
export interface Extender {
  /** Its urlPrefix as the configuration says it. */
  readonly name: string
  readonly ignorable: boolean
  readonly prioritizes: boolean
  readonly filters: boolean
  readonly binds: boolean
  readonly preempts: boolean
  interested(pod: PodInfo): boolean
  filter(pod: PodInfo, nodes: readonly Node[]): Timed<Filtered>
  /** Scores times weight, on the scale of the plugins. */
  prioritize(pod: PodInfo, nodes: readonly Node[]): Timed<ReadonlyMap<string, number>>
  /** Which victims are to go from which nodes, of those that the scheduler thought of. */
  preempt(
    pod: PodInfo,
    nodes: readonly Node[],
    victims: ReadonlyMap<string, Victims>,
  ): Timed<Readonly<Record<string, MetaVictims | null>>>
  /** Has the pod bound; tells what it says when it refuses. */
  bind(pod: PodInfo, node: string, answered: (refusal: string | undefined) => void): void
}
