import { randomUUID } from 'node:crypto'
import type { ServerResponse } from 'node:http'
import type { HttpResponse } from '../../runtime/apiserver/http-message.ts'

/** Header values are bytes; text beyond Latin-1 goes as UTF-8. Line breaks have no way into one. */
const headerText = (text: string): string => Buffer.from(text, 'utf8').toString('latin1')

const unprintable = /[\u0000-\u001f\u007f]/

/** net.NewWarningHeader: code, agent, quoted text. One that cannot be written is left out, as upstream leaves it out. */
const warningHeader = (text: string): string | undefined =>
  text === '' || unprintable.test(text)
    ? undefined
    : headerText(`299 - "${text.replace(/\\/g, '\\\\').replace(/"/g, '\\"')}"`)

/** The headers that every answer of kube-apiserver has, and those of this one. */
export const setHeaders = (response: ServerResponse, answer: HttpResponse): void => {
  response.setHeader('Audit-Id', randomUUID())
  response.setHeader('Cache-Control', 'no-cache, private')
  const warnings = answer.warnings.map(warningHeader).filter((one) => one !== undefined)
  if (warnings.length > 0) response.setHeader('Warning', warnings)
  if (answer.retryAfter !== undefined) response.setHeader('Retry-After', String(answer.retryAfter))
  for (const [name, value] of Object.entries(answer.headers ?? {})) response.setHeader(name, headerText(value))
}
