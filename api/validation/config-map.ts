import { jsonTypeName } from '../decode/decode-scalar.ts'
import { readJsonText } from '../decode/json-text.ts'
import { isConfigMapKey } from '../names/other-names.ts'
import { structuralEqual } from '../json/structural-equal.ts'
import { utf8Length } from '../names/utf8-length.ts'
import { forbidden, invalid, invalids, required, tooLong, type Cause } from './cause.ts'
import { immutable } from './object-meta.ts'
import type { Strategy } from './strategy.ts'
import { map, struct, text, type View } from './view.ts'

const maxSize = 1024 * 1024

/** Bytes of a base64 text. */
const decodedLength = (base64: string): number =>
  (base64.length / 4) * 3 - (base64.endsWith('==') ? 2 : base64.endsWith('=') ? 1 : 0)

const configMapCauses = (object: View): Cause[] => {
  const data = map(object, 'data')
  const binary = map(object, 'binaryData')
  const causes: Cause[] = []
  let size = 0
  for (const key in data) {
    const at = `data[${key}]`
    causes.push(...invalids(at, key, isConfigMapKey(key)))
    if (binary[key] !== undefined) causes.push(invalid(at, key, 'duplicate of key present in binaryData'))
    size += utf8Length(data[key] ?? '')
  }
  for (const key in binary) {
    causes.push(...invalids(`binaryData[${key}]`, key, isConfigMapKey(key)))
    size += decodedLength(binary[key] ?? '')
  }
  if (size > maxSize) causes.push(tooLong('[]', maxSize))
  return causes
}

const frozen = 'field is immutable when `immutable` is set'

const frozenCauses = (object: View, old: View, keys: readonly string[]): Cause[] => {
  if (old['immutable'] !== true) return []
  return [
    ...(object['immutable'] === true ? [] : [forbidden('immutable', frozen)]),
    ...keys.filter((key) => !structuralEqual(object[key], old[key])).map((key) => forbidden(key, frozen)),
  ]
}

/** pkg/registry/core/configmap/strategy.go, ValidateConfigMap* */
export const configMapStrategy: Strategy = {
  validate: configMapCauses,
  revalidates: 'after',
  validateUpdate: (object, old) => frozenCauses(object, old, ['data', 'binaryData']),
}

/** What Go says against a text that should be a JSON object. */
const jsonObjectError = (base64: string): string | undefined => {
  const parsed = readJsonText(fromBase64(base64))
  if (!parsed.ok) return parsed.message
  const { value } = parsed
  if (typeof value === 'object' && !Array.isArray(value)) return undefined
  return `json: cannot unmarshal ${jsonTypeName(value)} into Go value of type map[string]interface {}`
}

const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/'

/** Bytes as Latin-1 text: enough to look at JSON. */
const fromBase64 = (base64: string): string => {
  let out = ''
  let bits = 0
  let count = 0
  for (const letter of base64) {
    const value = alphabet.indexOf(letter)
    if (value < 0) break
    bits = (bits << 6) | value
    count += 6
    if (count >= 8) {
      count -= 8
      out += String.fromCharCode((bits >> count) & 255)
      bits &= (1 << count) - 1
    }
  }
  return out
}

const dockerCauses = (data: Readonly<Record<string, string>>, key: string): Cause[] => {
  const value = data[key]
  if (value === undefined) return [required(`data[${key}]`)]
  const wrong = jsonObjectError(value)
  return wrong === undefined ? [] : [invalid(`data[${key}]`, '<secret contents redacted>', wrong)]
}

const typeCauses = (object: View): Cause[] => {
  const data = map(object, 'data')
  const needed = (...keys: readonly string[]): Cause[] =>
    keys.filter((key) => data[key] === undefined).map((key) => required(`data[${key}]`))
  switch (text(object, 'type')) {
    case 'kubernetes.io/service-account-token': {
      const key = 'kubernetes.io/service-account.name'
      const name = map(struct(object, 'metadata'), 'annotations')[key] ?? ''
      return name === '' ? [required(`metadata.annotations[${key}]`)] : []
    }
    case 'kubernetes.io/dockercfg':
      return dockerCauses(data, '.dockercfg')
    case 'kubernetes.io/dockerconfigjson':
      return dockerCauses(data, '.dockerconfigjson')
    case 'kubernetes.io/basic-auth':
      return data['username'] === undefined && data['password'] === undefined ? needed('username', 'password') : []
    case 'kubernetes.io/ssh-auth':
      return (data['ssh-privatekey'] ?? '') === '' ? [required('data[ssh-privatekey]')] : []
    case 'kubernetes.io/tls':
      return needed('tls.crt', 'tls.key')
    default:
      return []
  }
}

const secretCauses = (object: View): Cause[] => {
  const data = map(object, 'data')
  const causes: Cause[] = []
  let size = 0
  for (const key in data) {
    causes.push(...invalids(`data[${key}]`, key, isConfigMapKey(key)))
    size += decodedLength(data[key] ?? '')
  }
  if (size > maxSize) causes.push(tooLong('data', maxSize))
  return [...causes, ...typeCauses(object)]
}

/** pkg/registry/core/secret/strategy.go, ValidateSecret* */
export const secretStrategy: Strategy = {
  validate: secretCauses,
  revalidates: 'after',
  validateUpdate: (object, old) => [
    ...immutable('type', object['type'], old['type']),
    ...frozenCauses(object, old, ['data']),
  ],
}
