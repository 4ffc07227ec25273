// The package's entry `kscn/controller`: what a controller under test is written against. It imports nothing, so that its
// declarations can be read alone; a test holds it to runtime/reconcile/controller.ts, the contract of the built-in controllers.

/** `v1/Pod`, `apps/v1/Deployment`, `example.com/v1/Website`. */
export type Kind = string
/** `namespace/name`, or `name` of a cluster-wide object. */
export type Key = string
/** Whole microseconds of virtual time. */
export type Micros = number

/** A Kubernetes object as the API server holds it. What `read` and `live` give is frozen: a change is a new object. */
export interface KubeObject {
  readonly apiVersion: string
  readonly kind: string
  readonly metadata: ObjectMeta
}

export interface ObjectMeta {
  readonly name: string
  readonly namespace?: string
  readonly uid?: string
  readonly resourceVersion?: string
  readonly generation?: number
  readonly creationTimestamp?: string
  readonly deletionTimestamp?: string
  readonly labels?: Readonly<Record<string, string>>
  readonly annotations?: Readonly<Record<string, string>>
  readonly finalizers?: readonly string[]
  readonly ownerReferences?: readonly OwnerReference[]
}

export interface OwnerReference {
  readonly apiVersion: string
  readonly kind: string
  readonly name: string
  readonly uid: string
  readonly controller?: boolean
  readonly blockOwnerDeletion?: boolean
}

/** An object before the server has filled in the rest. */
export interface Draft {
  readonly apiVersion: string
  readonly kind: string
  readonly metadata: Partial<ObjectMeta> & { readonly generateName?: string }
}

/** One request on its way. It leaves with `yield*`, and with nothing else: `const answer = yield* write.update(object)`. */
export type Call<A> = Generator<Request, Answer<A>, unknown>
/** What a reconcile yields; made by `live` and `write` alone. */
export interface Request {
  readonly verb: string
}

/**
 * A refusal is an answer: `reason` is the API's (`NotFound`, `Conflict`, `AlreadyExists`, `Forbidden`, `Invalid` …) and `code` the HTTP
 * status. Without any answer (a partition, a dead server) it is `Timeout` and 0, and whether the write happened is unknown.
 */
export type Answer<A> =
  | { readonly ok: true; readonly object: A }
  | { readonly ok: false; readonly code: number; readonly reason: string; readonly message: string }

/** The objects of a question: `labels` is written as behind `kubectl -l`. */
export interface Where {
  readonly namespace?: string
  readonly labels?: string
}

export interface DeleteOptions {
  readonly gracePeriodSeconds?: number
  readonly propagationPolicy?: 'Orphan' | 'Background' | 'Foreground'
  readonly preconditions?: { readonly uid?: string; readonly resourceVersion?: string }
}

export interface PatchOptions {
  /** The optimistic lock. */
  readonly resourceVersion?: string
  /** `strategic` for Kubernetes' own kinds and `merge` for custom ones, unless given; `apply` is server-side apply. */
  readonly type?: 'merge' | 'strategic' | 'json' | 'apply'
}

/** The informer caches of the process: frozen, in the order of names, perhaps stale. No time passes. */
export interface Read<T extends KubeObject = KubeObject> {
  get(key: Key): T | undefined
  get<K extends KubeObject = KubeObject>(kind: Kind, key: Key): K | undefined
  /** A kind that the definition does not name gets an informer now; the reconcile runs again once it is synced. */
  list<K extends KubeObject = KubeObject>(kind: Kind, where?: Where): readonly K[]
  /** The objects whose controller `owner` is, by its UID. */
  owned<K extends KubeObject = KubeObject>(kind: Kind, owner: KubeObject): readonly K[]
}

/** The API server itself. */
export interface Live {
  get<K extends KubeObject = KubeObject>(kind: Kind, key: Key): Call<K>
  list<K extends KubeObject = KubeObject>(kind: Kind, where?: Where): Call<readonly K[]>
}

export interface Write {
  create<K extends Draft>(object: K): Call<K & KubeObject>
  /** Its resourceVersion is the optimistic lock: a stale one is refused as `Conflict`. */
  update<K extends KubeObject>(object: K): Call<K>
  updateStatus<K extends KubeObject>(object: K): Call<K>
  patch<K extends KubeObject>(object: K, patch: unknown, options?: PatchOptions): Call<K>
  patchStatus<K extends KubeObject>(object: K, status: object, lock?: { readonly resourceVersion?: string }): Call<K>
  delete(object: KubeObject, options?: DeleteOptions): Call<KubeObject>
  delete(kind: Kind, namespace: string | undefined, name: string, options?: DeleteOptions): Call<KubeObject>
  evict(pod: KubeObject, options?: DeleteOptions): Call<KubeObject>
}

/** What a reconcile may do to the world, and all that it may know of it. */
export interface Io<T extends KubeObject = KubeObject> {
  readonly read: Read<T>
  readonly live: Live
  readonly write: Write
  /** Several calls at once; the answers in their order. */
  together<A>(calls: readonly Call<A>[]): Generator<Request, readonly Answer<A>[], unknown>
  /** Emits a Kubernetes Event on the object, recorded in the background. */
  event(object: KubeObject, type: 'Normal' | 'Warning', reason: string, message: string): void
  /** Virtual time since the cluster stood ready. */
  now(): Micros
  /** Now as objects write it: RFC 3339, whole seconds, UTC. */
  timestamp(): string
  /** 0 … n−1, from the seed of the run. */
  choose(label: string, n: number): number
}

/** The same for code with `await`. Each awaited call is one request; between two of them no time passes. */
export interface AsyncClient<T extends KubeObject = KubeObject> {
  readonly read: Read<T>
  get<K extends KubeObject = KubeObject>(kind: Kind, key: Key): Promise<Answer<K>>
  list<K extends KubeObject = KubeObject>(kind: Kind, where?: Where): Promise<Answer<readonly K[]>>
  create<K extends Draft>(object: K): Promise<Answer<K & KubeObject>>
  update<K extends KubeObject>(object: K): Promise<Answer<K>>
  updateStatus<K extends KubeObject>(object: K): Promise<Answer<K>>
  patch<K extends KubeObject>(object: K, patch: unknown, options?: PatchOptions): Promise<Answer<K>>
  patchStatus<K extends KubeObject>(
    object: K,
    status: object,
    lock?: { readonly resourceVersion?: string },
  ): Promise<Answer<K>>
  delete(object: KubeObject, options?: DeleteOptions): Promise<Answer<KubeObject>>
  delete(kind: Kind, namespace: string | undefined, name: string, options?: DeleteOptions): Promise<Answer<KubeObject>>
  evict(pod: KubeObject, options?: DeleteOptions): Promise<Answer<KubeObject>>
  event(object: KubeObject, type: 'Normal' | 'Warning', reason: string, message: string): void
  /** Virtual time passes; the worker is busy with the key meanwhile. */
  sleep(time: Micros): Promise<void>
  now(): Micros
  timestamp(): string
  choose(label: string, n: number): number
}

/**
 * The reconcile is through: `done` (or nothing), once more after a time, or failed: once more with the back-off of the rate limiter.
 * A throw is a failure too.
 */
export type Result = typeof done | { readonly requeueAfter: Micros } | { readonly retry: string }

/** What both forms of a controller say of themselves. */
export interface Definition<T extends KubeObject = KubeObject> {
  /** As in `controller NAME { from "…" }`: its actor, its user agent and field manager, the source of its Events. */
  readonly name: string
  /** All objects of this kind are queued at the start, and each whenever it changes. */
  readonly reconciles: Kind
  /** An event on an object of these kinds queues its controller owner. */
  readonly owns?: readonly Kind[]
  /** An event on an object of another kind queues these keys. */
  readonly watches?: Readonly<Record<Kind, (object: KubeObject, read: Read<T>) => readonly Key[]>>
  /** Kinds that are only read. */
  readonly reads?: readonly Kind[]
  /** Which events queue; all, unless given. */
  readonly when?: (event: Event) => boolean
  /** Keys reconciled side by side; 1 unless given. */
  readonly workers?: number
  /** Every object is reconciled again this often, as by the resync of an informer; never, unless given. */
  readonly resync?: Micros
  /** The waits after failures; 5 ms doubling to 1000 s, unless given. */
  readonly backoff?: { readonly base: Micros; readonly max: Micros }
  /** Whether a `requeueAfter` that is pending keeps the cluster from being settled: `housekeeping` does not. `progress`, unless given. */
  readonly requeue?: 'progress' | 'housekeeping'
}

export interface Event {
  readonly type: 'added' | 'modified' | 'deleted'
  readonly before?: KubeObject
  readonly object: KubeObject
}

/** A controller as kscn runs it: one `yield*` is one request, where time passes, others run, and a crash may fall. */
export interface Controller<T extends KubeObject = KubeObject> extends Definition<T> {
  reconcile(key: Key, io: Io<T>): Generator<Request, Result | void, unknown>
}

/** A controller of plain async code. */
export interface AsyncController<T extends KubeObject = KubeObject> extends Definition<T> {
  reconcile(key: Key, client: AsyncClient<T>): Promise<Result | void>
}

/** An `AsyncController` made fit to be run. */
export interface AdaptedController extends Definition {
  readonly asynchronous: object
}

/** The reconcile has nothing more to do. */
export const done = 'done' as const

/** One second, in microseconds. */
export const second: Micros = 1_000_000

/** Runs plain async code as a controller: `export const websites = fromAsync({ name: 'websites', …, reconcile: async (key, client) => … })`. */
export const fromAsync = <T extends KubeObject = KubeObject>(controller: AsyncController<T>): AdaptedController => ({
  ...(controller as unknown as Definition),
  asynchronous: controller,
})

/** The reference that makes `owner` the controller of an object. */
export const controllerReference = ({ apiVersion, kind, metadata }: KubeObject): OwnerReference => ({
  apiVersion,
  kind,
  name: metadata.name,
  uid: metadata.uid ?? '',
  controller: true,
  blockOwnerDeletion: true,
})
