import { parseGoDuration } from '../../../api/durations/go-duration.ts'

/** The type of a field, as far as decoding cares; `go` is its name in Go's messages. */
export type Shape =
  | {
      readonly kind: 'scalar'
      readonly json: 'string' | 'number' | 'bool'
      readonly go: string
      /** What the type says of a value when it reads it. */
      readonly reads?: (value: string) => string | undefined
      /** The struct without a name of its own that the field stands in. */
      readonly embedded?: string
    }
  | { readonly kind: 'list'; readonly of: Shape; readonly go: string }
  | { readonly kind: 'struct'; readonly go: string; readonly fields: () => Readonly<Record<string, Shape>> }
  | { readonly kind: 'map'; readonly go: string; readonly of: Shape }
  /** Decoded later, or not at all. */
  | { readonly kind: 'raw' }

export const text: Shape = { kind: 'scalar', json: 'string', go: 'string' }
export const int32: Shape = { kind: 'scalar', json: 'number', go: 'int32' }
export const int64: Shape = { kind: 'scalar', json: 'number', go: 'int64' }
export const float32: Shape = { kind: 'scalar', json: 'number', go: 'float32' }
export const truth: Shape = { kind: 'scalar', json: 'bool', go: 'bool' }
/** metav1.Duration reads its text itself. */
export const duration: Shape = {
  kind: 'scalar',
  json: 'string',
  go: 'string',
  reads(value) {
    const parsed = parseGoDuration(value)
    return 'error' in parsed ? parsed.error : undefined
  },
}
/** A field of the embedded DebuggingConfiguration. */
export const debugging: Shape = { kind: 'scalar', json: 'bool', go: 'bool', embedded: 'DebuggingConfiguration' }
export const raw: Shape = { kind: 'raw' }
export const list = (of: Shape, go: string): Shape => ({ kind: 'list', of, go: `[]${go}` })
export const map = (of: Shape, go: string): Shape => ({ kind: 'map', of, go })
export const struct = (go: string, fields: Readonly<Record<string, Shape>>): Shape => ({
  kind: 'struct',
  go,
  fields: () => fields,
})
