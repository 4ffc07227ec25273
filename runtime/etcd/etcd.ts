import type { KubeObject } from '../../api/object.ts'
import type { Resource } from '../../api/protocol/resource.ts'
import type { Component } from '../kernel/component.ts'
import type { Micros } from '../kernel/micros.ts'
import type { OrderedTable } from './ordered-table.ts'

/** A key and its value as of a revision. A key is named by its resource (which gives the prefix) and the rest of its path. */
export interface Row {
  /** `namespace/name`, or `name` of a cluster-wide object. */
  readonly key: string
  readonly value: KubeObject
  readonly createRevision: number
  readonly modRevision: number
  /** Number of writes since the key was created. */
  readonly version: number
  /** 0: none */
  readonly lease: number
}

/** One key's change. Shared by reference with every watcher. */
export interface EtcdEvent {
  readonly revision: number
  readonly resource: Resource
  readonly key: string
  /** undefined: the key is gone */
  readonly value: KubeObject | undefined
  readonly before: KubeObject | undefined
  /** Timeline entry of the commit. */
  readonly entry: number
}

export interface Compare {
  readonly resource: Resource
  readonly key: string
  /** 0: the key must not exist. */
  readonly modRevision: number
}

export type Op =
  | {
      readonly type: 'put'
      readonly resource: Resource
      readonly key: string
      /** Builds the value, with its resourceVersion, once the revision is known. It is frozen here. */
      readonly value: (revision: number) => KubeObject
      readonly lease?: number
    }
  | { readonly type: 'delete'; readonly resource: Resource; readonly key: string }

export interface Txn {
  readonly compare: readonly Compare[]
  readonly ops: readonly Op[]
}

export type TxnResult =
  | {
      readonly ok: true
      readonly revision: number
      readonly values: readonly (KubeObject | undefined)[]
      readonly entry: number
    }
  /** A comparison did not hold; nothing was written. */
  | { readonly ok: false; readonly error: undefined }
  /** Whether it was written is unknown. */
  | { readonly ok: false; readonly error: string }

/**
 * What an API server may ask of etcd, by whatever number of members. Writes and barriers take time and may fail for want of a
 * leader; local reads are those of the member that the server is connected to.
 */
export interface Etcd extends Component {
  /** Revision of the last commit. */
  readonly revision: number
  /** History up to here is gone. */
  readonly compacted: number
  readonly up: boolean
  /** Up to which revision watches have told everything; absent: up to the last commit. */
  readonly told?: number
  /** Shared by the views of one cluster: what is kept beside the store belongs to it. Absent: the store itself. */
  readonly store?: object
  /**
   * What servers keep beside the store, by who keeps it: gone with it. A map and no WeakMap by store: V8's collections of young objects
   * follow a WeakMap's values whether or not somebody holds their keys, and what is kept here leads to the whole run.
   */
  readonly beside: Map<unknown, unknown>
  txn(txn: Txn, reply: (result: TxnResult) => void): void
  /** ReadIndex: `reply(undefined)` once local reads are linearizable, or the error. */
  barrier(reply: (error: string | undefined) => void): void
  get(resource: Resource, key: string): Row | undefined
  /** The resource's keys now. Not to be written to; `clone` it to keep it. */
  table(resource: Resource): OrderedTable<Row>
  /** A resource's events with a revision above `after`, in order; undefined when compacted. */
  history(resource: Resource, after: number): readonly EtcdEvent[] | undefined
  /**
   * Calls back for each revision of the resource from now on, all of its events at once. Returns how to stop. `lost` is called
   * where the history between was compacted away: what was missed is unknown, and the table must be read again.
   */
  watch(resource: Resource, listener: (events: readonly EtcdEvent[]) => void, lost?: () => void): () => void
  compact(revision: number): void
  /** A lease that ends after `ttl`, with the keys attached to it. */
  grant(ttl: Micros): number
}
