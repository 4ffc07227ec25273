import { parse } from 'yaml'
import type { ApiRequest } from '../../api/protocol/request.ts'
import { badRequest, failure, type Refusal } from './status.ts'

/** A body that has been parsed, with what the parser noticed on the way. */
export interface ParsedBody {
  readonly value: unknown
  /** Duplicate keys by the object that had them. */
  readonly duplicates?: WeakMap<object, readonly string[]>
  readonly textComplaints?: readonly string[]
}

const noticed = new WeakMap<ApiRequest, ParsedBody>()

export const rememberBody = (request: ApiRequest, body: ParsedBody): void => {
  if (body.duplicates !== undefined || body.textComplaints !== undefined) noticed.set(request, body)
}

export const bodyNotes = (request: ApiRequest): ParsedBody | undefined => noticed.get(request)

const readsYaml = (contentType: string): boolean => contentType === 'application/yaml' || contentType === 'application/apply-patch+yaml'

const writing = ['create', 'update', 'patch', 'delete', 'deletecollection']

export const parseBody = (verb: string, contentType: string, text: string): ParsedBody | Refusal => {
  if (text === '' || !writing.includes(verb)) return { value: undefined }
  if (readsYaml(contentType)) {
    try {
      return { value: parse(text, { version: '1.1', uniqueKeys: false, merge: true }) as unknown }
    } catch (error) {
      return badRequest(`error parsing YAML: ${error instanceof Error ? error.message : ''}`)
    }
  }
  if (contentType !== 'application/json' && !contentType.endsWith('+json')) {
    return failure(
      415,
      'the body of the request was in an unknown format - accepted media types include: application/json, application/yaml, application/vnd.kubernetes.protobuf',
      { reason: 'UnsupportedMediaType', details: {} },
    )
  }
  try {
    return { value: JSON.parse(text) as unknown }
  } catch (error) {
    return badRequest(`couldn't get version/kind; json parse error: ${error instanceof Error ? error.message : ''}`)
  }
}
