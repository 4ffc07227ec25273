import type { Component } from '../kernel/component.ts'
import type { Micros } from '../kernel/micros.ts'
import type { Etcd } from './etcd.ts'

/** One member of a cluster, as faults address it. What it has committed survives a crash. */
export interface EtcdMember extends Component {
  readonly up: boolean
  /** The last revision that it has applied. */
  readonly revision: number
  /** A slow disk or link: it applies commits so much later. Returns how to heal it. */
  lag(by: Micros): () => void
}

/**
 * An etcd of several members, of which one leads as long as it reaches a majority. Nothing happens while nothing fails: roles
 * are found when a member or the network changes, not by heartbeats.
 */
export interface EtcdMembers {
  readonly members: readonly EtcdMember[]
  /** The name of the member that leads now; undefined while there is no quorum. */
  leader(): string | undefined
  readonly term: number
  /** Tells that roles may have changed. Returns how to stop listening. */
  subscribe(listener: () => void): () => void
  /** The store as a client sees it that prefers one member, and goes to the next while it cannot reach that one. */
  client(preferred: number, reaches: (member: string) => boolean): Etcd
  /** The network has changed: who reaches whom is asked again. */
  changed(): void
  /** Every disk is slower by so much. Returns how to heal it. */
  slow(by: Micros): () => void
  compact(revision: number): void
  /** NOSPACE: the space quota is used up, and writes are refused until somebody makes room and disarms it. */
  readonly alarm: boolean
  defragment(): void
  disarm(): void
}
