import type { WebhookClientConfig } from '../../../api/types/admissionregistration-v1.generated.ts'

/** What is asked of a webhook (admission.k8s.io/v1 AdmissionRequest). */
export interface AdmissionRequest {
  readonly uid: string
  readonly kind: { readonly group: string; readonly version: string; readonly kind: string }
  readonly resource: { readonly group: string; readonly version: string; readonly resource: string }
  readonly subResource?: string
  readonly name?: string
  readonly namespace?: string
  readonly operation: string
  readonly object: unknown
  readonly oldObject: unknown
  readonly dryRun: boolean
}

/** admission.k8s.io/v1 AdmissionResponse, the patch as data. */
export interface AdmissionResponse {
  readonly allowed: boolean
  readonly status?: { readonly message?: string; readonly reason?: string; readonly code?: number }
  readonly warnings?: readonly string[]
  readonly auditAnnotations?: Readonly<Record<string, string>>
  /** JSON patch operations. Only of mutating webhooks. */
  readonly patch?: readonly unknown[]
}

export interface WebhookTarget {
  /** The configuration that names it, and its own name in there. */
  readonly configuration: string
  readonly webhook: string
  readonly mutating: boolean
  readonly clientConfig: WebhookClientConfig
  /** `https://svc.ns.svc:443/path` */
  readonly url: string
}

export type WebhookReply =
  | { readonly kind: 'response'; readonly response: AdmissionResponse }
  /** What came over the wire, as it stands: a server may answer anything. */
  | { readonly kind: 'http'; readonly status: number; readonly text: string }
  /** No connection: `dial tcp 10.0.0.1:443: connect: connection refused`. */
  | { readonly kind: 'unreachable'; readonly why: string }

/**
 * The webhook servers, as an API server reaches them. `reply` is called once, now or at a later instant of the simulation, or
 * never: the API server keeps the time.
 */
export interface WebhookHost {
  call(target: WebhookTarget, request: AdmissionRequest, reply: (answer: WebhookReply) => void): void
}
