import { isDns1035Label } from '../names/dns-names.ts'
import { isPathSegmentName, isPathSegmentPrefix } from '../names/other-names.ts'
import { invalid, required, type Cause } from '../validation/cause.ts'
import { objectMetaCauses } from '../validation/object-meta.ts'
import type { Structural } from './structural.ts'

type Fields = Readonly<Record<string, unknown>>

const isObject = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

const apiVersionCauses = (value: unknown, path: string): readonly Cause[] => {
  if (typeof value !== 'string') return [invalid(path, value, 'must be a string')]
  if (value === '') return [invalid(path, value, 'must not be empty')]
  return value.split('/').length > 2 ? [invalid(path, value, `unexpected GroupVersion string: ${value}`)] : []
}

const kindCauses = (value: unknown, path: string): readonly Cause[] => {
  if (typeof value !== 'string') return [invalid(path, value, 'must be a string')]
  if (value === '') return [invalid(path, value, 'must not be empty')]
  const wrong = isDns1035Label(value.toLowerCase())
  return wrong.length === 0
    ? []
    : [invalid(path, value, `may have mixed case, but should otherwise match: ${wrong.join(',')}`)]
}

const ofResource = (value: Fields, path: string): readonly Cause[] => {
  const causes: Cause[] = []
  const at = (key: string): string => `${path}.${key}`
  if (!Object.hasOwn(value, 'apiVersion')) causes.push(required(at('apiVersion')))
  else causes.push(...apiVersionCauses(value['apiVersion'], at('apiVersion')))
  if (!Object.hasOwn(value, 'kind')) causes.push(required(at('kind')))
  else causes.push(...kindCauses(value['kind'], at('kind')))
  const metadata = value['metadata']
  if (!isObject(metadata)) return causes
  const name = typeof metadata['name'] === 'string' && metadata['name'] !== '' ? metadata['name'] : 'fakename'
  const rule = (text: string, prefix: boolean): readonly string[] =>
    prefix ? isPathSegmentPrefix(text) : isPathSegmentName(text)
  const namespaced = typeof metadata['namespace'] === 'string' && metadata['namespace'] !== ''
  const wrong = objectMetaCauses({ ...metadata, name }, namespaced, rule)
  causes.push(...wrong.map((cause) => ({ ...cause, field: `${path}.${cause.field}` })))
  return causes
}

/** objectmeta.Validate: what lies in a field with x-kubernetes-embedded-resource says what it is. */
export const embeddedResourceCauses = (schema: Structural, value: unknown, path = ''): readonly Cause[] => {
  if (Array.isArray(value)) {
    const { items } = schema
    return items === undefined
      ? []
      : value.flatMap((item, index) => embeddedResourceCauses(items, item, `${path}[${index}]`))
  }
  if (!isObject(value)) return []
  const { additionalProperties } = schema
  const below = Object.keys(value).flatMap((key) => {
    const own = schema.properties.get(key)
    if (own !== undefined) return embeddedResourceCauses(own, value[key], path === '' ? key : `${path}.${key}`)
    return typeof additionalProperties === 'object'
      ? embeddedResourceCauses(additionalProperties, value[key], `${path}[${key}]`)
      : []
  })
  return schema.embeddedResource ? [...ofResource(value, path), ...below] : below
}
