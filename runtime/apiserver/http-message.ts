import type { ProtobufBody } from '../../api/protobuf/decode-protobuf.ts'
import type { Credentials } from '../../api/protocol/request.ts'

/** A request as HTTP carries it, read and decoded as far as HTTP goes. */
export interface HttpRequest {
  readonly method: string
  readonly path: string
  readonly query: Readonly<Record<string, string | readonly string[]>>
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
  /** What a body of application/vnd.kubernetes.protobuf says, read by whoever opens the door. */
  readonly protobuf?: ProtobufBody
  readonly credentials: Credentials
}

export interface HttpResponse {
  readonly code: number
  /** A JSON body, with its fields in wire order. */
  readonly body?: unknown
  /** A body that is not JSON. */
  readonly text?: string
  /** `application/json` for a body and `text/plain; charset=utf-8` for a text, where not told otherwise. */
  readonly contentType?: string
  /** Further headers, by their canonical names. */
  readonly headers?: Readonly<Record<string, string>>
  readonly warnings: readonly string[]
  readonly retryAfter?: number
}
