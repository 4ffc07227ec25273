import { decodeText } from '../../api/decode/decode-text.ts'
import { decode, type DecodeOptions, type DecodeResult } from '../../api/decode/decode.ts'
import { readJsonText } from '../../api/decode/json-text.ts'
import type { ProtobufBody } from '../../api/protobuf/decode-protobuf.ts'
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

const jsonValue = (text: string): ParsedBody | Refusal => {
  const parsed = readJsonText(text)
  return parsed.ok
    ? { value: parsed.value }
    : badRequest(`couldn't get version/kind; json parse error: ${parsed.message}`)
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
  switch (verb) {
    case 'create':
    case 'update': {
      if (contentType !== 'application/json' && contentType !== 'application/yaml') return unknownFormat()
      const body = Object.freeze({})
      texts.set(body, { text, contentType })
      return { value: body }
    }
    case 'patch': {
      if (contentType !== 'application/apply-patch+yaml') return text === '' ? { value: undefined } : jsonValue(text)
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
