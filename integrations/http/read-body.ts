import type { IncomingMessage } from 'node:http'

/** MaxRequestBodyBytes of kube-apiserver. */
export const maxBodyBytes: number = 3 * 1024 * 1024

export type ReadBody = { readonly bytes: Buffer } | { readonly tooLarge: true } | { readonly broken: true }

/** A request's body, at most `maxBodyBytes` of it. What comes beyond is thrown away unread. */
export const readBody = (request: IncomingMessage, done: (body: ReadBody) => void): void => {
  const chunks: Buffer[] = []
  let size = 0
  let over = false
  const finish = (body: ReadBody): void => {
    if (over) return
    over = true
    done(body)
  }
  if (Number(request.headers['content-length'] ?? 0) > maxBodyBytes) {
    request.resume()
    finish({ tooLarge: true })
    return
  }
  request.on('data', (chunk: Buffer) => {
    if (over) return
    size += chunk.length
    if (size > maxBodyBytes) {
      chunks.length = 0
      finish({ tooLarge: true })
    } else chunks.push(chunk)
  })
  request.on('end', () => finish({ bytes: chunks.length === 1 ? chunks[0]! : Buffer.concat(chunks, size) }))
  request.on('error', () => finish({ broken: true }))
  request.on('close', () => finish({ broken: true }))
}
