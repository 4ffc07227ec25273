import type { ContainerLogSource } from './container-log-source.ts'
import type { Kind } from '../../api/kind.ts'
import type { KubeObject } from '../../api/object.ts'
import type { ApiRequest } from '../../api/protocol/request.ts'
import type { Resource } from '../../api/protocol/resource.ts'
import type { ApiResponse } from '../../api/protocol/response.ts'
import type { PolicyRule } from '../../api/types/rbac-v1.generated.ts'
import type { Scheme } from '../../api/scheme/scheme.ts'
import type { Heartbeats } from '../client/heartbeats.ts'
import type { Etcd, Txn, TxnResult } from '../etcd/etcd.ts'
import type { WebhookHost } from './admission/webhook-host.ts'
import type { Actor } from '../kernel/actor.ts'
import type { Kernel } from '../kernel/kernel.ts'
import type { Ledger } from './managed-fields-ledger.ts'
import type { Clock } from './timestamps.ts'
import type { UserInfo } from './user-info.ts'
import type { WatchCache } from './watch-cache.ts'

/** What the steps of a request share: one for each process of a server. */
export interface ServerContext {
  readonly kernel: Kernel
  readonly actor: Actor
  readonly etcd: Etcd
  readonly clock: Clock
  readonly ledger: Ledger
  readonly settings: ServerSettings
  scheme(): Scheme
  /** A fresh uid. */
  uid(): string
  /** The resource under whose kind and version objects of this one are stored; itself, but for those served in two versions. */
  stored(resource: Resource): Resource
  cache(resource: Resource): WatchCache
  /** From the server's own informers: may be as old as `watchDelay`. */
  lookup(kind: Kind, namespace: string | undefined, name: string): KubeObject | undefined
  lookupAll(kind: Kind, namespace?: string): readonly KubeObject[]
  /** Who bears a service account token handed out by `issueToken`. */
  issueToken(user: UserInfo): string
  bearer(token: string): UserInfo | undefined
  /** The RBAC rules that speak for a user in a namespace, binding by binding. */
  rulesFor(user: UserInfo, namespace: string): readonly (readonly PolicyRule[])[]
}

export interface ServerSettings {
  /** Webhook servers; without them nothing listens anywhere. */
  readonly webhooks: WebhookHost | undefined
  /** Servers behind this one that serve groups of their own. */
  readonly aggregated: ((request: ApiRequest) => ApiResponse | undefined) | undefined
  /** The logs that kubelets serve; without it every log is empty. */
  readonly containerLogs: ContainerLogSource | undefined
  /** Names of the admission plugins that run, in order. */
  readonly admission: readonly string[]
  readonly heartbeats: Heartbeats | undefined
  /** `10.96.0.0/16` */
  readonly serviceRange: string
  readonly identify: ((object: KubeObject) => { readonly uid: string; readonly suffix: string } | undefined) | undefined
  readonly features: Readonly<Record<string, boolean>>
}

/** What a request waits for. */
export type Wait =
  | { readonly wait: 'txn'; readonly txn: Txn }
  | { readonly wait: 'barrier' }
  | { readonly wait: 'fresh'; readonly cache: WatchCache; readonly revision: number }
  /** Somebody outside: goes on with what is given to `resume`, once. */
  | { readonly wait: 'outside'; readonly start: (resume: (value: unknown) => void) => void }

/** A step of a request: `yield* commit(txn)`. */
export type Step<A> = Generator<Wait, A, unknown>

export function* commit(txn: Txn): Step<TxnResult> {
  return (yield { wait: 'txn', txn }) as TxnResult
}

/** Goes on once `start` has called back. */
export function* outside<A>(start: (resume: (value: A) => void) => void): Step<A> {
  return (yield { wait: 'outside', start: start }) as A
}

/** undefined, or etcd's error. */
export function* barrier(): Step<string | undefined> {
  return (yield { wait: 'barrier' }) as string | undefined
}

export function* fresh(cache: WatchCache, revision: number): Step<void> {
  if (cache.revision() < revision) yield { wait: 'fresh', cache, revision }
}
