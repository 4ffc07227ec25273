/** How one JSON value is decoded. `go` is the Go type as encoding/json names it in errors, pointers stripped. */
export type Shape = ScalarShape | StructShape | ListShape | MapShape

export interface ScalarShape {
  readonly kind:
    | 'string'
    | 'int32'
    | 'int64'
    | 'bool'
    | 'float'
    | 'bytes'
    | 'quantity'
    | 'time'
    | 'microTime'
    | 'intOrString'
    | 'any'
  readonly go: string
  /** Of 'any': the type that its objects have (JSONSchemaPropsOrBool and its like, which decode themselves). */
  readonly objects?: string
}

export interface StructShape {
  readonly kind: 'struct'
  readonly go: string
  readonly type: string
}

export interface ListShape {
  readonly kind: 'list'
  readonly go: string
  readonly item: Shape
}

export interface MapShape {
  readonly kind: 'map'
  readonly go: string
  readonly value: Shape
}

export interface FieldPlan {
  readonly name: string
  readonly index: number
  readonly shape: Shape
  /** A Go pointer: zero values are kept, absence is nil. */
  readonly pointer: boolean
  /** No omitempty: written even when empty. */
  readonly always: boolean
  /** omitzero: left out when zero, even a struct. */
  readonly omitZero: boolean
}

export interface TypePlan {
  readonly type: string
  /** Name of the Go struct, without its package. */
  readonly goName: string
  readonly fields: readonly FieldPlan[]
  readonly byName: ReadonlyMap<string, FieldPlan>
}
