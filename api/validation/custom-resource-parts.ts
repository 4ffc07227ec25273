import { isDns1035Label } from '../names/dns-names.ts'
import { structuralOf } from '../structural-schema/structural-of.ts'
import type { Structural } from '../structural-schema/structural.ts'
import type { JSONSchemaProps } from '../types/apiextensions-v1.generated.ts'
import { duplicate, invalid, required, tooMany, type Cause } from './cause.ts'
import { child, list, optionalText, strings, text, type View } from './view.ts'

const label = (path: string, value: string): Cause[] => {
  if (value === '') return []
  const wrong = isDns1035Label(value)
  return wrong.length === 0 ? [] : [invalid(path, value, wrong.join(','))]
}

const mixedCase = (path: string, value: string): Cause[] => {
  if (value === '') return []
  const wrong = isDns1035Label(value.toLowerCase())
  const why = `may have mixed case, but should otherwise match: ${wrong.join(',')}`
  return wrong.length === 0 ? [] : [invalid(path, value, why)]
}

/** ValidateCustomResourceDefinitionNames */
export const namesCauses = (names: View, path: string): Cause[] => {
  const kind = text(names, 'kind')
  const listKind = text(names, 'listKind')
  const causes = [
    ...label(`${path}.plural`, text(names, 'plural')),
    ...label(`${path}.singular`, text(names, 'singular')),
    ...mixedCase(`${path}.kind`, kind),
    ...mixedCase(`${path}.listKind`, listKind),
    ...strings(names, 'shortNames').flatMap((one, i) => label(`${path}.shortNames[${i}]`, one)),
  ]
  if (kind !== '' && kind === listKind) {
    causes.push(invalid(`${path}.listKind`, listKind, 'kind and listKind may not be the same'))
  }
  return [...causes, ...strings(names, 'categories').flatMap((one, i) => label(`${path}.categories[${i}]`, one))]
}

/** validateSimpleJSONPath */
const simplePath = (value: string, path: string): Cause[] =>
  value.startsWith('.') ? [] : [invalid(path, value, 'must be a simple json path starting with .')]

const columnTypes = ['boolean', 'date', 'integer', 'number', 'string']
const columnFormats = ['binary', 'byte', 'date', 'date-time', 'double', 'float', 'int32', 'int64', 'password']

/** ValidateCustomResourceColumnDefinition */
export const columnCauses = (column: View, path: string): Cause[] => {
  const causes: Cause[] = []
  const type = text(column, 'type')
  const format = text(column, 'format')
  const jsonPath = text(column, 'jsonPath')
  if (text(column, 'name') === '') causes.push(required(`${path}.name`))
  const types = `must be one of ${columnTypes.join(',')}`
  if (type === '') causes.push(required(`${path}.type`, types))
  else if (!columnTypes.includes(type)) causes.push(invalid(`${path}.type`, type, types))
  if (format !== '' && !columnFormats.includes(format)) {
    causes.push(invalid(`${path}.format`, format, `must be one of ${columnFormats.join(',')}`))
  }
  if (jsonPath === '') causes.push(required(`${path}.JSONPath`))
  else causes.push(...simplePath(jsonPath, `${path}.JSONPath`))
  return causes
}

const below = (value: string, roots: readonly string[], path: string): Cause[] => {
  const simple = simplePath(value, path)
  if (simple.length > 0 || roots.some((root) => value.startsWith(`${root}.`))) return simple
  return [
    invalid(path, value, `should be a json path under ${roots.length === 1 ? '' : 'either '}${roots.join(' or ')}`),
  ]
}

/** ValidateCustomResourceDefinitionSubresources */
export const subresourceCauses = (subresources: View | undefined, path: string): Cause[] => {
  const scale = child(subresources, 'scale')
  if (scale === undefined) return []
  const replicas = (key: string, root: string): Cause[] => {
    const value = text(scale, key)
    const at = `${path}.scale.${key}`
    return value === '' ? [required(at)] : below(value, [root], at)
  }
  const selector = optionalText(scale, 'labelSelectorPath') ?? ''
  return [
    ...replicas('specReplicasPath', '.spec'),
    ...replicas('statusReplicasPath', '.status'),
    ...(selector === '' ? [] : below(selector, ['.spec', '.status'], `${path}.scale.labelSelectorPath`)),
  ]
}

const maxSelectable = 8

/** Follows a path of names and quoted keys through a schema; a text is what is wrong with it (cel.ValidFieldPath). */
const schemaAt = (jsonPath: string, schema: Structural): Structural | string => {
  let at: Structural = schema
  const steps = jsonPath.replace(/^\./, '').match(/\['(?:[^'\\]|\\.)*'\]|[^.[\]]+/g) ?? []
  if (!jsonPath.startsWith('.') || steps.length === 0) return 'expected [ or . but got: ' + jsonPath.slice(0, 1)
  for (const step of steps) {
    const key = step.startsWith("['") ? step.slice(2, -2).replaceAll(/\\(.)/g, '$1') : step
    const next =
      at.properties.get(key) ?? (typeof at.additionalProperties === 'object' ? at.additionalProperties : undefined)
    if (next === undefined) return 'does not refer to a valid field'
    at = next
  }
  return at
}

const selectableTypes = ['string', 'boolean', 'integer']

/** ValidateCustomResourceSelectableFields */
export const selectableCauses = (owner: View, validation: View | undefined, path: string): Cause[] => {
  const fields = list(owner, 'selectableFields')
  if (fields.length === 0) return []
  const props = validation?.['openAPIV3Schema'] as JSONSchemaProps | undefined
  if (props === undefined) {
    return [invalid(path, '', 'may only be set when validations.schema is included')]
  }
  const causes: Cause[] = []
  const seen = new Set<string>()
  fields.forEach((one, i) => {
    const jsonPath = text(one, 'jsonPath')
    const at = `${path}[${i}].jsonPath`
    if (jsonPath === '') {
      causes.push(required(at))
      return
    }
    const found = schemaAt(jsonPath, structuralOf(props))
    if (typeof found === 'string') {
      causes.push(invalid(at, jsonPath, `is an invalid path: ${found}`))
      return
    }
    if (jsonPath.startsWith('.metadata')) {
      causes.push(invalid(at, jsonPath, 'must not point to fields in metadata'))
    }
    if (!selectableTypes.includes(found.type)) {
      const why =
        'must point to a field of type string, boolean or integer. Enum string fields and strings with formats are allowed.'
      causes.push(invalid(at, jsonPath, why))
    }
    if (seen.has(jsonPath)) causes.push(duplicate(at, jsonPath))
    seen.add(jsonPath)
  })
  if (seen.size > maxSelectable) causes.push(tooMany(path, seen.size, maxSelectable))
  return causes
}
