import type { IncomingMessage, ServerResponse } from 'node:http'
import { gzipSync } from 'node:zlib'
import { stringify } from 'yaml'
import type { HttpResponse } from '../../runtime/apiserver/http-message.ts'
import { jsonText } from './json-text.ts'
import { setHeaders } from './response-headers.ts'

/** defaultGzipThresholdBytes and defaultGzipContentEncodingLevel (endpoints/handlers/responsewriters). */
const gzipThreshold = 128 * 1024
const gzipLevel = 1

/** Whether a person reads it (isPrettyPrint). */
const isPretty = (request: IncomingMessage, url: string): boolean => {
  const asked = /[?&]pretty=([^&]*)/.exec(url)?.[1]
  if (asked !== undefined) return asked === 'true' || asked === '1'
  return /^(?:curl|Wget|Mozilla\/5\.0)/.test(request.headers['user-agent'] ?? '')
}

/** The first clause of the Accept header that names a form of ours. */
const wantsYaml = (accept: string | undefined): boolean => {
  for (const clause of (accept ?? '').split(',')) {
    const type = clause.split(';')[0]!.trim()
    if (type === 'application/yaml') return true
    if (type === 'application/json' || type === '*/*' || type === 'application/*') return false
  }
  return false
}

/** sigs.k8s.io/yaml writes keys in order. */
const yamlText = (value: unknown): string => stringify(value, { sortMapEntries: true, aliasDuplicateObjects: false })

const rawPaths = new Set(['/', '/version', '/version/'])

interface Encoded {
  readonly type: string
  readonly text: string
}

const encode = (request: IncomingMessage, answer: HttpResponse): Encoded => {
  // WriteRawJSON: documents of the server about itself are indented for everybody, and end with no line break.
  if (answer.body !== undefined && rawPaths.has((request.url ?? '').split('?')[0]!) && answer.code === 200)
    return { type: 'application/json', text: jsonText(answer.body, true).slice(0, -1) }
  if (answer.body === undefined) return { type: 'text/plain; charset=utf-8', text: answer.text ?? '' }
  if (wantsYaml(request.headers.accept) && answer.contentType === undefined)
    return { type: 'application/yaml', text: yamlText(answer.body) }
  return { type: 'application/json', text: jsonText(answer.body, isPretty(request, request.url ?? '')) }
}

/** Writes an answer of the API server to its client, compressed where upstream compresses. */
export const writeAnswer = (request: IncomingMessage, response: ServerResponse, answer: HttpResponse): void => {
  if (response.headersSent || response.destroyed) return
  const { type, text } = encode(request, answer)
  setHeaders(response, answer)
  response.statusCode = answer.code
  if (answer.code === 304) {
    response.end()
    return
  }
  response.setHeader('Content-Type', answer.contentType ?? type)
  let body = Buffer.from(text, 'utf8')
  if (body.length > gzipThreshold && /\bgzip\b/.test(String(request.headers['accept-encoding'] ?? ''))) {
    body = gzipSync(body, { level: gzipLevel })
    response.setHeader('Content-Encoding', 'gzip')
    response.setHeader('Vary', 'Accept-Encoding')
  }
  response.setHeader('Content-Length', body.length)
  response.end(body)
}
