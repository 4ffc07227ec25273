import goTypesJson from '../schema/data/go-types.json' with { type: 'json' }
import typesJson from '../schema/data/types.json' with { type: 'json' }
import type { FieldPlan, ScalarShape, Shape, TypePlan } from './shape.ts'

interface TypeEntry {
  readonly always?: readonly string[]
  readonly fields?: Readonly<Record<string, SchemaNode>>
}

interface SchemaNode {
  readonly type?: string
  readonly format?: string
  readonly ref?: string
  readonly items?: SchemaNode
  readonly values?: SchemaNode
}

/** [json name, Go name, Go type, mode, protobuf] */
type GoField = readonly [string, string, string, string, ...unknown[]]
interface GoEntry {
  readonly go: string
  readonly fields: readonly GoField[]
}

const types = typesJson as Readonly<Record<string, TypeEntry>>
const goTypes = goTypesJson as Readonly<Record<string, GoEntry>>

/** Types that marshal themselves. JSONSchemaProps* and the like take several JSON shapes: passed as they are. */
const opaque = (ref: string): ScalarShape['kind'] | undefined => {
  switch (ref.slice(ref.lastIndexOf('.') + 1)) {
    case 'Quantity':
      return 'quantity'
    case 'Time':
      return 'time'
    case 'MicroTime':
      return 'microTime'
    case 'IntOrString':
      return 'intOrString'
    default:
      return types[ref]?.fields === undefined ? 'any' : undefined
  }
}

const stripPointer = (go: string): string => (go.startsWith('*') ? go.slice(1) : go)
const itemOf = (go: string): string => (go.startsWith('[]') ? stripPointer(go.slice(2)) : 'string')
const valueOf = (go: string): string => (go.startsWith('map[') ? stripPointer(go.slice(go.indexOf(']') + 1)) : 'string')
/** Element types of the named slices and maps. */
const named: Readonly<Record<string, string>> = {
  'v1.ExtraValue': '[]string',
  'v1.Verbs': '[]string',
  'v1.ValidationRules': '[]v1.ValidationRule',
  'v1.ResourceList': 'map[v1.ResourceName]resource.Quantity',
  'v1.JSONSchemaDefinitions': 'map[string]v1.JSONSchemaProps',
  'v1.JSONSchemaDependencies': 'map[string]v1.JSONSchemaPropsOrStringArray',
}

const shapeOf = (node: SchemaNode, go: string): Shape => {
  if (go === 'runtime.RawExtension' || go === 'v1.JSON' || go === 'v1.FieldsV1') return { kind: 'any', go }
  if (go === '[]uint8') return { kind: 'bytes', go }
  if (node.ref !== undefined) {
    const scalar = opaque(node.ref)
    const either = /^(.*JSONSchemaProps)Or(?:Array|Bool|StringArray)$/.exec(node.ref)
    if (either !== null) return { kind: 'any', go, objects: either[1]! }
    return scalar === undefined ? { kind: 'struct', go, type: node.ref } : { kind: scalar, go }
  }
  const under = named[go] ?? go
  if (node.items !== undefined) return { kind: 'list', go, item: shapeOf(node.items, itemOf(under)) }
  if (node.values !== undefined) return { kind: 'map', go, value: shapeOf(node.values, valueOf(under)) }
  switch (node.type) {
    case 'string':
      return node.format === 'byte' ? { kind: 'bytes', go } : { kind: 'string', go }
    case 'integer':
      return { kind: node.format === 'int32' || go === 'int32' ? 'int32' : 'int64', go }
    case 'boolean':
      return { kind: 'bool', go }
    case 'number':
      return { kind: 'float', go }
    default:
      return { kind: 'any', go }
  }
}

/** Go fields of a struct by JSON name, embedded structs flattened as encoding/json does. */
const goFieldsOf = (type: string, into = new Map<string, GoField>()): Map<string, GoField> => {
  for (const field of goTypes[type]?.fields ?? []) {
    if (field[3] === 'i' || field[0] === '') {
      const short = field[2].slice(field[2].lastIndexOf('.') + 1)
      if (short !== 'TypeMeta') goFieldsOf(`${type.slice(0, type.lastIndexOf('.'))}.${short}`, into)
    } else {
      into.set(field[0], field)
    }
  }
  return into
}

const compile = (type: string): TypePlan => {
  const entry = types[type]
  const goFields = goFieldsOf(type)
  const always = new Set(entry?.always)
  const fields: FieldPlan[] = []
  for (const [name, node] of Object.entries(entry?.fields ?? {})) {
    const goField = goFields.get(name)
    const goType = goField?.[2] ?? (node.type === 'integer' ? 'int64' : node.type === 'boolean' ? 'bool' : 'string')
    const mode = goField?.[3] ?? 'e'
    fields.push({
      name,
      index: fields.length,
      shape: shapeOf(node, stripPointer(goType)),
      pointer: goType.startsWith('*'),
      always: goField === undefined ? always.has(name) : mode === '',
      omitZero: mode.includes('z'),
    })
  }
  const goName = goTypes[type]?.go ?? type
  return {
    type,
    goName: goName.slice(goName.lastIndexOf('.') + 1),
    fields,
    byName: new Map(fields.map((field) => [field.name, field])),
  }
}

const plans = new Map<string, TypePlan>()

/** How objects of a type of types.json are decoded; compiled on first use. */
export const typePlan = (type: string): TypePlan => {
  let plan = plans.get(type)
  if (plan === undefined) plans.set(type, (plan = compile(type)))
  return plan
}
