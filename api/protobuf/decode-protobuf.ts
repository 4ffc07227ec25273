import typesJson from '../schema/data/types.json' with { type: 'json' }
import { decodeMessage } from './decode-message.ts'
import { readFields } from './wire-reader.ts'

export type ProtobufBody = { readonly value: unknown } | { readonly error: string }

const magic = [0x6b, 0x38, 0x73, 0x00]

const typeByKind = new Map<string, string>(
  Object.entries(typesJson as Readonly<Record<string, { readonly kinds?: readonly string[] }>>).flatMap(
    ([type, { kinds }]) => (kinds ?? []).map((kind) => [kind, type] as const),
  ),
)

const metaTypes = new Set(['DeleteOptions', 'CreateOptions', 'UpdateOptions', 'PatchOptions', 'ListOptions', 'Status'])

/** DeleteOptions and the like are registered in every group version (metav1.AddToGroupVersion). */
const typeOf = (apiVersion: string, kind: string): string | undefined =>
  typeByKind.get(`${apiVersion}/${kind}`) ??
  (metaTypes.has(kind) ? `io.k8s.apimachinery.pkg.apis.meta.v1.${kind}` : undefined)

const text = new TextDecoder('utf-8')

/**
 * A body of application/vnd.kubernetes.protobuf as the JSON value that says the same: four magic bytes, then the message
 * Unknown {1 typeMeta {1 apiVersion, 2 kind}, 2 raw, 3 contentEncoding, 4 contentType} (apimachinery serializer/protobuf).
 */
export const decodeProtobuf = (bytes: Uint8Array): ProtobufBody => {
  if (bytes.length === 0) return { error: 'empty data' }
  if (!magic.every((byte, index) => bytes[index] === byte)) {
    return {
      error: `provided data does not appear to be a protobuf message, expected prefix [${magic.join(' ')}]`,
    }
  }
  const unknown = readFields(bytes.subarray(magic.length))
  if ('error' in unknown) return unknown
  let [apiVersion, kind] = ['', '']
  let raw: Uint8Array = new Uint8Array(0)
  for (const field of unknown) {
    if (field.number === 1) {
      const meta = readFields(field.bytes)
      if ('error' in meta) return meta
      for (const one of meta) {
        if (one.number === 1) apiVersion = text.decode(one.bytes)
        if (one.number === 2) kind = text.decode(one.bytes)
      }
    }
    if (field.number === 2) raw = field.bytes
  }
  if (kind === '') return { error: "Object 'Kind' is missing" }
  if (apiVersion === '') return { error: "Object 'apiVersion' is missing" }
  const type = typeOf(apiVersion, kind)
  if (type === undefined)
    return { error: `no kind ${JSON.stringify(kind)} is registered for version ${JSON.stringify(apiVersion)}` }
  const message = decodeMessage(type, raw)
  return 'error' in message ? message : { value: { ...(message.value as object), kind, apiVersion } }
}
