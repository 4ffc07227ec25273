import type { Impersonation } from './impersonation.ts'
import type { Resource } from './resource.ts'

export type Verb = 'get' | 'list' | 'watch' | 'create' | 'update' | 'patch' | 'delete' | 'deletecollection'
export type PatchType = 'json' | 'merge' | 'strategic' | 'apply'

/** Who a client says it is; the API server's authenticators turn it into a UserInfo. */
export type Credentials =
  | {
      readonly kind: 'certificate'
      readonly commonName: string
      readonly organizations: readonly string[]
      readonly uid?: string
    }
  | { readonly kind: 'serviceaccount'; readonly namespace: string; readonly name: string }
  | { readonly kind: 'token'; readonly token: string }
  | { readonly kind: 'anonymous' }

export interface RequestOptions {
  readonly dryRun?: boolean
  readonly fieldManager?: string
  readonly fieldValidation?: 'Strict' | 'Warn' | 'Ignore'
  /** Server-side apply: take over conflicting fields. */
  readonly force?: boolean
  readonly labelSelector?: string
  readonly fieldSelector?: string
  /** custom.metrics.k8s.io: over the metric's own labels. */
  readonly metricLabelSelector?: string
  readonly limit?: number
  readonly continue?: string
  readonly resourceVersion?: string
  readonly resourceVersionMatch?: 'Exact' | 'NotOlderThan'
  readonly allowWatchBookmarks?: boolean
  readonly sendInitialEvents?: boolean
  readonly timeoutSeconds?: number
  /** Parameters of a subresource that leads to a kubelet (PodLogOptions, PodExecOptions). */
  readonly parameters?: Readonly<Record<string, string>>
}

/** One request as it leaves a client. The body is plain JSON; the API server freezes what it stores. */
export interface ApiRequest {
  readonly verb: Verb
  readonly resource: Resource
  readonly subresource?: string
  readonly namespace?: string
  /** Absent in create, list, watch and deletecollection of the main resource. */
  readonly name?: string
  /** An object, a patch, or the DeleteOptions of a delete. */
  readonly body?: unknown
  readonly patchType?: PatchType
  readonly options?: RequestOptions
  readonly credentials: Credentials
  readonly impersonate?: Impersonation
  /** First part of the user agent: the default field manager. */
  readonly userAgent: string
}
