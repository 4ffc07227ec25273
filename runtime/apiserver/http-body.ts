import { decodeText } from '../../api/decode/decode-text.ts'
import { decode, type DecodeOptions, type DecodeResult } from '../../api/decode/decode.ts'
import { readJsonText } from '../../api/decode/json-text.ts'
import type { ProtobufBody } from '../../api/protobuf/decode-protobuf.ts'
import { utf8Length } from '../../api/names/utf8-length.ts'
import type { Resource } from '../../api/protocol/resource.ts'
import { badRequest, failure, isRefusal, type Refusal } from './status.ts'

/** YAML of an applied configuration as a value. Given by whoever opens the door: text is not parsed in this room. */
export type ParseYaml = (text: string) => { readonly value: unknown } | { readonly error: string }

interface TextBody {
  readonly text: string
  readonly contentType: string
}

/** Bodies that are still text: they are decoded where their kind is known. */
const texts = new WeakMap<object, TextBody>()

/** A request body into an object: of an in-process client a value, of an HTTP client text. */
export const decodeBody = (resource: Resource, body: unknown, options: DecodeOptions): DecodeResult => {
  const text = typeof body === 'object' && body !== null ? texts.get(body) : undefined
  return text === undefined
    ? decode(resource, body, options)
    : decodeText(resource, text.text, text.contentType, options)
}

export interface ParsedBody {
  readonly value: unknown
}

/** MaxRequestBodyBytes of the generic API server. */
const maxRequestBytes = 3 * 1024 * 1024

/** A letter has at most three bytes here for each of its units. */
const tooLarge = (text: string): boolean => text.length * 3 > maxRequestBytes && utf8Length(text) > maxRequestBytes

const jsonValue = (text: string): ParsedBody | Refusal => {
  const parsed = readJsonText(text)
  return parsed.ok
    ? { value: parsed.value }
    : badRequest(`couldn't get version/kind; json parse error: ${parsed.message}`)
}

/** A patch is decoded by its own handler, which says so. */
const patchValue = (text: string, contentType: string): ParsedBody | Refusal => {
  const prefix = contentType.startsWith('application/strategic') ? '' : 'error decoding patch: '
  const parsed = readJsonText(text)
  return parsed.ok ? { value: parsed.value } : badRequest(prefix + parsed.message)
}

const unknownFormat = (): Refusal =>
  failure(
    415,
    'the body of the request was in an unknown format - accepted media types include: application/json, application/yaml, application/vnd.kubernetes.protobuf',
    { reason: 'UnsupportedMediaType' },
  )

/** A body that came as protobuf: a value already, or no message at all (runtime/serializer/protobuf, Decode). */
export const protobufBody = (protobuf: ProtobufBody): ParsedBody | Refusal =>
  'error' in protobuf ? badRequest(protobuf.error) : protobuf

/** What an HTTP body becomes in the request that the server serves. */
export const parseBody = (
  verb: string,
  contentType: string,
  text: string,
  parseYaml: ParseYaml,
): ParsedBody | Refusal => {
  if (verb !== 'get' && tooLarge(text)) {
    return failure(413, `Request entity too large: limit is ${maxRequestBytes}`, { reason: 'RequestEntityTooLarge' })
  }
  switch (verb) {
    case 'create':
    case 'update': {
      if (contentType !== 'application/json' && contentType !== 'application/yaml') return unknownFormat()
      const body = Object.freeze({})
      texts.set(body, { text, contentType })
      return { value: body }
    }
    case 'patch': {
      if (contentType !== 'application/apply-patch+yaml')
        return text === '' ? { value: undefined } : patchValue(text, contentType)
      const json = jsonValue(text)
      if (!isRefusal(json)) return json
      const yaml = parseYaml(text)
      return 'error' in yaml ? badRequest(`error decoding YAML: error converting YAML to JSON: ${yaml.error}`) : yaml
    }
    case 'delete':
    case 'deletecollection':
      return text === '' ? { value: undefined } : jsonValue(text)
    default:
      return { value: undefined }
  }
}
