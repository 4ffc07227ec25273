import goScalarsJson from '../schema/data/go-scalars.json' with { type: 'json' }
import goTypesJson from '../schema/data/go-types.json' with { type: 'json' }
import typesJson from '../schema/data/types.json' with { type: 'json' }

/** [json name, Go name, Go type, mode, protobuf tag] */
type GoField = readonly [string, string, string, string, string]
interface GoEntry {
  readonly go: string
  readonly fields: readonly GoField[]
}
interface SchemaNode {
  readonly ref?: string
  readonly items?: SchemaNode
  readonly values?: SchemaNode
}

const goTypes = goTypesJson as Readonly<Record<string, GoEntry>>
const goScalars = goScalarsJson as Readonly<Record<string, string>>
const types = typesJson as Readonly<Record<string, { readonly fields?: Readonly<Record<string, SchemaNode>> }>>

/** How a field's bytes become JSON. */
export type ProtoShape =
  | {
      readonly kind:
        | 'string'
        | 'int'
        | 'bool'
        | 'float'
        | 'bytes'
        | 'quantity'
        | 'time'
        | 'microTime'
        | 'duration'
        | 'intOrString'
        | 'rawJson'
        | 'stringList'
        | 'schemaOrBool'
        | 'schemaOrArray'
        | 'schemaOrStrings'
    }
  | { readonly kind: 'message'; readonly type: string }
  | { readonly kind: 'list'; readonly item: ProtoShape }
  | { readonly kind: 'map'; readonly value: ProtoShape }

export interface ProtoField {
  readonly name: string
  readonly shape: ProtoShape
  /** An embedded struct: its fields are the outer object's. */
  readonly inline: boolean
}

/** The fields of a message by number. */
export type MessagePlan = ReadonlyMap<number, ProtoField>

const metaPrefix = 'io.k8s.apimachinery.pkg.apis.meta.v1'
const corePrefix = 'io.k8s.api.core.v1'
const crdPrefix = 'io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1'

/** Types that marshal themselves, by their Go name. */
const special: Readonly<Record<string, ProtoShape>> = {
  string: { kind: 'string' },
  bool: { kind: 'bool' },
  int: { kind: 'int' },
  int32: { kind: 'int' },
  int64: { kind: 'int' },
  uint8: { kind: 'int' },
  float64: { kind: 'float' },
  '[]uint8': { kind: 'bytes' },
  '[]byte': { kind: 'bytes' },
  'resource.Quantity': { kind: 'quantity' },
  'intstr.IntOrString': { kind: 'intOrString' },
  'v1.Time': { kind: 'time' },
  'v1.MicroTime': { kind: 'microTime' },
  'v1.Duration': { kind: 'duration' },
  'v1.FieldsV1': { kind: 'rawJson' },
  'runtime.RawExtension': { kind: 'rawJson' },
  'v1.JSON': { kind: 'rawJson' },
  // A named slice is a message of its own: {1 items}.
  'v1.ExtraValue': { kind: 'stringList' },
  'v1.Verbs': { kind: 'stringList' },
  'v1.JSONSchemaPropsOrBool': { kind: 'schemaOrBool' },
  'v1.JSONSchemaPropsOrArray': { kind: 'schemaOrArray' },
  'v1.JSONSchemaPropsOrStringArray': { kind: 'schemaOrStrings' },
}

/** Named maps and slices that are written as what they are made of. */
const named: Readonly<Record<string, string>> = {
  'v1.ResourceList': 'map[v1.ResourceName]resource.Quantity',
  'v1.ValidationRules': '[]v1.ValidationRule',
  'v1.JSONSchemaDefinitions': 'map[string]v1.JSONSchemaProps',
  'v1.JSONSchemaDependencies': 'map[string]v1.JSONSchemaPropsOrStringArray',
}

export const schemaProps: ProtoShape = { kind: 'message', type: `${crdPrefix}.JSONSchemaProps` }

const packageOf = (type: string): string => type.slice(0, type.lastIndexOf('.'))

/** The struct of a Go name as seen from a struct of a package: the same package, else meta, else core. */
const structOf = (go: string, from: string): string | undefined => {
  const short = go.slice(go.lastIndexOf('.') + 1)
  for (const prefix of [packageOf(from), metaPrefix, corePrefix]) {
    const name = `${prefix}.${short}`
    if (goTypes[name] !== undefined) return name
  }
  return undefined
}

const refOf = (node: SchemaNode | undefined): string | undefined =>
  node?.ref ?? (node?.items === undefined ? undefined : refOf(node.items)) ?? refIn(node?.values)
const refIn = (node: SchemaNode | undefined): string | undefined => (node === undefined ? undefined : refOf(node))

const shapeOf = (goType: string, from: string, ref: string | undefined): ProtoShape => {
  const go = goType.startsWith('*') ? goType.slice(1) : goType
  const known = special[go]
  if (known !== undefined) return known
  const under = named[go]
  if (under !== undefined) return shapeOf(under, from, ref)
  if (go.startsWith('[]')) return { kind: 'list', item: shapeOf(go.slice(2), from, ref) }
  if (go.startsWith('map[')) return { kind: 'map', value: shapeOf(go.slice(go.indexOf(']') + 1), from, ref) }
  const type = ref !== undefined && goTypes[ref] !== undefined ? ref : structOf(go, from)
  if (type !== undefined && type.endsWith(`.${go.slice(go.lastIndexOf('.') + 1)}`)) return { kind: 'message', type }
  const scalar = goScalars[go]
  return scalar === undefined ? { kind: 'string' } : shapeOf(scalar, from, ref)
}

const compile = (type: string): MessagePlan => {
  const plan = new Map<number, ProtoField>()
  for (const [name, , go, mode, tag] of goTypes[type]?.fields ?? []) {
    const number = Number(tag.split(',')[1])
    if (!(number > 0)) continue
    const inline = mode === 'i' && name === ''
    const ref = inline ? undefined : refIn(types[type]?.fields?.[name])
    plan.set(number, { name, shape: shapeOf(go, type, ref), inline })
  }
  return plan
}

const plans = new Map<string, MessagePlan>()

/** How a message of an OpenAPI type is read, from the recorded field numbers; compiled on first use. */
export const messagePlan = (type: string): MessagePlan => {
  let plan = plans.get(type)
  if (plan === undefined) plans.set(type, (plan = compile(type)))
  return plan
}
