import type { Key, Kind } from '../../api/kind.ts'
import type { Draft, KubeObject } from '../../api/object.ts'
import type { ApiRequest } from '../../api/protocol/request.ts'
import type { Resource } from '../../api/protocol/resource.ts'
import type { DeleteOptions, OwnerReference } from '../../api/types/meta-v1.generated.ts'
import type { Answer, Call } from '../client/call.ts'
import type { PatchOptions } from '../client/client.ts'
import type { Heartbeats } from '../client/heartbeats.ts'
import type { Index } from '../client/indexes.ts'
import type { Micros } from '../kernel/micros.ts'

/**
 * The contract of every controller, built in or a user's (language reference 3.20). A reconcile is a generator: each `yield*`
 * is one API request, the one place where time passes, where others run, where a crash may fall.
 */
export interface Controller<T extends KubeObject = KubeObject> {
  /** Upstream's name, such as `replicaset-controller`: actor, service account and event source. */
  readonly name: string
  readonly reconciles: Kind
  /** An event on an owned object queues its controller owner (if that is of kind `reconciles`). */
  readonly owns?: readonly Kind[]
  /**
   * An event on another kind queues these keys. `before` is the cached version that an update replaces. For a kind of `owns` it is
   * asked beside the owner, for `reconciles` instead of the object's own key.
   */
  readonly watches?: Readonly<Record<Kind, (object: KubeObject, io: WatchIo, before?: KubeObject) => readonly Key[]>>
  /** Kinds that are only read: their informers run, their events queue nothing. */
  readonly reads?: readonly Kind[]
  /** Kinds that it writes beside those that it reconciles, owns or watches; `any`: whatever it comes across. */
  readonly writes?: readonly Kind[] | 'any'
  /** Which events queue; all, if it is not given. */
  readonly when?: (event: CacheEvent) => boolean
  /** Parallel reconciles of different keys. 1, unless given. */
  readonly workers?: number
  /** How long after the event that asked for it a reconcile begins; 0 unless given. */
  readonly delay?: (event: CacheEvent) => Micros
  /** Creates and deletes announced for a key hold back its next reconcile until the informer has seen them. */
  readonly expectations?: boolean
  /** Loops of its own (monitors, periodic garbage collection), started with the process. */
  readonly loops?: readonly Loop[]
  /** Service account in kube-system that it writes as, and source of its events; its name, unless given. The process's name: as the process. */
  readonly account?: string
  readonly eventSource?: string
  /**
   * Upstream's StaleControllerConsistency (v1.36): a reconcile starts only when the informers have seen what the last one of its key
   * wrote; until then it is retried with the rate limiter.
   */
  readonly readsItsWrites?: boolean
  /** After so many failed reconciles in a row a key is dropped until its next event; never, unless given. */
  readonly maxRetries?: number
  /** The back-off of failed reconciles; 5 ms doubling to 1000 s, unless given. */
  readonly backoff?: { readonly base: Micros; readonly max: Micros }
  /** Indexes that its reads need, by kind, beside the controller index of the kinds in `owns`. */
  readonly indexes?: Readonly<Record<Kind, readonly Index[]>>
  /** Whether a pending requeue of its keys keeps the cluster from being settled; `progress`, unless given. */
  readonly requeueTag?: 'progress' | 'housekeeping'
  /** An event on any kind that can be listed, watched and deleted queues these keys (garbage collection). */
  readonly watchesAll?: (event: CacheEvent, io: WatchIo) => readonly Key[]
  /** A fresh process memory, given to `reconcile` and to loops as `io.memory`. */
  readonly memory?: () => unknown
  reconcile(key: Key, io: Io<T>): Generator<ApiRequest, Result | void, unknown>
}

export interface CacheEvent {
  readonly type: 'added' | 'modified' | 'deleted'
  readonly before?: KubeObject
  readonly object: KubeObject
}

/** A periodic task: run at `first` after the start and `every` after each end. `idle` says that a run would do nothing. */
export interface Loop {
  readonly name: string
  readonly first: Micros
  readonly every: Micros
  /** housekeeping, unless given; a function is asked whenever the next run is planned. */
  readonly tag?: 'progress' | 'housekeeping' | ((io: Io<KubeObject>) => 'progress' | 'housekeeping')
  /** Nothing to do until `io.wake(name)`: the loop parks, and goes on at a tick of its own phase. Asked after each run. */
  readonly idle?: (io: Io<KubeObject>) => boolean
  run(io: Io<KubeObject>): Generator<ApiRequest, void, unknown>
}

/** What an event handler may look at. */
export interface WatchIo {
  readonly read: Read<KubeObject>
  now(): Micros
  /** now on the wall clock. */
  wall(): Micros
  readonly memory: unknown
  readonly heartbeats: Heartbeats
  /** Wakes a loop that idles. */
  wake(loop: string): void
  event(object: KubeObject, type: 'Normal' | 'Warning', reason: string, message: string): void
  /** The resource of a kind, if it is served now. */
  served(kind: Kind): Resource | undefined
  /** Queues a key later, beside those that the handler returns. */
  requeue(key: Key, after: Micros): void
}

export interface Io<T extends KubeObject = KubeObject> {
  /** Informer caches: frozen, in name order, may be stale; no time passes. */
  readonly read: Read<T>
  /** The same questions to the API server. */
  readonly live: Live
  readonly write: Write
  /** Emits a Kubernetes Event, recorded in the background. */
  event(object: KubeObject, type: 'Normal' | 'Warning', reason: string, message: string): void
  /** Queues a key again later, beside whatever this reconcile returns. */
  requeue(key: Key, after: Micros): void
  now(): Micros
  /** now on the wall clock, microseconds since 1970: what an object's timestamps are compared with. */
  wall(): Micros
  /** now, as metav1.Time prints it: RFC 3339, whole seconds, UTC. */
  timestamp(at?: Micros): string
  choose(label: string, n: number): number
  readonly expect: Expect
  readonly heartbeats: Heartbeats
  readonly memory: unknown
  wake(loop: string): void
  /** The resource of a kind, if it is served now. */
  served(kind: Kind): Resource | undefined
  /** All resources served now, custom ones included. */
  resources(): readonly Resource[]
  /** Several requests under way at once, as upstream's goroutines: the answers in the order of the calls. */
  together<A>(calls: readonly Call<A>[]): Generator<ApiRequest, readonly Answer<A>[], unknown>
}

export interface Read<T extends KubeObject> {
  get(key: Key): T | undefined
  get(kind: Kind, key: Key): KubeObject | undefined
  list(kind: Kind, where?: Where): readonly KubeObject[]
  /** Objects whose controller owner is `owner` (by uid). An index, never a scan. */
  owned(kind: Kind, owner: KubeObject): readonly KubeObject[]
  /** Objects of the kind that an index declared in runtime/client/indexes.ts files under `value`, such as pods by node. */
  indexed(kind: Kind, index: string, value: string): readonly KubeObject[]
}

export interface Where {
  readonly namespace?: string
  /** As in `kubectl -l`. */
  readonly labels?: string
}

export interface Live {
  get(kind: Kind, key: Key): Call<KubeObject>
  list(kind: Kind, where?: Where): Call<readonly KubeObject[]>
}

export interface Write {
  /** `namespace` of the request, where the object does not name it. */
  create(object: Draft, namespace?: string): Call<KubeObject>
  /** Its resourceVersion is the optimistic lock. */
  update(object: KubeObject): Call<KubeObject>
  updateStatus(object: KubeObject): Call<KubeObject>
  patch(object: KubeObject, patch: unknown, options?: PatchOptions): Call<KubeObject>
  patchStatus(object: KubeObject, status: object, lock?: { readonly resourceVersion?: string }): Call<KubeObject>
  delete(object: KubeObject, options?: Partial<DeleteOptions>): Call<KubeObject>
  evict(pod: KubeObject, options?: Partial<DeleteOptions>): Call<KubeObject>
  /** Any other request: subresources, deletecollection. */
  send(request: Omit<ApiRequest, 'credentials' | 'userAgent'>): Call<KubeObject>
}

export type { Answer, Call, PatchOptions }

export const done = 'done' as const

/**
 * done: forget the key's back-off. requeueAfter: once more after that time. retry: the reconcile failed, once more with the
 * rate limiter's back-off (5ms doubling to 1000s).
 */
export type Result = typeof done | { readonly requeueAfter: Micros } | { readonly retry: string }

/** Upstream's ControllerExpectations (pkg/controller/controller_utils.go), for the key under way. */
export interface Expect {
  creations(key: Key, count: number): void
  /** `creations`: awaited beside them (a DaemonSet sets both at once). */
  deletions(key: Key, podKeys: readonly string[], creations?: number): void
  /** A create that failed will not be seen. */
  creationObserved(key: Key): void
  deletionObserved(key: Key, podKey: string): void
  satisfied(key: Key): boolean
  forget(key: Key): void
}

export type { OwnerReference }
