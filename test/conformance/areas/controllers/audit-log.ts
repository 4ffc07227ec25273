import type { ApiRequest } from '../../../../api/protocol/request.ts'
import type { ApiResponse } from '../../../../api/protocol/response.ts'
import { millisecond, type Micros } from '../../../../runtime/kernel/micros.ts'

/** A request as the API server's audit log has it. */
export interface AuditEntry {
  /** Window in which it arrived. */
  readonly window: number
  readonly ms: number
  readonly by: string
  readonly request: ApiRequest
  readonly response: ApiResponse
  readonly step?: number
  /** Binding and eviction: the pod as it was read right after, undefined if there was none. */
  readonly pod?: unknown
}

export interface AuditLog {
  readonly entries: readonly AuditEntry[]
  add(entry: AuditEntry): void
}

const reads = new Set(['get', 'list', 'watch'])
/** A write that was too late: left out of the recording (but not AlreadyExists). */
export const isConflict = (body: unknown): boolean => {
  const { code, reason } = body as { readonly code?: number; readonly reason?: string }
  return code === 409 && reason === 'Conflict'
}

/** Keeps what the recording keeps (README, Normalisation). */
export const createAuditLog = (): AuditLog => {
  const entries: AuditEntry[] = []
  return {
    entries,
    add(entry) {
      const { verb, resource, subresource } = entry.request
      const { plural } = resource
      if (entry.ms < 0 || reads.has(verb)) return
      if (plural === 'leases' || plural === 'events' || subresource === 'token' || plural.endsWith('reviews')) return
      // The API server takes a Service's Endpoints along; the controller's own delete is not recorded (README, Limits).
      if (entry.by === 'endpoint-controller' && verb === 'delete') return
      if (isConflict(entry.response.body)) return
      entries.push(entry)
    },
  }
}

export const toMs = (micros: Micros): number => Math.floor(micros / millisecond)
