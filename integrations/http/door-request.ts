import { decodeProtobuf } from '../../api/protobuf/decode-protobuf.ts'
import type { Credentials } from '../../api/protocol/request.ts'
import type { HttpRequest } from '../../runtime/apiserver/http-message.ts'
import { parseRequestInfo } from '../../runtime/apiserver/request-info.ts'
import type { Target } from './parse-target.ts'

const protobufType = 'application/vnd.kubernetes.protobuf'

type Headers = Readonly<Record<string, string | readonly string[] | undefined>>

/** Node joins headers that came more than once; one that is still a list is not one that we read. */
const plainHeaders = (headers: Headers): Record<string, string> => {
  const plain = Object.create(null) as Record<string, string>
  for (const [name, value] of Object.entries(headers)) {
    if (value !== undefined) plain[name] = typeof value === 'string' ? value : value.join(', ')
  }
  return plain
}

const firstOf = (query: Target['query'], name: string): string | undefined => {
  const value = query[name]
  return value === undefined || typeof value === 'string' ? value : value[0]
}

export interface DoorRequest {
  readonly http: HttpRequest
  /** It asks for a stream of events. */
  readonly watch: boolean
}

/** What came over a socket, as the door of an API server takes it. Never throws, whatever the bytes. */
export const doorRequest = (
  method: string,
  target: Target,
  carried: { readonly headers: Headers; readonly bytes: Buffer; readonly credentials: Credentials },
): DoorRequest => {
  const { bytes, credentials } = carried
  const headers = plainHeaders(carried.headers)
  const isProtobuf = (headers['content-type'] ?? '').split(';')[0]!.trim() === protobufType
  const http: HttpRequest = {
    method,
    path: target.path,
    query: target.query,
    headers,
    body: isProtobuf ? '' : bytes.toString('utf8'),
    ...(isProtobuf && bytes.length > 0 ? { protobuf: decodeProtobuf(bytes) } : {}),
    credentials,
  }
  const info = parseRequestInfo(method, target.path, (name) => firstOf(target.query, name))
  return { http, watch: info.verb === 'watch' }
}

/** A watch that names no time lives for as long as upstream lets one live at least (--min-request-timeout). */
const watchSeconds = 1800

/**
 * How long a watch lives is the wall clock's affair, like the client at its other end: a clock that runs fast would end it early.
 * A time that is no number is left for the server to refuse.
 */
export const takeTimeout = (http: HttpRequest): { readonly http: HttpRequest; readonly seconds: number } => {
  const given = firstOf(http.query, 'timeoutSeconds')
  if (given === undefined || !/^\d{1,6}$/.test(given)) return { http, seconds: watchSeconds }
  const { timeoutSeconds: _, ...query } = http.query
  return { http: { ...http, query }, seconds: Number(given) === 0 ? watchSeconds : Number(given) }
}
